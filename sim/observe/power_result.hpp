// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/observe/campaign_result.hpp"

namespace shardproof::sim {

/// How large a scenario is, before and after it was shrunk.
struct PlanSize {
  std::uint64_t entries = 0;  ///< events, traffic and settings off their defaults
  std::uint64_t events = 0;   ///< `[[at]]` and `[[when]]`
  std::uint64_t nodes = 0;
};

/// The first failure that a campaign found with one rule off.
struct RuleFinding {
  std::uint64_t seed = 0;
  FailureText failure;
  PlanSize original;
  std::optional<PlanSize> shrunk;  ///< none: not asked for
  std::uint64_t shrink_ns = 0;     ///< real time that shrinking took
  std::string file;                ///< with the shrunk scenario; empty: none was written
};

/// What it took to find out that one safety rule is off.
struct PowerRow {
  std::string rule;
  std::vector<int> expected;  ///< numbers of the invariants that the catalogue says fall first
  std::uint64_t seeds = 0;    ///< until the first finding, it included; else all that were run
  std::uint64_t events = 0;   ///< delivered in all runs made
  std::uint64_t cpu_ns = 0;   ///< of the processes that ran them
  std::optional<RuleFinding> found;  ///< none: not within the seeds
};

/// The detection power of the swarm: one row for each rule, in the order of the catalogue.
struct PowerResult {
  std::vector<PowerRow> rows;
  std::uint64_t seeds_max = 0;
  std::uint64_t wall_ns = 0;
  bool interrupted = false;

  std::size_t found() const;
  /// Rules whose absence an invariant should have shown, and none did.
  std::size_t unnoticed() const;
  /// Of the seeds to the first finding, over the rules that were found; the lower of two middle
  /// ones; zero if none was.
  std::uint64_t median_seeds() const;
};

}  // namespace shardproof::sim
