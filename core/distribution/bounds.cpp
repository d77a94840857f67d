// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/bounds.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/wide.hpp"

namespace shardproof::distribution {
namespace {

/// What a member is to hold: `floor` copies, or one more if it is rounded up.
struct Target {
  NodeId node;
  std::uint64_t weight = 0;
  std::uint64_t floor = 0;
  bool has_remainder = false;
};

struct Targets {
  std::vector<Target> members;
  std::uint64_t ceilings = 0;  ///< how many of those with a remainder are rounded up
};

/// Shares of `copies` by weight, none above `most`: members whose share is larger are set to it and leave
/// the others to share the rest, until nobody is above.
Targets balanced_targets(std::vector<Target> open, std::uint64_t copies, std::uint64_t most) {
  Targets targets;
  while (true) {
    UInt128 weight = 0;
    for (const Target& target : open) weight += target.weight;
    const std::uint64_t to_share = copies;
    const auto is_above = [&](const Target& target) {
      return static_cast<UInt128>(to_share) * target.weight > weight * most;
    };
    const auto first_above = std::stable_partition(open.begin(), open.end(), std::not_fn(is_above));
    if (first_above == open.end()) {
      for (Target& target : open) {
        const UInt128 product = static_cast<UInt128>(copies) * target.weight;
        target.floor = static_cast<std::uint64_t>(product / weight);
        target.has_remainder = product % weight != 0;
      }
      break;
    }
    for (auto target = first_above; target != open.end(); ++target) {
      target->floor = most;
      copies -= most;
      targets.members.push_back(*target);
    }
    open.erase(first_above, open.end());
  }
  targets.ceilings = copies;
  for (const Target& target : open) {
    targets.ceilings -= target.floor;
    targets.members.push_back(target);
  }
  return targets;
}

/// The sizes of the copies on each node, ascending.
std::vector<std::vector<std::uint64_t>> sizes_by_node(const ClusterView& view) {
  std::vector<std::vector<std::uint64_t>> sizes(view.nodes.size());
  for (const ShardView& shard : view.shards) {
    for (const NodeId node : planned_copies(shard)) {
      sizes[node.value()].push_back(shard.bytes.count());
    }
  }
  for (auto& node : sizes) std::sort(node.begin(), node.end());
  return sizes;
}

void give(MigrationMinimum& minimum, const std::vector<std::uint64_t>& sizes, std::uint64_t given) {
  minimum.copies += given;
  for (std::uint64_t i = 0; i < given; ++i) minimum.bytes += Bytes(sizes[i]);
}

/// Takes back, for each member that is rounded up, the largest copy that it would have given: a member
/// that gives none saves nothing.
void save_by_ceilings(MigrationMinimum& minimum, std::vector<std::uint64_t> savings,
                      std::uint64_t ceilings) {
  std::sort(savings.begin(), savings.end(), std::greater<>());
  if (savings.size() > ceilings) savings.resize(ceilings);
  minimum.copies -= savings.size();
  for (const std::uint64_t saved : savings) minimum.bytes -= Bytes(saved);
}

}  // namespace

MigrationMinimum migration_minimum(const ClusterView& before, const std::vector<bool>& members) {
  SHARDPROOF_CHECK(members.size() == before.nodes.size());
  const auto sizes = sizes_by_node(before);
  const std::vector<std::uint64_t> weights = node_weights(before);
  std::vector<Target> open;
  std::uint64_t copies = 0;
  MigrationMinimum minimum;
  for (std::size_t i = 0; i < members.size(); ++i) {
    copies += sizes[i].size();
    if (members[i]) open.push_back({before.nodes[i].id, weights[i], 0, false});
    if (!members[i]) give(minimum, sizes[i], sizes[i].size());
  }
  const std::uint64_t most = before.shards.size();
  // More copies than fit on the members would have to shrink in number first.
  SHARDPROOF_CHECK(!open.empty());
  copies = std::min(copies, most * open.size());
  const Targets targets = balanced_targets(std::move(open), copies, most);
  std::vector<std::uint64_t> savings;
  for (const Target& target : targets.members) {
    const auto& held = sizes[target.node.value()];
    if (held.size() <= target.floor) continue;
    give(minimum, held, held.size() - target.floor);
    if (target.has_remainder) savings.push_back(held[held.size() - target.floor - 1]);
  }
  save_by_ceilings(minimum, std::move(savings), targets.ceilings);
  return minimum;
}

std::vector<bool> members_after_changes(const ClusterView& view) {
  std::vector<bool> members;
  for (const NodeView& node : view.nodes) {
    members.push_back(takes_copies(node) || node.state == NodeState::Maintenance);
  }
  return members;
}

}  // namespace shardproof::distribution
