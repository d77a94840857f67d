// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "sim/scenario/spec.hpp"

/// Values as a scenario may write them, over all orders of magnitude, odd and round ones: to be
/// drawn within a RapidCheck property, from whose generator they come.
namespace shardproof::testing::draw {

/// In [low, high], both included.
std::uint64_t number(std::uint64_t low, std::uint64_t high);
std::uint32_t small(std::uint32_t low, std::uint32_t high);
bool coin();

template <typename T>
T pick(const std::vector<T>& values) {
  return values[number(0, values.size() - 1)];
}

template <typename T>
std::optional<T> maybe(T value) {
  return coin() ? std::optional<T>(std::move(value)) : std::nullopt;
}

/// Below 2^max_bits, or a round number.
std::uint64_t magnitude(std::uint64_t max_bits);
Nanoseconds span();
Nanoseconds positive_span();
/// In [0, limit).
Nanoseconds span_below(Nanoseconds limit);
Bytes bytes();
Bandwidth bandwidth();
/// In [0, 1].
Ratio fraction();
Ratio positive_ratio();
/// With quotes, escapes and control characters.
std::string text(bool may_be_empty);
sim::DelayDistribution delay();
sim::SizeDistribution size();
sim::Rate rate();
NodeCapacity capacity();
sim::UnsyncedOutcome unsynced();
/// Not "none".
sim::ClockWobble wobble();
std::optional<std::uint64_t> iops();

}  // namespace shardproof::testing::draw
