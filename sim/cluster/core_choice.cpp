// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/core_choice.hpp"

#include <algorithm>
#include <optional>

#include "sim/check/recoverability.hpp"

namespace shardproof::sim {
namespace {

/// Who is about to join is none: it could not go on alone.
std::vector<NodeId> members(const Cluster& cluster) {
  std::vector<NodeId> nodes;
  for (const NodeRecord& node : cluster.committed().nodes()) {
    if (node.id.has_value() && node.state != NodeState::Removed) nodes.push_back(node.id);
  }
  return nodes;
}

void shuffle(std::vector<NodeId>& nodes, Random& random) {
  for (std::size_t left = nodes.size(); left > 1; --left) {
    const auto pick = static_cast<std::size_t>(random.below(left));
    std::swap(nodes[left - 1], nodes[pick]);
  }
}

/// Moves the shard's holders to the front, in their order, until there are enough among the first
/// `count`, which is raised.
void cover(const ShardInfo& shard, std::size_t needed, std::vector<NodeId>& order,
           std::size_t& count) {
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(count);
  auto covered = static_cast<std::size_t>(std::count_if(
      order.begin(), middle, [&](NodeId node) { return contains(shard.replicas, node); }));
  for (std::size_t i = count; i < order.size() && covered < needed; ++i) {
    if (!contains(shard.replicas, order[i])) continue;
    std::swap(order[i], order[count]);
    count += 1;
    covered += 1;
  }
}

std::optional<LastingFault> present_fault(const Cluster& cluster, NodeId node) {
  if (cluster.is_down(node) || cluster.is_booting(node)) return LastingFault::kDown;
  if (!cluster.is_running(node)) return LastingFault::kPaused;
  if (!cluster.reaches_metadata(node)) return LastingFault::kCutOff;
  if (cluster.disk_of(node).is_stalled()) return LastingFault::kDeadDisk;
  if (cluster.disk_of(node).slowdown() != Ratio(1, 1)) return LastingFault::kSlowDisk;
  return std::nullopt;
}

LastingFault draw_fault(NodeId node, Streams streams) {
  // lint: stream not shown
  Random random = streams.stream("settling", node.value(), "fault");
  return static_cast<LastingFault>(random.below(4));
}

}  // namespace

std::string_view to_string(LastingFault fault) {
  switch (fault) {
    case LastingFault::kDown: return "down";
    case LastingFault::kPaused: return "paused";
    case LastingFault::kCutOff: return "cut off";
    case LastingFault::kDeadDisk: return "dead disk";
    case LastingFault::kSlowDisk: return "slow disk";
  }
  return "";
}

bool is_out_of_service(LastingFault fault) { return fault != LastingFault::kSlowDisk; }

CoreChoice choose_core(const Cluster& cluster, Streams streams) {
  Random random = streams.stream("settling", 0, "core");  // lint: stream not shown
  std::vector<NodeId> order = members(cluster);
  shuffle(order, random);
  if (order.empty()) return {};
  std::size_t count = 1;
  if (order.size() > 1) count += static_cast<std::size_t>(random.below(order.size() - 1));
  if (random.below(4) != 0) {
    for (const ShardInfo& shard : cluster.committed().shards()) {
      if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
      const auto& collection = *cluster.committed().find_collection(shard.collection);
      cover(shard, check::copies_needed(shard, collection), order, count);
    }
  }
  CoreChoice choice;
  choice.core.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
  std::sort(choice.core.begin(), choice.core.end());
  std::sort(order.begin() + static_cast<std::ptrdiff_t>(count), order.end());
  for (std::size_t i = count; i < order.size(); ++i) {
    const auto present = present_fault(cluster, order[i]);
    choice.outside.push_back({order[i], present ? *present : draw_fault(order[i], streams),
                              cluster.disk_of(order[i]).slowdown()});
  }
  return choice;
}

void break_for_good(Cluster& cluster, const std::vector<Outsider>& outside, const CrashFate& fate) {
  for (const auto& [node, fault, slowdown] : outside) {
    switch (fault) {
      case LastingFault::kDown: cluster.crash(node, fate); break;
      case LastingFault::kPaused: cluster.pause(node); break;
      case LastingFault::kCutOff: {
        PathFault cut;
        cut.from.add_node(node);
        cut.to.add_everyone();
        cut.cut = true;
        cluster.network().add(cut);
        break;
      }
      case LastingFault::kDeadDisk: cluster.stall_disk(node); break;
      case LastingFault::kSlowDisk: cluster.disk_of(node).add(DiskSlowdown{slowdown}); break;
    }
  }
}

}  // namespace shardproof::sim
