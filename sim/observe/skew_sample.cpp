// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/skew_sample.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "sim/observe/skew_width.hpp"

namespace shardproof::sim {

void SkewSums::add(std::uint64_t load) {
  total_ += load;
  squares_ += static_cast<UInt128>(load) * load;
  largest_ = std::max(largest_, load);
}

std::optional<SkewSample> SkewSums::sample(std::size_t n) const {
  const unsigned shift = shift_for(total_, n);
  const UInt128 total = total_ >> shift;
  if (total == 0) return std::nullopt;
  const UInt128 count = n;
  // n sum x^2 - T^2 = n sum (x - m)^2; what was cut off may leave it below zero.
  const UInt128 first = count * (squares_ >> (2 * shift));
  const UInt128 second = total * total;
  const UInt128 spread = first > second ? first - second : 0;
  return SkewSample{ExactValue::fraction(count * (largest_ >> shift), total),
                    ExactValue::square_root(spread, second)};
}

std::optional<SkewSample> skew_sample_of(std::span<const std::uint64_t> loads) {
  SkewSums sums;
  for (const std::uint64_t load : loads) sums.add(load);
  return sums.sample(loads.size());
}

}  // namespace shardproof::sim
