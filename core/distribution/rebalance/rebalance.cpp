// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

RebalanceOptions with_values(RebalanceOptions options, const OptionValues& values) {
  options.values = values;
  if (values.contains(kCountGapOption.name)) {
    options.count_gap = static_cast<std::uint32_t>(options.number(kCountGapOption));
  }
  if (values.contains(kBytesBandOption.name)) options.bytes_band = options.ratio(kBytesBandOption);
  return options;
}

Plan NoRebalance::plan(const ClusterView&, const RebalanceOptions&) const { return {}; }

}  // namespace shardproof::distribution
