// SPDX-License-Identifier: Apache-2.0
#include "sim/check/kept_orders.hpp"

#include <algorithm>
#include <utility>

#include "core/base/humanise.hpp"
#include "sim/check/order_effects.hpp"
#include "sim/observe/order_text.hpp"

namespace shardproof::sim::check {

void KeptOrders::on(const hook::Commanded& commanded, const At& at) {
  open_.emplace(commanded.request->request, Order{commanded.request, at.true_time});
}

void KeptOrders::on(const fact::AdminEnded& ended, const At& at) {
  const auto found = open_.find(ended.request);
  if (found == open_.end()) return;
  const Order order = std::move(found->second);
  open_.erase(found);
  // Who is deposed speaks of a table that is not the last.
  if (ended.outcome != message::AdminOutcome::Done) return;
  if (oracle_.table().coordinator().node != at.node) return;
  evaluated();
  // Where a copy is may have changed again, by a commit that the coordinator has yet to hear of.
  const ShardTable& table = oracle_.table();
  const bool is_of_shard = order.request->kind == message::AdminKind::MoveShard &&
                           table.find_shard(order.request->shard) != nullptr;
  const RecordKey record{RecordKind::Shard, order.request->shard.value()};
  if (is_of_shard && table.modified(record) > oracle_.node(at.node).adopted) return;
  const std::string fault = missing_effect(table, *order.request);
  if (fault.empty()) return;
  report(at, {ShardId::none(), {at.node, order.request->node}, {}},
         fmt::format(
             "{} says that the operator's command {} (\"{}\", given {} ago) is done, and {} "
             "at {}",
             at.node, ended.request, describe(*order.request),
             human_duration(at.true_time - order.given_at), fault, oracle_.table().revision()));
}

bool KeptOrders::is_off(Revision known) const {
  const ShardTable& table = oracle_.table();
  return !table.settings().balancing_enabled && table.modified({RecordKind::Settings, 0}) <= known;
}

void KeptOrders::on(const fact::PlanMade& plan, const At& at) {
  if (!plan.for_evenness) return;
  evaluated();
  if (!is_off(plan.revision)) return;
  report(at, {ShardId::none(), {at.node}, {}},
         fmt::format("{}, coordinator under {}, plans {} moves for evenness by the table of {}, in "
                     "which balancing is off since {}",
                     at.node, plan.term, plan.balance_moves, plan.revision,
                     oracle_.table().modified({RecordKind::Settings, 0})));
}

void KeptOrders::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    if (const auto* shard = std::get_if<ShardInfo>(&record)) check_move(*shard, commit.author, at);
    if (const auto* node = std::get_if<NodeRecord>(&record)) check_drain(*node, commit.author, at);
  }
}

void KeptOrders::check_move(const ShardInfo& after, NodeId author, const At& at) {
  if (!after.migration || !oracle_.knows(after.id)) return;
  const Migration& migration = *after.migration;
  const auto& known = oracle_.table().find_shard(after.id)->migration;
  const bool is_new = !known || known->id != migration.id;
  if (!is_new || migration.reason != MigrationReason::Balance) return;
  evaluated();
  if (!is_off(oracle_.shard(after.id).proposed_with)) return;
  report(at, {after.id, {author, migration.target}, {after.epoch}},
         fmt::format("{} begins migration {} of {} from {} to {} for evenness, proposed with the "
                     "table of {}, and balancing is off since {}",
                     author, migration.id, after.id, migration.source, migration.target,
                     oracle_.shard(after.id).proposed_with,
                     oracle_.table().modified({RecordKind::Settings, 0})));
}

bool KeptOrders::knows_members(NodeId node) const {
  const ShardTable& table = oracle_.table();
  const Revision known = oracle_.node(node).adopted;
  const auto all_known = [&](const auto& records, RecordKind kind) {
    return std::all_of(records.begin(), records.end(), [&](const auto& record) {
      return record.id.is_none() || table.modified({kind, record.id.value()}) <= known;
    });
  };
  return all_known(table.nodes(), RecordKind::Node) &&
         all_known(table.collections(), RecordKind::Collection);
}

void KeptOrders::check_drain(const NodeRecord& after, NodeId author, const At& at) {
  const ShardTable& table = oracle_.table();
  const NodeRecord* before = table.find_node(after.id);
  const bool begins =
      before != nullptr && before->state == NodeState::Active && after.state == NodeState::Draining;
  // What was proposed beside it the coordinator could not know of.
  if (!begins || !knows_members(author)) return;
  evaluated();
  const auto& nodes = table.nodes();
  const auto left = static_cast<std::uint32_t>(
      std::count_if(nodes.begin(), nodes.end(), [&](const NodeRecord& other) {
        return other.id.has_value() && other.id != after.id && other.state == NodeState::Active;
      }));
  for (const CollectionConfig& collection : table.collections()) {
    const bool lives = collection.id.has_value() && collection.successor.is_none();
    if (!lives || collection.replication_factor <= left) continue;
    report(
        at, {ShardId::none(), {author, after.id}, {}},
        fmt::format("{} lets {} drain, although {} is to have {} copies of its shards, and {} "
                    "active nodes are left",
                    author, after.id, collection.full_name(), collection.replication_factor, left));
    return;
  }
}

}  // namespace shardproof::sim::check
