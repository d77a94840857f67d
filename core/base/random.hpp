// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "core/base/units.hpp"

namespace shardproof {

/// A stream of random numbers: xoshiro256** (Blackman, Vigna 2018), seeded through SplitMix64.
/// Streams are derived by hashing names, so a draw more in one moves nothing in another. Copyable:
/// a copy continues with the same numbers. 32 bytes of state.
class Random {
 public:
  /// The stream of a raw seed.
  explicit Random(std::uint64_t seed);
  /// The stream for (component, entity, purpose) under a run's seed, e.g. ("network", 3, "loss").
  static Random named(std::uint64_t run_seed, std::string_view component, std::uint64_t entity,
                      std::string_view purpose);

  /// 64 uniform bits.
  std::uint64_t next() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  /// Uniform in [0, bound), bound > 0. Exactly unbiased (Lemire 2019); one draw nearly always.
  std::uint64_t below(std::uint64_t bound) {
    SHARDPROOF_CHECK(bound > 0);
    auto product = static_cast<UInt128>(next()) * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
      const std::uint64_t threshold = (0 - bound) % bound;
      while (static_cast<std::uint64_t>(product) < threshold) {
        product = static_cast<UInt128>(next()) * bound;
      }
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  /// Uniform in [low, high], both included.
  std::int64_t between(std::int64_t low, std::int64_t high);

  /// True with probability `chance`, exactly. Draws nothing when the chance is 0 or at least 1.
  bool chance(Ratio chance) {
    if (chance.is_zero()) return false;
    if (chance.numerator() >= chance.denominator()) return true;
    return below(chance.denominator()) < chance.numerator();
  }

  /// -ln(u) in q32 for u uniform in (0, 1]: a unit exponential variate, error below 2^-27. One
  /// draw.
  std::int64_t exponential_q32() {
    // u = (draw | 1) / 2^64, so -ln u = ln 2 * (64 - log2(draw | 1)).
    const std::int64_t log2_u = (std::int64_t{64} << 32) - log2_q32(next() | 1);
    return multiply_q32(log2_u, kQ32Ln2);
  }
  /// A standard normal variate in q32 (sum of twelve uniforms less six: tails end at 6 sigma).
  std::int64_t normal_q32();

  friend bool operator==(const Random&, const Random&) = default;

 private:
  static constexpr std::uint64_t rotate(std::uint64_t word, int bits) {
    return (word << bits) | (word >> (64 - bits));
  }
  std::uint64_t state_[4];
};

}  // namespace shardproof
