// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sim/campaign/failure.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim::campaign {

/// How large a scenario is, in what a reader has to keep in mind.
struct ScenarioSize {
  std::uint64_t events = 0;  ///< `[[at]]` and `[[when]]`
  std::uint64_t traffic = 0;
  /// Keys off their defaults in the tables of the run, the policy and the world.
  std::uint64_t settings = 0;
  std::uint64_t nodes = 0;      ///< at the start
  std::uint64_t shards = 0;     ///< of all collections
  std::uint64_t documents = 0;  ///< of all collections at the start
  Nanoseconds duration;

  /// What was planned: events, traffic and settings.
  std::uint64_t entries() const { return events + traffic + settings; }
};
ScenarioSize size_of(const ScenarioSpec& spec);

/// A scenario that was shrunk, and where from.
struct ShrunkScenario {
  const ScenarioSpec& original;
  const ScenarioSpec& spec;
  const Failure& failure;
  std::string original_file;
  std::string file;       ///< where the text will be; for the replay line
  std::string directory;  ///< as of `to_toml`
  std::uint64_t runs = 0;
};

/// The sparse text of the scenario under a comment that says what fails, when, how to replay it and
/// what it was reduced from. Reads back as the same scenario.
std::string shrunk_toml(const ShrunkScenario& shrunk);

}  // namespace shardproof::sim::campaign
