// SPDX-License-Identifier: Apache-2.0
#include "sim/check/balance.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "sim/check/open_windows.hpp"
#include "sim/check/plan_sight.hpp"

namespace shardproof::sim::check {
namespace {

/// How often plans are made whichever version the coordinator runs; zero if one makes none.
Nanoseconds plan_interval(const CheckConfig& config) {
  Nanoseconds longest;
  for (const VersionTraits& version : config.versions) {
    if (version.plan_interval == Nanoseconds(0)) return version.plan_interval;
    longest = std::max(longest, version.plan_interval);
  }
  return longest;
}

}  // namespace

void Balance::on(const hook::Committing& commit, const At&) {
  for (const Record& record : commit.delta.records) {
    const auto* settings = std::get_if<ClusterSettings>(&record);
    if (settings == nullptr || settings->balancing_enabled) continue;
    // What waits for evenness is dropped then, or goes on if it is on again before anybody looked.
    waiting_.moves = 0;
    off_in_ = commit.delta.revision;
  }
}

void Balance::on(const fact::PlannedMoveTaken& taken, const At&) {
  const bool is_counted = taken.for_evenness && taken.term == waiting_.term;
  if (is_counted && waiting_.moves > 0) --waiting_.moves;
}

void Balance::on(const fact::PlanMade& plan, const At& at) {
  // Who plans without knowing that balancing is off drops the plan when it learns of it.
  const bool may_be_dropped = plan.revision < off_in_;
  const std::uint64_t moves = may_be_dropped ? 0 : plan.balance_moves + plan.transfers;
  waiting_ = {at.node, plan.term, moves, at.true_time};
  if (plan.for_evenness) planned_by_ = std::max(planned_by_, plan.revision);
  // Whoever plans by an older table cannot know what has changed since.
  if (plan.revision < oracle_.holdings().changed_in()) return;
  evaluated();
  check_sight(plan, at);
  check_bytes(plan, at);
  check_weights(plan, at);
  if (plan.for_evenness && plan.balance_moves == 0 && plan.other_moves == 0) check_rest(plan, at);
}

void Balance::check_sight(const fact::PlanMade& plan, const At& at) {
  const auto& nodes = plan.basis->holdings.nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const std::uint64_t held = oracle_.holdings().copies(NodeId(i));
    if (nodes[i].copies == held) continue;
    report(at, {ShardId::none(), {at.node, NodeId(i)}, {}},
           fmt::format("{} plans for {} copies at {}, which has {} once all that is in flight has "
                       "arrived",
                       at.node, nodes[i].copies, NodeId(i), held));
    return;
  }
}

bool Balance::is_reported(Instant since, const At& at) const {
  const Timing& timing = oracle_.config().longest;
  return at.true_time - since > timing.report_interval * 4 + timing.node_lease * 4;
}

bool Balance::is_well_known(const At& at) const {
  return oracle_.is_whole() && is_reported(oracle_.calm_since(), at);
}

/// Of shards at rest, in which nothing has changed since everybody has told how large they are. A
/// report that comes a second time late may be believed again.
void Balance::check_bytes(const fact::PlanMade& plan, const At& at) {
  if (oracle_.config().reports_return) return;
  const Instant changed_at = std::max(applied_at_, oracle_.holdings().changed_at());
  if (!is_reported(changed_at, at) || !is_well_known(at)) return;
  const auto& nodes = plan.basis->holdings.nodes;
  for (std::uint32_t i = 0; i < oracle_.shard_count(); ++i) {
    const ShardFacts& shard = oracle_.shard(ShardId(i));
    const bool is_led = shard.serving.has_value() && !shard.excused;
    if (!is_led && !oracle_.holdings().holders(ShardId(i)).empty()) return;
  }
  const std::vector<std::uint64_t> held = oracle_.bytes_held(nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].bytes == held[i]) continue;
    report(at, {ShardId::none(), {at.node, NodeId(i)}, {}},
           fmt::format("{} plans for {} at {}, whose copies have {} and have not changed for {}",
                       at.node, human_bytes(Bytes(nodes[i].bytes)), NodeId(i),
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
           fmt::format("{} plans with the weight {} for {}, whose disk has {}", at.node, weight,
                       node.id, human_bytes(node.capacity.disk)));
    return;
  }
}

/// Without limit, or so large that nothing in a scenario fills it.
bool Balance::is_disk_ample(const NodeRecord& node) const {
  const NodeFacts& facts = oracle_.node(node.id);
  const Bytes capacity = std::max(node.capacity.disk, facts.capacity);
  return capacity == Bytes(0) || facts.used < capacity / 1000;
}

bool Balance::is_free_to_move(const fact::PlanMade& plan) const {
  const auto& nodes = plan.basis->holdings.nodes;
  if (plan.basis->holdings.free_shards != plan.basis->shards) return false;
  const NodeRecord* first = nullptr;
  for (const NodeRecord& node : oracle_.table().nodes()) {
    if (node.id.is_none() || node.state == NodeState::Removed) continue;
    if (first == nullptr) first = &node;
    const bool takes = node.id.value() < nodes.size() && nodes[node.id.value()].takes_copies;
    // Who weighs more than others may be barred from its share: two copies of a shard share no
    // node.
    const bool is_equal = node.capacity.disk == first->capacity.disk;
    if (!is_disk_ample(node) || !is_equal || !takes || node.domain != first->domain) return false;
  }
  const auto& shards = oracle_.table().shards();
  return std::all_of(shards.begin(), shards.end(), [&](const ShardInfo& shard) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) return true;
    const std::uint32_t wanted = oracle_.collection_of(shard.id).replication_factor;
    return shard.learners.empty() && !shard.migration && shard.replicas.size() >= wanted;
  });
}

