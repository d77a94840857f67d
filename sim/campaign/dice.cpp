// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/dice.hpp"

#include <algorithm>
#include <bit>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

/// Rounds down to two decimal digits that matter.
std::uint64_t readable(std::uint64_t value) {
  std::uint64_t unit = 1;
  while (value / unit >= 100) unit *= 10;
  return value / unit * unit;
}

std::uint64_t as_count(Nanoseconds span) { return static_cast<std::uint64_t>(span.count()); }
Nanoseconds as_span(std::uint64_t count) { return Nanoseconds(static_cast<std::int64_t>(count)); }

}  // namespace

std::uint64_t Dice::magnitude(std::uint64_t low, std::uint64_t high) {
  SHARDPROOF_CHECK(0 < low && low <= high);
  const auto doublings = static_cast<std::uint64_t>(std::bit_width(high / low));
  const std::uint64_t from = low << random_.below(doublings);
  const std::uint64_t to = std::min(high, from * 2);
  const std::uint64_t drawn = from + random_.below(to - from + 1);
  return std::clamp(readable(drawn), low, high);
}

Nanoseconds Dice::span(Nanoseconds low, Nanoseconds high) {
  return as_span(magnitude(as_count(low), as_count(high)));
}

Nanoseconds Dice::time(Nanoseconds low, Nanoseconds high) {
  constexpr Nanoseconds kStep = milliseconds(10);
  const std::int64_t steps = (high - low).count() / kStep.count();
  SHARDPROOF_CHECK(steps >= 0);
  const auto step = static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(steps) + 1));
  return low + kStep * step;
}

Ratio Dice::thousandths(std::uint64_t most) { return Ratio(magnitude(1, most), 1000); }

}  // namespace shardproof::sim
