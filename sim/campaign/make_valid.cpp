// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/make_valid.hpp"

#include <algorithm>
#include <set>

#include "sim/scenario/action_effect.hpp"
#include "sim/scenario/document_space.hpp"
#include "sim/scenario/event_paths.hpp"
#include "sim/scenario/least_delay.hpp"
#include "sim/scenario/lint.hpp"
#include "sim/scenario/mutable_selectors.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::sim::campaign {
namespace {

void end_with_run(ScenarioSpec& spec) {
  const Nanoseconds duration = spec.duration;
  spec.sample_every = std::min(spec.sample_every, duration);
  for (TrafficSpec& traffic : spec.traffic) traffic.stop = std::min(traffic.stop, duration);
  std::erase_if(spec.traffic, [](const auto& traffic) { return traffic.start >= traffic.stop; });
  std::erase_if(spec.events, [&](const EventSpec& event) {
    if (event.time) return *event.time >= duration;
    return event.armed_after >= duration || !can_hold(*event.condition, duration);
  });
  std::erase_if(spec.expectations,
                [&](const ExpectationSpec& expected) { return expected.time > duration; });
  const auto is_beyond = [&](const distribution::MoveWindow& window) {
    return !is_within_run(window, spec);
  };
  std::erase_if(spec.policy.limits.windows, is_beyond);
  for (VersionSpec& version : spec.versions) {
    std::erase_if(version.policy.limits.windows, is_beyond);
  }
}

void end_chaos_with_run(ScenarioSpec& spec) {
  ChaosSpec& chaos = spec.chaos;
  if (chaos.until && *chaos.until > spec.duration) chaos.until.reset();
  if (chaos.from >= chaos.until.value_or(spec.duration)) chaos.from = Nanoseconds(0);
}

/// What is told of shards that are gone goes with them, and surplus copies do.
void keep_shards_as_told(CollectionSpec& collection) {
  const auto shorten = [&](auto& told) {
    if (told.size() > collection.shards) told.resize(collection.shards);
  };
  shorten(collection.copies);
  shorten(collection.shard_bytes);
  for (auto& nodes : collection.copies) {
    if (nodes.size() > collection.replication_factor) nodes.resize(collection.replication_factor);
  }
}

/// A version whose timings do not go with the others' has those of the scenario again.
void make_leases_agree(ScenarioSpec& spec) {
  Nanoseconds lease = spec.protocol.lease;
  Nanoseconds heartbeat = spec.protocol.heartbeat;
  for (VersionSpec& version : spec.versions) {
    const Nanoseconds shortest = std::min(lease, version.protocol.lease);
    const Nanoseconds longest = std::max(heartbeat, version.protocol.heartbeat);
    if (shortest <= longest) {
      version.protocol = spec.protocol;
    } else {
      lease = shortest;
      heartbeat = longest;
    }
  }
}

/// Nobody waits for less than an answer takes at least.
void make_patient(ScenarioSpec& spec) {
  if (spec.cluster.single) return;
  const Nanoseconds answer = least_metadata_answer(spec) + Nanoseconds(1);
  spec.protocol.metadata_timeout = std::max(spec.protocol.metadata_timeout, answer);
  spec.protocol.lease = std::max(spec.protocol.lease, least_round_trip(spec) + Nanoseconds(1));
}

void keep_limits_apart(ScenarioSpec& spec) {
  const auto nodes =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(nodes_at_most(spec), ~std::uint32_t{0}));
  for (CollectionSpec& collection : spec.collections) {
    collection.replication_factor = std::min(collection.replication_factor, nodes);
    collection.write_concern = std::min(collection.write_concern, collection.replication_factor);
  }
  for (CollectionSpec& collection : spec.collections) keep_shards_as_told(collection);
  if (spec.protocol.lease <= spec.protocol.heartbeat) {
    spec.protocol.lease = ProtocolSpec{}.lease;
    spec.protocol.heartbeat = ProtocolSpec{}.heartbeat;
  }
  make_leases_agree(spec);
  spec.client.retry_backoff_max =
      std::max(spec.client.retry_backoff_max, spec.client.retry_backoff);
}

/// Disks too small for the documents are unlimited again.
void make_room(ScenarioSpec& spec) {
  const std::optional<UInt128> space = disk_bytes(spec);
  if (!space || document_bytes(spec) <= *space) return;
  spec.cluster.capacity.disk = NodeCapacity{}.disk;
  for (NodeSpec& node : spec.cluster.nodes) node.capacity.disk = NodeCapacity{}.disk;
}

/// Disks and networks too slow for a single document are unlimited.
void make_fast_enough(ScenarioSpec& spec) {
  const Bytes most = document_size_max(spec);
  const bool is_fast_enough = std::all_of(
      spec.collections.begin(), spec.collections.end(),
      [&](const CollectionSpec& collection) { return typical_document(collection) <= most; });
  if (is_fast_enough) return;
  spec.disk.bandwidth = Bandwidth();
  spec.cluster.capacity.network = Bandwidth();
  for (NodeSpec& node : spec.cluster.nodes) node.capacity.network = Bandwidth();
}

