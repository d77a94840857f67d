// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/minimum_flow.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/base/stable_hash.hpp"
#include "core/distribution/optimum/flow_start.hpp"
#include "core/distribution/optimum/flow_state.hpp"
#include "core/distribution/optimum/negative_cycles.hpp"
#include "core/distribution/placement/placement.hpp"

namespace shardproof::distribution {
namespace {

using NodeIndices = std::vector<std::uint32_t>;

/// Those of `nodes` that are not among `others`, ascending.
NodeIndices only_in(std::span<const std::uint32_t> nodes, std::span<const std::uint32_t> others) {
  NodeIndices result;
  for (const std::uint32_t node : nodes) {
    if (std::find(others.begin(), others.end(), node) == others.end()) result.push_back(node);
  }
  std::sort(result.begin(), result.end());
  return result;
}

/// A copy's way from one place of a shard to another.
struct Replacement {
  std::uint32_t source = 0;
  std::uint32_t target = 0;
};

/// Which leaving copy goes to which new place: those of one rack first, then of one zone, one
/// region, and the rest. Then in each domain, at any level, copies only leave to the outside or
/// only arrive from there, which is why no step in between is worse than both ends.
std::vector<Replacement> replacements(const ClusterView& view, NodeIndices leaving,
                                      NodeIndices arriving) {
  std::vector<Replacement> result;
  const auto pair_off = [&](auto belong_together) {
    for (std::uint32_t& source : leaving) {
      const auto target = std::find_if(arriving.begin(), arriving.end(), [&](std::uint32_t node) {
        return belong_together(view.nodes[source].domain, view.nodes[node].domain);
      });
      if (target == arriving.end()) continue;
      result.push_back({source, *target});
      arriving.erase(target);
      source = static_cast<std::uint32_t>(view.nodes.size());
    }
    std::erase(leaving, static_cast<std::uint32_t>(view.nodes.size()));
  };
  for (const DomainLevel level : {DomainLevel::Rack, DomainLevel::Zone, DomainLevel::Region}) {
    pair_off([&](const DomainPath& a, const DomainPath& b) { return same_domain(a, b, level); });
  }
  pair_off([](const DomainPath&, const DomainPath&) { return true; });
  return result;
}

/// Makes the plan of a flow.
class PlanOfFlow {
 public:
  PlanOfFlow(const ClusterView& view, const MinimumFlowRequest& request, const FlowState& flow)
      : view_(view), request_(request), flow_(flow), incoming_(incoming_bytes(view)) {}

  MinimumFlow make() {
    for (const std::uint32_t shard : moved_shards()) append(shard);
    std::stable_partition(result_.plan.moves.begin(), result_.plan.moves.end(),
                          [](const Move& move) { return move.reason == MoveReason::Drain; });
    note_unplaceable();
    result_.copies = result_.plan.moves.size();
    result_.bytes = result_.plan.bytes();
    return std::move(result_);
  }

 private:
  /// By a hash of their ids.
  std::vector<std::uint32_t> moved_shards() const {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    for (const std::uint32_t copy : flow_.moved()) {
      const std::uint32_t shard = flow_.shard_of(copy);
      order.emplace_back(mix64(view_.shards[shard].id.value()), shard);
    }
    std::sort(order.begin(), order.end());
    order.erase(std::unique(order.begin(), order.end()), order.end());
    std::vector<std::uint32_t> shards;
    for (const auto& [hash, shard] : order) shards.push_back(shard);
    return shards;
  }

  void append(std::uint32_t index) {
    const ShardView& shard = view_.shards[index];
    const auto before = flow_.origins_of(index);
    const auto after = flow_.places_of(index);
    NodeId leader = shard.leader;
    for (const Replacement& each :
         replacements(view_, only_in(before, after), only_in(after, before))) {
      if (!reserve(each.target, shard.bytes)) continue;
      const NodeId source(each.source);
      const NodeId target(each.target);
      const MoveReason reason =
          flow_.must_empty(each.source) ? MoveReason::Drain : MoveReason::Balance;
      result_.plan.moves.push_back({shard.id, source, target, MoveKind::Move, reason,
                                    source == leader, living_replicas(view_, shard), shard.bytes});
      if (source == leader) leader = target;
    }
  }

  bool reserve(std::uint32_t node, Bytes bytes) {
    const Bytes arriving = incoming_[node] + bytes;
    if (!has_space(view_.nodes[node], arriving, request_.disk_watermark)) {
      result_.is_complete = false;
      return false;
    }
    incoming_[node] = arriving;
    return true;
  }

  /// What is still on a draining node, by shard, though nothing forbids that it leaves.
  void note_unplaceable() {
    for (std::uint32_t shard = 0; shard < flow_.shard_count(); ++shard) {
      for (std::uint32_t copy = flow_.first_copy(shard); copy < flow_.first_copy(shard + 1);
           ++copy) {
        if (!flow_.must_empty(flow_.origin(copy)) || !flow_.may_leave(copy)) continue;
        if (flow_.has_moved(copy)) continue;
        result_.plan.unplaceable.push_back({view_.shards[shard].id, NodeId(flow_.origin(copy))});
      }
    }
  }

  const ClusterView& view_;
  const MinimumFlowRequest& request_;
  const FlowState& flow_;
  std::vector<Bytes> incoming_;
  MinimumFlow result_;
};

}  // namespace

MinimumFlow minimum_flow(const ClusterView& view, const MinimumFlowRequest& request) {
  FlowState flow(view, request);
  fill_from_fullest(flow);
  CycleCancelling cancelling;
  cancelling.is_proven = has_relaxed_minimum(flow);
  if (!cancelling.is_proven) cancelling = cancel_negative_cycles(flow, request.searches_max);
  MinimumFlow result = PlanOfFlow(view, request, flow).make();
  result.is_proven = cancelling.is_proven;
  result.searches = cancelling.searches;
  return result;
}

}  // namespace shardproof::distribution
