// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::array kLevels{DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack};

/// The node that spreads best, of those the one with the fewest copies per weight, then the lower
/// id.
NodeId best_target(const Draft& draft, CopyIndex copy) {
  NodeId best;
  std::tuple<Crowding, WeightedLoad> best_score;
  for (const NodeView& node : draft.view().nodes) {
    if (!draft.fits(copy, node.id)) continue;
    const std::tuple score{draft.crowding(draft.shard_of(copy), node.id, draft.node_of(copy)),
                           WeightedLoad{draft.copy_count(node.id) + 1, draft.weight(node.id)}};
    if (best.is_none() || score < best_score) std::tie(best, best_score) = std::tie(node.id, score);
  }
  return best;
}

/// For each level, how many domains have a node that takes copies.
std::array<std::size_t, 3> count_open_domains(const ClusterView& view) {
  std::array<std::size_t, 3> counts{};
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    std::vector<std::uint64_t> keys;
    for (const NodeView& node : view.nodes) {
      if (takes_copies(node)) keys.push_back(domain_key(node.domain, kLevels[i]));
    }
    std::sort(keys.begin(), keys.end());
    const auto end = std::unique(keys.begin(), keys.end());
    counts[i] = static_cast<std::size_t>(end - keys.begin());
  }
  return counts;
}

/// True if at some level the shard has copies in fewer domains than it could: a quick and exact
/// answer to whether anything needs to be tried, but for space and for copies on nodes that take
/// none.
bool could_spread(const Draft& draft, ShardIndex shard,
                  const std::array<std::size_t, 3>& open_domains) {
  const auto nodes = draft.nodes_of(shard);
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    const std::size_t distinct = count_domains(draft.view(), nodes, kLevels[i]);
    if (distinct < std::min(nodes.size(), open_domains[i])) return true;
  }
  return false;
}

struct SpreadStep {
  CopyIndex copy;
  NodeId target;
};

/// The step of one copy to a node where it shares fewer levels: copies that share most first, then
/// those that do not lead, then the lower node id.
std::optional<SpreadStep> next_spread_step(const Draft& draft, ShardIndex shard) {
  std::vector<std::tuple<std::uint32_t, bool, NodeId, CopyIndex>> order;
  const auto nodes = draft.nodes_of(shard);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!draft.takes_copies(nodes[i])) continue;
    const auto copy = draft.first_copy(shard) + static_cast<CopyIndex>(i);
    const std::uint32_t collision = draft.collision(copy);
    if (collision > 0) order.emplace_back(3 - collision, draft.leads(copy), nodes[i], copy);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [priority, leads, node, copy] : order) {
    const NodeId target = best_target(draft, copy);
    if (target.is_none()) continue;
    if (draft.collision(shard, target, node) < 3 - priority) return {{copy, target}};
  }
  return std::nullopt;
}

}  // namespace

void evacuate_draining(Draft& draft) {
  for (const NodeView& node : draft.view().nodes) {
    if (node.state != NodeState::Draining || !node.alive) continue;
    const std::vector<CopyIndex> leaving = draft.copies_on(node.id);
    for (const CopyIndex copy : leaving) {
      if (!draft.is_free(draft.shard_of(copy))) continue;
      const NodeId target = best_target(draft, copy);
      if (target.is_none()) {
        draft.give_up(copy);
      } else {
        draft.move(copy, target, MoveReason::Drain);
      }
    }
  }
}

bool spread_domains(Draft& draft) {
  bool moved = false;
  const auto open_domains = count_open_domains(draft.view());
  for (ShardIndex shard = 0; shard < draft.view().shards.size(); ++shard) {
    if (!draft.is_whole(shard) || !could_spread(draft, shard, open_domains)) continue;
    while (const auto step = next_spread_step(draft, shard)) {
      draft.move(step->copy, step->target, MoveReason::Domain);
      moved = true;
    }
  }
  return moved;
}

void drain_and_spread(Draft& draft) {
  hand_over_before_maintenance(draft);
  evacuate_draining(draft);
  // Again, for shards whose other copies all were on draining nodes.
  hand_over_before_maintenance(draft);
  spread_domains(draft);
}

}  // namespace shardproof::distribution