void Balance::check_rest(const fact::PlanMade& plan, const At& at) {
  const auto bound = oracle_.traits_of_plan(at.node, plan.revision).balance_bound;
  // A disk that was full is taken for full until its node has told otherwise.
  if (!bound || !is_free_to_move(plan) || !is_well_known(at)) return;
  if (!are_counts_within(*plan.basis, bound->count_gap)) {
    return report(
        at, {ShardId::none(), {at.node}, {}},
        fmt::format("{} plans no move ({}), although copies are less even than the policy declares "
                    "and nothing stands in the way",
                    at.node, to_string(plan.cause)));
  }
  if (bound->leader_gap && plan.transfers == 0) check_leaders(plan, *bound->leader_gap, at);
}

void Balance::check_leaders(const fact::PlanMade& plan, std::uint32_t gap, const At& at) {
  const ShardTable& table = oracle_.table();
  const std::vector<std::uint64_t>& weights = plan.basis->weights;
  std::vector<std::uint32_t> leads(table.nodes().size());
  for (const ShardInfo& shard : table.shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    const CollectionConfig& collection = oracle_.collection_of(shard.id);
    // With fewer acknowledgements than copies a leader may be the only one that has everything.
    const bool may_stay =
        collection.write_concern != 0 && collection.write_concern < collection.replication_factor;
    const RecordKey key{RecordKind::Shard, shard.id.value()};
    if (may_stay || shard.leader.is_none() || table.modified(key) > plan.revision) return;
    ++leads[shard.leader.value()];
  }
  for (const ShardInfo& shard : table.shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    for (const NodeId node : shard.replicas) {
      const UInt128 more = UInt128{leads[node.value()]} + gap;
      const UInt128 most = leads[shard.leader.value()];
      if (more * weights[shard.leader.value()] >= most * weights[node.value()]) continue;
      return report(at, {shard.id, {at.node, shard.leader, node}, {}},
                    fmt::format("{} plans nothing ({}), although {} leads {} shards and {}, which "
                                "could lead {}, only {}",
                                at.node, to_string(plan.cause), shard.leader,
                                leads[shard.leader.value()], node, shard.id, leads[node.value()]));
    }
  }
}

void Balance::on(const hook::Settled&, const At& at) {
  check_periodic(at);
  check_waiting(at);
}

/// Whoever holds the office since the plan, with nothing in flight any more, has begun all of it.
void Balance::check_waiting(const At& at) {
  if (waiting_.moves == 0 || waiting_.term != oracle_.office()) return;
  if (!oracle_.table().settings().balancing_enabled || !is_well_known(at)) return;
  evaluated();
  // By its last lease, as it counts on both clocks: how far the planner's is off.
  const Timing& timing = oracle_.config().longest;
  const NodeFacts& planner = oracle_.node(waiting_.planner);
  if (planner.lease_until == Instant()) return;
  const Instant clock = at.true_time + (planner.lease_until - planner.leased_until);
  const Nanoseconds patience = timing.node_lease * 4 + timing.coordinator_lease * 4;
  if (at.true_time - waiting_.planned_at <= patience) return;
  const auto& limits = oracle_.version_of_office(waiting_.planner, waiting_.term).limits;
  const auto open = open_since(limits, clock);
  if (!open || clock - *open <= patience || !open_since(limits, clock + timing.node_lease)) return;
  report(at, {ShardId::none(), {waiting_.planner}, {}},
         fmt::format("settled, and of what {} has planned for evenness {} moves or hand-overs "
                     "have not begun, although {}",
                     waiting_.planner, waiting_.moves,
                     limits.windows.empty() ? std::string("they may at any time")
                                            : fmt::format("a window for them has been open for {}",
                                                          human_duration(clock - *open))));
}

void Balance::check_periodic(const At& at) {
  const CheckConfig& config = oracle_.config();
  const Timing& timing = config.longest;
  const Nanoseconds interval = plan_interval(config);
  // A single node has nobody to plan, and nowhere to move a copy.
  if (!config.has_cluster_manager || interval == Nanoseconds(0)) return;
  if (!oracle_.table().settings().balancing_enabled || !oracle_.is_whole()) return;
  evaluated();
  // An unknown load holds a plan up, and a new coordinator knows none.
  const Nanoseconds bound = interval * 2 + timing.report_interval * 2 + timing.node_lease * 4 +
                            timing.coordinator_lease * 4;
  const Instant since = std::max(oracle_.holdings().changed_at(), oracle_.calm_since());
  if (planned_by_ >= oracle_.holdings().changed_in() || at.true_time - since <= bound) return;
  report(at, {ShardId::none(), {}, {}},
         fmt::format("settled, and nothing was planned for {} although plans are to be made every "
                     "{}",
                     human_duration(at.true_time - since), human_duration(interval)));
}

}  // namespace shardproof::sim::check
