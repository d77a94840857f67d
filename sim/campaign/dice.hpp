// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "core/base/random.hpp"
#include "core/base/units.hpp"

namespace shardproof::sim {

/// Draws the values of a made-up scenario from one named stream: amounts that a person would write,
/// over orders of magnitude. Each call makes its draws one after the other, so the same seed gives
/// the same values from every compiler.
class Dice {
 public:
  /// The stream ("swarm", entity, purpose) of that seed.
  Dice(std::uint64_t seed, std::uint64_t entity, std::string_view purpose)
      : random_(Random::named(seed, "swarm", entity, purpose)) {}

  /// Uniform in [low, high], both included. One draw.
  std::uint32_t between(std::uint32_t low, std::uint32_t high) {
    return low + static_cast<std::uint32_t>(random_.below(high - low + 1));
  }
  /// True once in `n` times. One draw.
  bool one_in(std::uint32_t n) { return random_.below(n) == 0; }
  bool coin() { return one_in(2); }

  /// Any of them, alike. One draw.
  template <typename T>
  T pick(std::initializer_list<T> values) {
    return values.begin()[random_.below(values.size())];
  }

  /// In [low, high], every order of magnitude alike, with two digits that matter. 0 < low <= high.
  /// Two draws.
  std::uint64_t magnitude(std::uint64_t low, std::uint64_t high);
  /// The same of a time.
  Nanoseconds span(Nanoseconds low, Nanoseconds high);
  /// In [low, high], every time alike, in whole steps of 10 ms. One draw.
  Nanoseconds time(Nanoseconds low, Nanoseconds high);
  /// `magnitude(1, most)` thousandths.
  Ratio thousandths(std::uint64_t most);

 private:
  Random random_;
};

}  // namespace shardproof::sim
