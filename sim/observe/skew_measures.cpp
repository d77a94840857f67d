// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/skew_measures.hpp"

#include "core/base/check.hpp"

namespace shardproof::sim {

std::string_view to_string(SkewDimension dimension) {
  switch (dimension) {
    case SkewDimension::kShards: return "shards";
    case SkewDimension::kLeaders: return "leaders";
    case SkewDimension::kBytes: return "bytes";
    case SkewDimension::kRequests: return "requests";
    case SkewDimension::kCpu: return "cpu";
  }
  SHARDPROOF_CHECK(false, "dimension {}", static_cast<int>(dimension));
  return {};
}

std::string_view to_string(SkewScope scope) {
  return kSkewScopes[static_cast<std::size_t>(scope)].name;
}

}  // namespace shardproof::sim
