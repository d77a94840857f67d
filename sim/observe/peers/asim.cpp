// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/asim.hpp"

#include <algorithm>

#include "core/base/fixed_math.hpp"
#include "sim/observe/skew_sample.hpp"

namespace shardproof::sim::peers {

void ThrashSeries::add(std::uint64_t value) {
  if (count_ == 0) min_ = max_ = last_ = value;
  const bool is_upwards = value >= last_;
  if (count_ == 1) is_upwards_ = is_upwards;
  if (count_ > 0 && is_upwards != is_upwards_) {
    is_upwards_ = is_upwards;
    ++runs_;
  }
  (is_upwards ? up_ : down_) += is_upwards ? value - last_ : last_ - value;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  last_ = value;
  ++count_;
}

UInt128 trend_discounting_variation_q32(UInt128 up, UInt128 down) {
  constexpr UInt128 kMost = UInt128{1} << 63;
  const UInt128 less = std::min({up, down, kMost});
  const UInt128 more = std::min(std::max(up, down), kMost);
  if (less == 0) return 0;
  const std::int64_t ratio_q32 =
      log2_q32(static_cast<std::uint64_t>(less)) - log2_q32(static_cast<std::uint64_t>(more));
  const UInt128 weight_q32 = std::min<UInt128>(exp2_q32(ratio_q32 * 4 / 5), kQ32One);
  return weight_q32 * (less + more) + (kQ32One - weight_q32) * less;
}

std::optional<ExactValue> balance(std::span<const std::uint64_t> stores) {
  const std::optional<SkewSample> sample = skew_sample_of(stores);
  return sample ? std::optional(sample->max_over_mean) : std::nullopt;
}

std::optional<ExactValue> thrash_percent(std::span<const ThrashSeries> stores) {
  UInt128 sum_q32 = 0;
  std::uint64_t least = ~std::uint64_t{0};
  std::uint64_t most = 0;
  for (const ThrashSeries& series : stores) {
    if (series.is_empty()) continue;
    sum_q32 += trend_discounting_variation_q32(series.up(), series.down());
    least = std::min(least, series.min());
    most = std::max(most, series.max());
  }
  if (least > most) return std::nullopt;
  const UInt128 range = most == least ? 1 : most - least;
  return ExactValue::fraction(100 * sum_q32, range << 32);
}

}  // namespace shardproof::sim::peers
