// SPDX-License-Identifier: Apache-2.0
#include "sim/check/node_holdings.hpp"

#include <algorithm>

namespace shardproof::sim::check {
namespace {

NodeList holders_of(const ShardInfo& shard) {
  NodeList holders;
  if (shard.status == ShardStatus::Retired) return holders;
  const auto add = [&](NodeId node) {
    const bool leaves = shard.migration && shard.migration->source == node;
    if (!leaves && !contains(holders, node)) holders.push_back(node);
  };
  for (const NodeId node : shard.replicas) add(node);
  for (const NodeId node : shard.learners) add(node);
  if (shard.migration) add(shard.migration->target);
  std::sort(holders.begin(), holders.end());
  return holders;
}

}  // namespace

void NodeHoldings::count(NodeId node, bool is_there) {
  if (node.value() >= copies_.size()) copies_.resize(node.value() + 1);
  if (is_there) {
    ++copies_[node.value()];
  } else {
    --copies_[node.value()];
  }
}

void NodeHoldings::take(const ShardInfo& after, Revision revision, Instant now) {
  if (after.id.value() >= by_shard_.size()) by_shard_.resize(after.id.value() + 1);
  NodeList& known = by_shard_[after.id.value()];
  NodeList holders = holders_of(after);
  if (holders == known) return;
  for (const NodeId node : known) count(node, false);
  for (const NodeId node : holders) count(node, true);
  known = std::move(holders);
  changed_in_ = revision;
  changed_at_ = now;
}

}  // namespace shardproof::sim::check
