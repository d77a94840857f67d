// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/units.hpp"

namespace shardproof::sim {

/// How a clock strays from its offset and drift: an error that begins at zero and runs in straight
/// lines from knot to knot. Periodic: the knots are half a period apart, and the error at them is
/// `amplitude` to one side and to the other in turn. Noise: they are a period apart, and the error
/// at each is drawn anew, uniform in [-amplitude, amplitude]. (Two of the four shapes of a
/// clock in TigerBeetle's simulator; offset with drift, and steps, are the others.)
struct ClockWobble {
  enum class Kind : std::uint8_t { kNone, kPeriodic, kNoise };
  Kind kind = Kind::kNone;
  Nanoseconds amplitude{};
  /// At least 8 times the amplitude, so that the clock never runs at less than half of its speed.
  Nanoseconds period{};

  bool is_on() const { return kind != Kind::kNone; }
  friend bool operator==(const ClockWobble&, const ClockWobble&) = default;
};

/// The error that long after the wobble began, rounded down. `seed` decides on the knots of noise
/// and on the side to which a periodic error goes first: a pure function, so that a reading depends
/// on no other. O(1).
Nanoseconds wobble_error(const ClockWobble& wobble, std::uint64_t seed, Nanoseconds elapsed);

/// What two such clocks may gain on each other within any time: 4 amplitudes.
inline Nanoseconds wobble_gain(const ClockWobble& wobble) {
  return wobble.is_on() ? wobble.amplitude * 4 : Nanoseconds(0);
}

}  // namespace shardproof::sim
