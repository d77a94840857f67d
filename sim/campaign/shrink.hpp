// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "sim/scenario/spec.hpp"

namespace shardproof::sim::campaign {

/// How a batch of candidates went.
struct Reproduction {
  /// The first of them, in their order, that fails the same way, or none.
  std::optional<std::size_t> index;
  /// When that one failed; absent if it is not known.
  std::optional<Nanoseconds> failed_at;
  /// There is no more time: shrinking ends with what it has.
  bool is_last = false;
};

/// Runs candidates, each with the seed that it carries. Those behind the first that fails the same
/// way need not be run; whether they are changes nothing.
using Reproduces = std::function<Reproduction(std::span<const ScenarioSpec>)>;

struct ShrinkOptions {
  /// Runs are counted as if the candidates of a batch ran one after the other.
  std::uint64_t runs_max = 4000;
  /// How many other seeds (1, 2, ...) a candidate is tried with when it does not fail with its own:
  /// a draw less shifts all later ones, which may hide the bug. Large cuts are tried with more.
  std::uint32_t other_seeds = 4;
  /// Candidates for which it is false say nothing of the failure and are not tried; absent: all
  /// are.
  std::function<bool(const ScenarioSpec&)> is_of_use;
  /// Told of every smaller scenario that fails, and of the runs so far.
  std::function<void(const ScenarioSpec&, std::uint64_t)> on_smaller;
};

struct Shrunk {
  ScenarioSpec spec;  ///< fails the same way with its own seed
  std::uint64_t runs = 0;
  /// No pass finds anything smaller; false if runs or time were used up before.
  bool is_minimal = false;
};

/// Reduces a scenario that fails to a small one that fails in the same way, greedily: passes cut it
/// off behind the failure, drop faults, traffic, collections, nodes and settings, lower numbers and
/// bring events closer, again and again until nothing changes; events alone first, and all that
/// with the seed as it is before others are tried too. Events are reduced by delta debugging
/// (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28(2),
/// 2002): no single one can be left out in the end. `rules_off`, the name and failed expectations'
/// texts stay.
///
/// Every candidate is a scenario that the reader accepts. The outcome depends only on the arguments
/// and on what `reproduces` answers. `failed_at` is when `spec` fails, if that is known.
Shrunk shrink(const ScenarioSpec& spec, std::optional<Nanoseconds> failed_at,
              const Reproduces& reproduces, const ShrinkOptions& options = {});

}  // namespace shardproof::sim::campaign
