// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sim/campaign/failure.hpp"
#include "sim/campaign/shrink.hpp"

namespace shardproof::cli {

/// Runs candidates in processes of their own, several at a time, so that one that crashes or goes
/// wild ends only itself. The answer is the same for any number of processes.
class TrialPool {
 public:
  struct Options {
    sim::campaign::Failure wanted;  ///< what a candidate has to show, by `shows_the_same`
    std::uint64_t events_max = 0;   ///< a run is given up after about so many
    std::size_t processes = 1;      ///< at least one
    /// Asked ten times a second whether there is time left, and otherwise free to do what it wants.
    std::function<bool()> goes_on;
  };

  explicit TrialPool(Options options) : options_(std::move(options)) {}

  /// A `sim::campaign::Reproduces`.
  sim::campaign::Reproduction operator()(std::span<const sim::ScenarioSpec> candidates) const;

 private:
  Options options_;
};

}  // namespace shardproof::cli
