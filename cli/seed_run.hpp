// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/run_place.hpp"
#include "sim/observe/campaign_result.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::cli {

/// What a campaign keeps of one seed's run.
struct SeedRun {
  /// Delivered, from the first boot to the last of the rest; those of a second run included.
  std::uint64_t events = 0;
  Nanoseconds simulated;
  std::uint64_t cpu_ns = 0;  ///< of the process
  bool was_run_again = false;
  bool is_inconclusive = false;
  std::string undecided;                     ///< of an inconclusive run the first reason
  std::vector<std::string> undecided_kinds;  ///< and what kinds of reasons there are
  bool has_excused = false;  ///< of some shard the content was not judged to the end
  std::optional<sim::FailureText> failure;
  /// How often each rare place was hit, in the order of the catalogue; empty if the run ended from
  /// inside.
  std::vector<std::uint64_t> probes;
};

struct SeedJob {
  sim::ScenarioSpec spec;
  /// Run a second time also if it does not fail.
  bool again = false;
  /// What fails with this one says nothing: it is no failure of `spec` then.
  std::optional<sim::ScenarioSpec> control;
  /// Where to keep where the run under way stands; not owned, null if nobody wants to know.
  sim::RunPlace* place = nullptr;
};

/// Runs the scenario under its own seed; if it fails or `again`, a second time, which has to give
/// the same digest (invariant 37). Never throws: what ends a run from inside is a failure, too.
SeedRun run_seed(const SeedJob& job);

/// As bytes from one process to another of the same program, and back.
std::string encode(const SeedRun& run);
SeedRun decode_seed_run(std::string_view text);

}  // namespace shardproof::cli
