// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/traffic_spec.hpp"

#include <numeric>

#include <fmt/format.h>

#include "core/base/check.hpp"

namespace shardproof::sim {

Rate Rate::of(std::uint64_t count, Nanoseconds per) {
  SHARDPROOF_CHECK(per.count() > 0);
  if (count == 0) return Rate{};
  const auto span = static_cast<std::uint64_t>(per.count());
  const std::uint64_t common = std::gcd(count, span);
  return Rate{count / common, Nanoseconds(static_cast<std::int64_t>(span / common))};
}

std::string_view to_string(TrafficOperation operation) {
  switch (operation) {
    case TrafficOperation::kRead: return "read";
    case TrafficOperation::kReplace: return "replace";
    case TrafficOperation::kInsert: return "insert";
    case TrafficOperation::kRemove: return "remove";
    case TrafficOperation::kScan: return "scan";
    case TrafficOperation::kCount: return "count";
    case TrafficOperation::kCompareAndSwap: return "cas";
    case TrafficOperation::kTransaction: return "transaction";
    case TrafficOperation::kCrossShardTransaction: return "cross_shard_transaction";
    case TrafficOperation::kMissingShardKey: return "missing_shard_key";
    case TrafficOperation::kSystem: return "system";
  }
  SHARDPROOF_CHECK(false, "operation {}", static_cast<int>(operation));
  return {};
}

TrafficSpec default_traffic(std::size_t index, Nanoseconds duration) {
  TrafficSpec traffic;
  traffic.name = fmt::format("traffic-{}", index);
  traffic.stop = duration;
  traffic.mix[static_cast<std::size_t>(TrafficOperation::kRead)] = Ratio(1, 2);
  traffic.mix[static_cast<std::size_t>(TrafficOperation::kReplace)] = Ratio(1, 2);
  return traffic;
}

}  // namespace shardproof::sim
