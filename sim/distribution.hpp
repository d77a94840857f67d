// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/random.hpp"
#include "core/base/units.hpp"

namespace shardproof::sim {

/// Shapes of a random amount. `first` and `second` are the parameters of `Distribution`, in the
/// order in which a scenario writes them.
enum class DistributionKind : std::uint8_t {
  kConstant,  ///< constant(value): always `first`
  kUniform,   ///< uniform(low, high): every integer of [first, second] alike
  /// exponential(min, mean): first + an exponential variate of mean (second - first)
  kExponential,
  kLognormal,  ///< lognormal(median, p99): 50 % are below `first`, 99 % below `second`
  kPareto,     ///< pareto(min, shape): P(X > x) = (first / x)^shape for x >= first
  /// tailed(usual, rare, chance): exponential of mean first, or with a probability of `shape` of
  /// mean second
  kTailed,
};

/// A distribution of non-negative integers that carry the unit `Unit` (Nanoseconds or Bytes). Plain
/// data; `sample` draws. The default is the constant zero.
template <typename Unit>
struct Distribution {
  DistributionKind kind = DistributionKind::kConstant;
  Unit first{};
  Unit second{};  ///< zero where the kind has one parameter of this unit
  Ratio shape{};  ///< of kPareto, above zero; of kTailed, a probability; zero elsewhere

  static constexpr Distribution constant(Unit value) {
    return {DistributionKind::kConstant, value, Unit{}, Ratio{}};
  }
  static constexpr Distribution uniform(Unit low, Unit high) {
    return {DistributionKind::kUniform, low, high, Ratio{}};
  }
  static constexpr Distribution exponential(Unit min, Unit mean) {
    return {DistributionKind::kExponential, min, mean, Ratio{}};
  }
  static constexpr Distribution lognormal(Unit median, Unit p99) {
    return {DistributionKind::kLognormal, median, p99, Ratio{}};
  }
  static constexpr Distribution pareto(Unit min, Ratio shape) {
    return {DistributionKind::kPareto, min, Unit{}, shape};
  }
  static constexpr Distribution tailed(Unit usual, Unit rare, Ratio chance) {
    return {DistributionKind::kTailed, usual, rare, chance};
  }

  friend bool operator==(const Distribution&, const Distribution&) = default;
};

using DelayDistribution = Distribution<Nanoseconds>;
using SizeDistribution = Distribution<Bytes>;

/// One amount, never negative and never above 2^62. Integer arithmetic only, so the same on every
/// machine. Draws from `random`: nothing (constant), one number (uniform, exponential, pareto),
/// two (tailed) or twelve (lognormal, as `Random::normal_q32`). The factor by which lognormal and
/// pareto stretch `first` is cut at 2^30. O(1).
Nanoseconds sample(const DelayDistribution& distribution, Random& random);
Bytes sample(const SizeDistribution& distribution, Random& random);

/// The expectation, rounded down, without the cut of the tails; 2^62 if it is larger or infinite
/// (pareto with shape <= 1). For estimates of load, not for decisions of a run.
Nanoseconds mean(const DelayDistribution& distribution);
Bytes mean(const SizeDistribution& distribution);

}  // namespace shardproof::sim
