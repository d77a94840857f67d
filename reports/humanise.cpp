// SPDX-License-Identifier: Apache-2.0
#include "reports/humanise.hpp"

#include <fmt/format.h>

namespace shardproof::reports {

std::string human_value(sim::MetricUnit unit, const std::optional<sim::ExactValue>& value) {
  if (!value) return "-";
  const double number = value->to_double();
  switch (unit) {
    case sim::MetricUnit::kBytes: return human_bytes(number);
    case sim::MetricUnit::kNanoseconds: return human_duration(number);
    case sim::MetricUnit::kShardNanoseconds: return human_duration(number) + " x shard";
    case sim::MetricUnit::kCount: return human_count(static_cast<std::uint64_t>(number));
    case sim::MetricUnit::kRatio:
    case sim::MetricUnit::kChoice: break;
  }
  return fmt::format("{:.4g}", number);
}

}  // namespace shardproof::reports
