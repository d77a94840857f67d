// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/ladder.hpp"

#include <algorithm>
#include <limits>

namespace shardproof::sim::campaign {
namespace {

/// 1, 2 and 5 times the powers of ten in (above, high), behind what is there.
void append_steps(std::uint64_t above, std::uint64_t high, std::vector<std::uint64_t>& numbers) {
  for (std::uint64_t power = 1; power < high; power *= 10) {
    for (const std::uint64_t factor : {1, 2, 5}) {
      const std::uint64_t number = factor * power;
      if (number > above && number < high) numbers.push_back(number);
    }
    if (power > std::numeric_limits<std::uint64_t>::max() / 50) break;
  }
}

/// The power of ten that the last of `digits` significant digits counts.
std::int64_t unit_of(Nanoseconds span, int digits) {
  std::int64_t limit = 1;
  for (int i = 0; i < digits; ++i) limit *= 10;
  std::int64_t unit = 1;
  while (span.count() / unit >= limit) unit *= 10;
  return unit;
}

}  // namespace

std::vector<std::uint64_t> readable_numbers(std::uint64_t low, std::uint64_t high) {
  constexpr std::uint64_t kEach = 10;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t n = low; n < high && n <= std::max(kEach, low); ++n) numbers.push_back(n);
  append_steps(std::max(kEach, low), high, numbers);
  return numbers;
}

std::vector<std::uint64_t> readable_spans(std::uint64_t low_ns, std::uint64_t high_ns) {
  constexpr std::uint64_t kFinest = 1'000'000;
  if (high_ns <= low_ns) return {};
  std::vector<std::uint64_t> spans{low_ns};
  append_steps(std::max(low_ns, kFinest - 1), high_ns, spans);
  return spans;
}

Nanoseconds rounded_down(Nanoseconds span, int digits) {
  const std::int64_t unit = unit_of(span, digits);
  return Nanoseconds(span.count() / unit * unit);
}

Nanoseconds rounded_up(Nanoseconds span, int digits) {
  const Nanoseconds down = rounded_down(span, digits);
  return down == span ? span : down + Nanoseconds(unit_of(span, digits));
}

}  // namespace shardproof::sim::campaign
