// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/greedy.hpp"

#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {

Plan GreedyRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  // An exchange of bytes may open the way for a count move that domains had barred, and so on; it
  // ends because counts never become less even and bytes become more even.
  balance_counts(draft);
  while (options.balance_bytes && balance_bytes(draft) && balance_counts(draft)) {
  }
  if (options.balance_leaders) balance_leaders(draft);
  return draft.finish();
}

}  // namespace shardproof::distribution
