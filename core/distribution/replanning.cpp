// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/replanning.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "core/base/contains.hpp"

namespace shardproof::distribution {
namespace {

/// Never below zero: what nodes report is older than what shards do.
template <typename Amount>
void take(Amount& from, Amount amount) {
  from -= std::min(from, amount);
}

void pass_requests(ClusterView& view, const Move& move, const ShardView& shard) {
  take(view.nodes[move.source.value()].load.requests_per_second, shard.requests_per_second);
  view.nodes[move.target.value()].load.requests_per_second += shard.requests_per_second;
}

/// Counts what is carried out; knows the nodes that each shard has left.
class Tally {
 public:
  void count(const Move& move) {
    if (move.kind == MoveKind::LeaderTransfer) {
      ++result_.leader_transfers;
      return;
    }
    ++result_.moves;
    result_.bytes += move.bytes;
    std::vector<NodeId>& left = left_[move.shard];
    result_.bounces += contains(left, move.target);
    if (move.kind == MoveKind::Move) left.push_back(move.source);
  }

  Replanning& result() { return result_; }

 private:
  Replanning result_;
  std::map<ShardId, std::vector<NodeId>> left_;
};

}  // namespace

void apply(ClusterView& view, const Move& move) {
  ShardView& shard = view.shards[index_of(view, move.shard)];
  if (move.kind != MoveKind::LeaderTransfer) {
    std::erase(shard.stale_holders, move.target);
    shard.replicas.push_back(move.target);
    view.nodes[move.target.value()].load.disk_used += shard.bytes;
  }
  if (move.kind == MoveKind::Move) {
    std::erase(shard.replicas, move.source);
    take(view.nodes[move.source.value()].load.disk_used, shard.bytes);
  }
  if (!move.moves_leader) return;
  shard.leader = move.target;
  pass_requests(view, move, shard);
}

void apply(ClusterView& view, const Plan& plan) {
  for (const Move& move : plan.moves) apply(view, move);
}

Replanning replan(const RebalancePolicy& policy, const RebalanceOptions& options, ClusterView& view,
                  std::uint32_t rounds_max, const std::function<void(const Move&)>& carried_out) {
  Tally tally;
  Replanning& result = tally.result();
  while (true) {
    const Plan plan = policy.plan(view, options);
    result.is_quiet = plan.empty();
    if (result.is_quiet || result.rounds == rounds_max) return result;
    ++result.rounds;
    for (const Move& move : plan.moves) {
      tally.count(move);
      apply(view, move);
      if (carried_out) carried_out(move);
    }
  }
}

}  // namespace shardproof::distribution
