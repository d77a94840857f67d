// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/units.hpp"

namespace shardproof::sim::campaign {

/// Readable numbers of [low, high), ascending: all up to 10, then 1, 2 and 5 times the powers of
/// ten; `low` is the first. Empty if high <= low. O(log high).
std::vector<std::uint64_t> readable_numbers(std::uint64_t low, std::uint64_t high);

/// Readable times of [low, high), ascending: 1, 2 and 5 times the powers of ten from a millisecond
/// on, `low` first.
std::vector<std::uint64_t> readable_spans(std::uint64_t low_ns, std::uint64_t high_ns);

/// The span with at most so many significant digits, rounded down and up: `digits` >= 1, the span
/// not negative. The upper one is the span itself if it has no more.
Nanoseconds rounded_down(Nanoseconds span, int digits);
Nanoseconds rounded_up(Nanoseconds span, int digits);

}  // namespace shardproof::sim::campaign