/// The domains that there are.
struct Domains {
  explicit Domains(const DomainTurn& turn) {
    for (const auto& [region, zone] : turn.zones) {
      regions.insert(region);
      zones.insert(zone);
      for (const std::string& rack : turn.racks) racks.insert(zone + "/" + rack);
    }
    rack_names.insert(turn.racks.begin(), turn.racks.end());
  }
  std::set<std::string> regions, zones, racks, rack_names;
};

void drop_links(ScenarioSpec& spec, const Domains& domains) {
  std::erase_if(spec.network.links, [&](const LinkSpec& link) {
    return !domains.zones.contains(link.zone) || !domains.zones.contains(link.other_zone);
  });
}

/// Names only what there is afterwards; false if that would be nothing.
bool repair(NodeSelector& selector, const ScenarioSpec& spec, const Domains& domains) {
  using Kind = NodeSelector::Kind;
  const std::uint64_t nodes = nodes_at_most(spec);
  switch (selector.kind) {
    case Kind::kNodes:
      std::erase_if(selector.nodes, [&](NodeId node) { return node.value() >= nodes; });
      return !selector.nodes.empty();
    case Kind::kLeader:
    case Kind::kReplicas:
      selector.number = std::min(selector.number, spec.collections[selector.collection].shards - 1);
      return true;
    case Kind::kRandom:
      selector.number = static_cast<std::uint32_t>(std::min<std::uint64_t>(selector.number, nodes));
      return true;
    case Kind::kZone: return domains.zones.contains(selector.name);
    case Kind::kRack: return domains.racks.contains(selector.name);
    case Kind::kRegion: return domains.regions.contains(selector.name);
    case Kind::kNewest: return nodes > spec.cluster.nodes.size();
    default: return true;
  }
}

/// The zone decides on the region, so both go with either.
void repair(JoinAction& join, const Domains& domains) {
  const bool has_zone = join.zone.empty() || domains.zones.contains(join.zone);
  const bool has_region = join.region.empty() || domains.regions.contains(join.region);
  if (!has_zone || !has_region) join.zone = join.region = "";
  if (!join.rack.empty() && !domains.rack_names.contains(join.rack)) join.rack = "";
}

void repair(ShardChoice& choice, const ScenarioSpec& spec) {
  choice.shard = std::min(choice.shard, spec.collections[choice.collection].shards - 1);
}

/// As many copies as can be, and as the write concern needs.
void repair(ReplicationAction& replication, const ScenarioSpec& spec) {
  const auto nodes =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(nodes_at_most(spec), ~std::uint32_t{0}));
  const std::uint32_t least = std::max(spec.collections[replication.collection].write_concern, 1u);
  replication.replication_factor = std::clamp(replication.replication_factor, least, nodes);
}

/// Whether the action, if it is one of those that can do nothing, does something.
bool has_effect(const Action& action, const ScenarioSpec& spec) {
  if (idle_text(action)) return false;
  if (const auto* move = std::get_if<MoveAction>(&action)) return move->from != move->to;
  if (const auto* swap = std::get_if<SwapDisksAction>(&action)) return !is_with_itself(*swap);
  if (const auto* partition = std::get_if<PartitionAction>(&action)) {
    return partition->from != partition->to;
  }
  if (const auto* replication = std::get_if<ReplicationAction>(&action)) {
    return !changes_nothing(*replication, spec);
  }
  if (const auto* enable = std::get_if<EnableShardingAction>(&action)) {
    return !spec.collections[enable->collection].sharded;
  }
  return true;
}

bool repair(EventSpec& event, const ScenarioSpec& spec, const Domains& domains) {
  Action& action = event.action;
  bool is_good = true;
  if (event.message && event.message->shard) {
    const std::uint32_t shards = spec.collections[*event.message->collection].shards;
    event.message->shard = std::min(*event.message->shard, shards - 1);
  }
  for (NodeSelector* selector : selectors_of(event)) {
    is_good = repair(*selector, spec, domains) && is_good;
  }
  if (auto* join = std::get_if<JoinAction>(&action)) repair(*join, domains);
  if (auto* order = std::get_if<ReplicationAction>(&action)) repair(*order, spec);
  if (auto* move = std::get_if<MoveAction>(&action)) repair(move->of, spec);
  if (auto* abort = std::get_if<AbortAction>(&action)) repair(abort->of, spec);
  auto* status = std::get_if<StatusAction>(&action);
  if (status != nullptr && status->of == StatusAction::Of::kShard) {
    status->shard = std::min(*status->shard, spec.collections[*status->collection].shards - 1);
  }
  return is_good && has_effect(action, spec);
}

}  // namespace

void make_valid(ScenarioSpec& spec) {
  // Joins go only here; how many nodes there can be is certain afterwards.
  end_with_run(spec);
  end_chaos_with_run(spec);
  make_patient(spec);
  keep_limits_apart(spec);
  make_room(spec);
  make_fast_enough(spec);
  forget_unknown_versions(spec);
  const Domains domains(spec.cluster.domains);
  drop_links(spec, domains);
  std::vector<EventSpec> kept;
  for (EventSpec event : spec.events) {
    if (repair(event, spec, domains)) kept.push_back(std::move(event));
  }
  spec.events = std::move(kept);
}

}  // namespace shardproof::sim::campaign
