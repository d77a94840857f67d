// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/bounds.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "core/base/wide.hpp"
#include "core/distribution/balanced_counts.hpp"

namespace shardproof::distribution {
namespace {

using Sizes = std::vector<std::uint64_t>;  // of the copies on a node, ascending

std::vector<Sizes> sizes_by_node(const ClusterView& view) {
  std::vector<Sizes> sizes(view.nodes.size());
  for (const ShardView& shard : view.shards) {
    for (const NodeId node : planned_copies(shard)) {
      sizes[node.value()].push_back(shard.bytes.count());
    }
  }
  for (Sizes& node : sizes) std::sort(node.begin(), node.end());
  return sizes;
}

std::uint64_t sum(const Sizes& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
}

void keep_largest(Sizes& sizes, std::uint64_t count) {
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  if (sizes.size() > count) sizes.resize(count);
}

/// The `given` smallest copies leave.
void give(MigrationMinimum& minimum, const Sizes& sizes, std::uint64_t given) {
  minimum.copies += given;
  for (std::uint64_t i = 0; i < given; ++i) minimum.bytes += Bytes(sizes[i]);
}

/// What the members give; those that are rounded up keep the largest copy that they would have
/// given.
void give_excess_copies(MigrationMinimum& minimum, const std::vector<CountPool>& pools,
                        const std::vector<Sizes>& sizes) {
  std::uint64_t ceilings = 0;
  Sizes savings;
  for (const CountPool& pool : pools) {
    Sizes of_pool;
    for (const CountTarget& target : pool.targets) {
      const Sizes& held = sizes[target.node.value()];
      if (held.size() <= target.floor) continue;
      give(minimum, held, held.size() - target.floor);
      if (target.may_round_up) of_pool.push_back(held[held.size() - target.floor - 1]);
    }
    if (pool.is_bounded) keep_largest(of_pool, pool.ceilings);
    savings.insert(savings.end(), of_pool.begin(), of_pool.end());
    ceilings += pool.ceilings;
  }
  keep_largest(savings, ceilings);
  minimum.copies -= savings.size();
  minimum.bytes -= Bytes(sum(savings));
}

/// What is above the members' shares of the pool's bytes.
Bytes excess_bytes(const CountPool& pool, const std::vector<Sizes>& sizes) {
  UInt128 pool_weight = 0;
  for (const CountTarget& target : pool.targets) pool_weight += target.weight;
  std::uint64_t excess = 0;
  for (const CountTarget& target : pool.targets) {
    const UInt128 scaled = static_cast<UInt128>(pool.bytes) * target.weight;
    const auto share = static_cast<std::uint64_t>((scaled + pool_weight - 1) / pool_weight);
    const std::uint64_t held = sum(sizes[target.node.value()]);
    if (held > share) excess += held - share;
  }
  return Bytes(excess);
}

/// What leaves the non-members, and what is above what the members may hold.
Bytes bytes_above(const std::vector<bool>& members, const std::vector<CountPool>& pools,
                  const std::vector<Sizes>& sizes) {
  Bytes above;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!members[i]) above += Bytes(sum(sizes[i]));
  }
  for (const CountPool& pool : pools) above += excess_bytes(pool, sizes);
  return above;
}

}  // namespace

MigrationMinimum migration_minimum(const ClusterView& before, const std::vector<bool>& members) {
  const std::vector<Sizes> sizes = sizes_by_node(before);
  MigrationMinimum minimum;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!members[i]) give(minimum, sizes[i], sizes[i].size());
  }
  const std::vector<CountPool> pools = balanced_counts(before, members);
  give_excess_copies(minimum, pools, sizes);
  minimum.bytes_to_even = bytes_above(members, pools, sizes);
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
