// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

Plan NoRebalance::plan(const ClusterView&, const RebalanceOptions&) const { return {}; }

}  // namespace shardproof::distribution
