// SPDX-License-Identifier: Apache-2.0
#include "sim/check/balance.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {

void Balance::on(const fact::PlanMade& plan, const At& at) {
  // Whoever plans by an older table cannot know what has changed since.
  if (plan.revision < oracle_.holdings().changed_in()) return;
  evaluated();
  check_sight(plan, at);
  check_bytes(plan, at);
  check_weights(plan, at);
}

void Balance::check_sight(const fact::PlanMade& plan, const At& at) {
  const auto& nodes = plan.basis->holdings.nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const std::uint64_t held = oracle_.holdings().copies(NodeId(i));
    if (nodes[i].copies == held) continue;
    report(at, {ShardId::none(), {at.node, NodeId(i)}, {}},
           fmt::format(
               "{} plans ({}) by the table of {} for {} copies at {}, which has {} once all "
               "that is in flight has arrived",
               at.node, to_string(plan.cause), plan.revision, nodes[i].copies, NodeId(i), held));
    return;
  }
}

/// Of shards at rest, in which nothing has changed since everybody has told how large they are. A
/// report that comes a second time late may be believed again.
void Balance::check_bytes(const fact::PlanMade& plan, const At& at) {
  if (oracle_.config().reports_return) return;
  const Instant changed_at = std::max(applied_at_, oracle_.holdings().changed_at());
  if (!oracle_.is_reported(changed_at, at) || !oracle_.is_well_known(at)) return;
  const auto& nodes = plan.basis->holdings.nodes;
  for (std::uint32_t i = 0; i < oracle_.shard_count(); ++i) {
    const ShardFacts& shard = oracle_.shard(ShardId(i));
    const bool is_led = shard.serving.has_value() && !shard.excused;
    if (!is_led && !oracle_.holdings().holders(ShardId(i)).empty()) return;
  }
  const std::vector<std::uint64_t> held = oracle_.bytes_held(nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].bytes == held[i]) continue;
    report(
        at, {ShardId::none(), {at.node, NodeId(i)}, {}},
        fmt::format("{} plans ({}) for {} at {}, whose copies have {} and have not changed for {}",
                    at.node, to_string(plan.cause), human_bytes(Bytes(nodes[i].bytes)), NodeId(i),
                    human_bytes(Bytes(held[i])), human_duration(at.true_time - changed_at)));
    return;
  }
}

/// Whether the plan weighs every member by the size of its disk, where all records state one.
void Balance::check_weights(const fact::PlanMade& plan, const At& at) {
  const auto is_member = [](const NodeRecord& node) {
    return node.id.has_value() && node.state != NodeState::Removed;
  };
  const auto& records = oracle_.table().nodes();
  const bool all_stated = std::all_of(records.begin(), records.end(), [&](const NodeRecord& node) {
    return !is_member(node) || node.capacity.disk != Bytes(0);
  });
  const bool all_known = std::all_of(records.begin(), records.end(), [&](const NodeRecord& node) {
    const RecordKey key{RecordKind::Node, node.id.value()};
    return node.id.is_none() || oracle_.table().modified(key) <= plan.revision;
  });
  if (!all_stated || !all_known) return;
  const std::vector<std::uint64_t>& weights = plan.basis->weights;
  for (const NodeRecord& node : records) {
    if (!is_member(node) || node.id.value() >= weights.size()) continue;
    const std::uint64_t weight = weights[node.id.value()];
    if (weight == node.capacity.disk.count()) continue;
    report(at, {ShardId::none(), {at.node, node.id}, {}},
           fmt::format("{} plans ({}) with the weight {} for {}, which is to be the size of its "
                       "disk, {} ({})",
                       at.node, to_string(plan.cause), weight, node.id, node.capacity.disk.count(),
                       human_bytes(node.capacity.disk)));
    return;
  }
}

}  // namespace shardproof::sim::check
