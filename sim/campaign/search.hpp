// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/campaign/shrink.hpp"

namespace shardproof::sim::campaign {

/// A change that makes a scenario simpler; on one that it does not fit it does nothing. What it
/// leaves need not be valid.
using Edit = std::function<void(ScenarioSpec&)>;

/// The smallest scenario so far that fails, and the ways to a smaller one.
class Search {
 public:
  Search(const ScenarioSpec& start, std::optional<Nanoseconds> failed_at,
         const Reproduces& reproduces, const ShrinkOptions& options);

  const ScenarioSpec& current() const { return current_; }
  /// When the current one fails, if that is known.
  std::optional<Nanoseconds> failed_at() const { return failed_at_; }
  std::uint64_t runs() const { return runs_; }
  /// How often a smaller one was found.
  std::uint64_t steps() const { return steps_; }
  /// Runs or time are used up: nothing is tried any more.
  bool is_over() const { return is_over_; }

  /// Whether from now on every candidate is tried with the usual number of other seeds.
  void use_other_seeds(bool is_used) { seeds_ = is_used ? options_.other_seeds : 0; }
  /// How many other seeds a candidate without one part in `parts` is worth: the more it cuts off,
  /// the more. A half, four times the usual number.
  std::uint64_t seeds_for(std::uint64_t parts) const { return options_.other_seeds * 8u / parts; }

  /// Makes valid the candidates and the first that fails the current one; which that is, or none.
  /// Each carries the current one's seed, then other ones, `seeds` at least. What is the current
  /// one or has been tried before is not run again.
  std::optional<std::size_t> try_first(std::vector<ScenarioSpec> candidates,
                                       std::uint64_t seeds = 0);
  /// Tries the current scenario with each edit, one after the other, keeping each that fails.
  void try_each(const std::vector<Edit>& edits, std::uint64_t seeds = 0);
  void try_edit(Edit edit, std::uint64_t seeds = 0) { try_each({std::move(edit)}, seeds); }
  /// Sets a number to a small one of `values`, ascending and below what it is: to the first if that
  /// fails, else by bisection, as if larger numbers failed whenever smaller ones do.
  void lower(const std::vector<std::uint64_t>& values,
             const std::function<void(ScenarioSpec&, std::uint64_t)>& set);

 private:
  struct Batch;
  void plan(ScenarioSpec candidate, std::size_t index, Batch& batch) const;

  const Reproduces& reproduces_;
  const ShrinkOptions& options_;
  ScenarioSpec current_;
  std::optional<Nanoseconds> failed_at_;
  std::uint64_t runs_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t seeds_ = 0;
  bool is_over_ = false;
  std::set<std::string> rejected_;  ///< texts of candidates that did not fail
};

}  // namespace shardproof::sim::campaign
