// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/skew_over_time.hpp"

namespace shardproof::sim {

void SkewOverTime::add(const std::optional<ExactValue>& value, Instant now) {
  const Nanoseconds span = now - last_at_;
  last_at_ = now;
  if (last_) {
    const auto length = static_cast<std::uint64_t>(span.count());
    weighted_q32_ += static_cast<UInt128>(last_q32_) * length;
    span_ += length;
    if (was_over_) {
      over_ += span;
      last_over_ = now;
    }
  }
  // Most samples are as the one before: these cost no division.
  if (value == last_) return;
  last_ = value;
  last_q32_ = value ? value->to_q32() : 0;
  was_over_ = value && *value > kUnevenOver;
  if (value && (!max_ || compare_alike(*max_, *value) < 0)) max_ = value;
}

std::optional<ExactValue> SkewOverTime::mean() const {
  if (span_ == 0) return std::nullopt;
  return ExactValue::fraction(weighted_q32_, static_cast<UInt128>(span_) << 32);
}

void SkewTimes::add(const std::optional<SkewSample>& sample, Instant now) {
  max_over_mean.add(sample ? std::optional(sample->max_over_mean) : std::nullopt, now);
  cv.add(sample ? std::optional(sample->cv) : std::nullopt, now);
}

}  // namespace shardproof::sim
