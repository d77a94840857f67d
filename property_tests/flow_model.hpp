// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "core/base/contains.hpp"
#include "core/distribution/balanced_counts.hpp"
#include "core/distribution/bounds.hpp"
#include "core/distribution/optimum/minimum_flow.hpp"
#include "property_tests/plan_laws.hpp"

namespace shardproof::distribution {

/// The model of minimum_flow.hpp, written down a second time without any network: which sets of
/// nodes a shard may end on, and what an assignment costs.
class FlowModel {
 public:
  /// Copies that should have left, unevenness, what is moved, and copies.
  using Cost = std::tuple<std::uint64_t, std::int64_t, std::uint64_t, std::uint64_t>;

  FlowModel(const ClusterView& view, const MinimumFlowRequest& request)
      : view_(view), request_(request) {
    for (const CountPool& pool : balanced_counts(view, members_after_changes(view))) {
      for (const CountTarget& target : pool.targets) targets_[target.node] = target;
    }
  }

  bool receives(NodeId node) const { return takes_copies(view_.node(node)); }
  bool must_empty(NodeId node) const {
    return view_.node(node).state == NodeState::Draining && view_.node(node).alive;
  }

  bool may_leave(const ShardView& shard, NodeId node) const {
    if (!is_movable(shard) || !shard.learners.empty()) return false;
    if (must_empty(node)) return true;
    return takes_copies(view_.node(node)) &&
           living_copies(view_, shard) >= shard.replication_factor;
  }

  std::uint64_t open_domains(DomainLevel level) const {
    std::vector<NodeId> open;
    for (const NodeView& node : view_.nodes) {
      if (receives(node.id)) open.push_back(node.id);
    }
    return test::distinct_domains(view_, open, level);
  }

  /// The most, and the fewest, that a domain of the level may have of a shard that has `now` there.
  std::pair<std::uint64_t, std::uint64_t> limits(const ShardView& shard, DomainLevel level,
                                                 std::uint64_t key, std::uint64_t now) const {
    const std::uint64_t copies = planned_copies(shard).size();
    const std::uint64_t domains = open_domains(level);
    const std::vector<NodeId> before = planned_copies(shard);
    const bool stays = std::any_of(view_.nodes.begin(), view_.nodes.end(), [&](const NodeView& n) {
      const bool may_stay = takes_copies(n) && contains(before, n.id);
      return (receives(n.id) || may_stay) && domain_key(n.domain, level) == key;
    });
    const std::uint64_t most = copies <= domains ? 1 : copies - domains + 1;
    const std::uint64_t fewest = copies > domains && stays && now > 0 ? 1 : 0;
    return {std::max(most, now), fewest};
  }

  bool is_legal(const ShardView& shard, const std::vector<NodeId>& after) const {
    const std::vector<NodeId> before = planned_copies(shard);
    for (const NodeId node : after) {
      if (!contains(before, node) && !receives(node)) return false;
    }
    for (const NodeId node : before) {
      if (!contains(after, node) && !may_leave(shard, node)) return false;
    }
    for (const DomainLevel level : kLevels) {
      if (!are_spread(shard, level, before, after)) return false;
    }
    return true;
  }

  /// All sets of nodes that the shard may end on.
  std::vector<std::vector<NodeId>> ends_of(const ShardView& shard) const {
    std::vector<std::vector<NodeId>> ends;
    const std::size_t copies = planned_copies(shard).size();
    for (std::uint32_t set = 0; set < (1u << view_.nodes.size()); ++set) {
      std::vector<NodeId> after;
      for (std::uint32_t node = 0; node < view_.nodes.size(); ++node) {
        if ((set >> node) & 1) after.push_back(NodeId(node));
      }
      if (after.size() == copies && is_legal(shard, after)) ends.push_back(after);
    }
    return ends;
  }

  /// What it costs that the shards end there.
  Cost cost(const std::vector<std::vector<NodeId>>& ends) const {
    std::vector<std::int64_t> counts(view_.nodes.size());
    std::uint64_t copies = 0;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const std::vector<NodeId> before = planned_copies(view_.shards[i]);
      for (const NodeId node : ends[i]) {
        ++counts[node.value()];
        if (contains(before, node)) continue;
        ++copies;
        bytes += view_.shards[i].bytes.count();
      }
    }
    std::uint64_t left = 0;
    std::int64_t unevenness = 0;
    for (const NodeView& node : view_.nodes) {
      const std::int64_t count = counts[node.id.value()];
      if (must_empty(node.id)) left += static_cast<std::uint64_t>(count);
      if (!must_empty(node.id)) unevenness += triangle(distance_to_target(node.id, count));
    }
    if (request_.cost == MoveCost::Copies) return {left, unevenness, copies, 0};
    return {left, unevenness, bytes, copies};
  }

 private:
  static std::int64_t triangle(std::int64_t n) { return n * (n + 1) / 2; }

  std::int64_t distance_to_target(NodeId node, std::int64_t count) const {
    const auto found = targets_.find(node);
    if (found == targets_.end()) return count;
    const auto floor = static_cast<std::int64_t>(found->second.floor);
    return count <= floor ? floor - count : count - floor - found->second.may_round_up;
  }

  bool are_spread(const ShardView& shard, DomainLevel level, const std::vector<NodeId>& before,
                  const std::vector<NodeId>& after) const {
    std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> counts;
    for (const NodeId node : before) ++counts[domain_key(view_.node(node).domain, level)].first;
    for (const NodeId node : after) ++counts[domain_key(view_.node(node).domain, level)].second;
    return std::all_of(counts.begin(), counts.end(), [&](const auto& each) {
      const auto [most, fewest] = limits(shard, level, each.first, each.second.first);
      return each.second.second <= most && each.second.second >= fewest;
    });
  }

  const ClusterView& view_;
  const MinimumFlowRequest& request_;
  std::map<NodeId, CountTarget> targets_;
};

}  // namespace shardproof::distribution
