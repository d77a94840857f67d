// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/messages.hpp"
#include "sim/campaign/dice.hpp"
#include "sim/scenario/condition.hpp"
#include "sim/scenario/mutable_selectors.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim::swarm {

using SelectorKind = NodeSelector::Kind;

/// A message takes as long as the faults made it take when it was sent, also after they have ended.
/// Slow nodes in a network with spikes must not keep one on its way for as long as the checks wait
/// for the end of everything.
inline constexpr std::uint64_t kSlowNetworkMax = 30;
inline constexpr Nanoseconds kSpikeMax = milliseconds(100);

inline NodeSelector of_kind(SelectorKind kind) {
  NodeSelector selector;
  selector.kind = kind;
  return selector;
}

inline NodeSelector leader_of(const ShardChoice& shard) {
  NodeSelector selector = of_kind(SelectorKind::kLeader);
  selector.collection = shard.collection;
  selector.number = shard.shard;
  return selector;
}

inline NodeSelector any_domain(Dice& dice) {
  return of_kind(
      dice.pick({SelectorKind::kRandomZone, SelectorKind::kRandomZone, SelectorKind::kRandomRack}));
}

/// From a stream of its own: of a cluster with regions every third domain is one.
inline void widen_domain(Dice dice, const ScenarioSpec& spec, Action& action) {
  const auto& zones = spec.cluster.domains.zones;
  if (zones.front().first == zones.back().first || !dice.one_in(3)) return;
  for (NodeSelector* selector : selectors_of(action)) {
    if (selector->is_random_domain()) selector->kind = SelectorKind::kRandomRegion;
  }
}

/// The last second is for what comes of it; of a short run the second half.
inline Nanoseconds moment_in(const ScenarioSpec& spec, Dice& dice) {
  const Nanoseconds latest =
      spec.duration > seconds(2) ? spec.duration - seconds(1) : spec.duration / 2;
  return dice.time(std::min(latest, milliseconds(100)), latest);
}

/// Fires when a migration comes into that phase, if one ever does.
inline Condition in_phase(const std::string& phase) {
  return *parse_condition("migration.phase == \"" + phase + "\"");
}

inline Condition in_any_phase(Dice& dice) {
  return in_phase(dice.pick({"prepare", "copy", "sync", "switch", "cleanup"}));
}

/// Behind those of the same time, before those that wait for a condition.
inline void insert_by_time(EventSpec event, ScenarioSpec& spec) {
  const auto place = std::find_if(spec.events.begin(), spec.events.end(), [&](const auto& other) {
    return !other.time || *other.time > *event.time;
  });
  spec.events.insert(place, std::move(event));
}

/// Whether something of that kind is there: a scenario has few kinds, so that each can be missing.
template <typename Kind>
bool has_kind(const ScenarioSpec& spec) {
  return std::any_of(spec.events.begin(), spec.events.end(), [](const EventSpec& event) {
    return std::holds_alternative<Kind>(event.action);
  });
}

/// On how many disks a script destroys what they hold, or some of it: of each shard another copy
/// has to be elsewhere.
inline std::uint32_t disks_spoilt(const ScenarioSpec& spec) {
  std::uint32_t spoilt = 0;
  for (const EventSpec& event : spec.events) {
    const Action& action = event.action;
    const bool is_one = std::holds_alternative<LoseDiskAction>(action) ||
                        std::holds_alternative<CorruptAction>(action) ||
                        std::holds_alternative<MisdirectAction>(action);
    const bool are_two = std::holds_alternative<SwapDisksAction>(action);
    spoilt = std::max(spoilt, are_two ? 2u : is_one ? 1u : 0u);
  }
  return spoilt;
}

/// Whether the loss of so many disks leaves every shard a copy, if all are in sync then.
inline bool survives(std::uint32_t disks, const ScenarioSpec& spec) {
  const bool is_replicated = std::all_of(
      spec.collections.begin(), spec.collections.end(), [disks](const CollectionSpec& collection) {
        return collection.sharded && collection.replication_factor > disks;
      });
  return !spec.cluster.single && is_replicated && disks_spoilt(spec) == 0;
}

/// The alternative of `Message` that is an M, as actions and triggers name it.
template <typename M>
std::uint32_t message_kind() {
  return static_cast<std::uint32_t>(Message(M{}).index());
}

/// Adds actions to a scenario, each so long after one moment; those behind its end are left out.
class Sequence {
 public:
  Sequence(Nanoseconds begin, ScenarioSpec& spec) : begin_(begin), spec_(spec) {}

  void add(Nanoseconds after, Action action, std::optional<Nanoseconds> lasts) {
    EventSpec event;
    event.time = begin_ + after;
    event.action = std::move(action);
    event.lasts = lasts;
    if (*event.time < spec_.duration) insert_by_time(std::move(event), spec_);
  }

 private:
  Nanoseconds begin_;
  ScenarioSpec& spec_;
};

/// Makes one event's parts for one scenario.
class EventDraw {
 public:
  EventDraw(Dice& dice, const ScenarioSpec& spec) : dice_(dice), spec_(spec) {}

  NodeSelector node() {
    NodeSelector selector;
    selector.kind =
        dice_.pick({SelectorKind::kNodes, SelectorKind::kNodes, SelectorKind::kRandom,
                    SelectorKind::kLeader, SelectorKind::kReplicas, SelectorKind::kCoordinator,
                    SelectorKind::kMigrationSource, SelectorKind::kMigrationTarget});
    const bool is_clustered = selector.kind != SelectorKind::kNodes &&
                              selector.kind != SelectorKind::kRandom &&
                              selector.kind != SelectorKind::kLeader;
    if (spec_.cluster.single && is_clustered) selector.kind = SelectorKind::kNodes;
    if (selector.kind == SelectorKind::kNodes) selector.nodes = {any_node()};
    if (selector.kind == SelectorKind::kRandom) selector.number = 1;
    if (selector.kind == SelectorKind::kLeader || selector.kind == SelectorKind::kReplicas) {
      selector = holder_of(shard(), selector.kind);
    }
    return selector;
  }
  /// Of a shard with one copy only there are no replicas: its leader then.
  NodeSelector holder_of(const ShardChoice& shard, SelectorKind kind) const {
    const bool has_replicas = spec_.collections[shard.collection].replication_factor > 1;
    NodeSelector selector = leader_of(shard);
    if (has_replicas) selector.kind = kind;
    return selector;
  }
  NodeSelector numbered_node() {
    NodeSelector selector;
    selector.nodes = {any_node()};
    return selector;
  }
  /// Another than `one`.
  NodeSelector another(const NodeSelector& one) {
    NodeSelector other = numbered_node();
    if (other == one) other = of_kind(SelectorKind::kCoordinator);
    return other;
  }
  ShardChoice shard() {
    const auto collections = static_cast<std::uint32_t>(spec_.collections.size());
    const std::uint32_t collection = dice_.between(0, collections - 1);
    return {collection, dice_.between(0, spec_.collections[collection].shards - 1)};
  }
  Nanoseconds moment() { return moment_in(spec_, dice_); }
  Nanoseconds lasts() { return dice_.span(milliseconds(30), seconds(3)); }
  Dice& dice() { return dice_; }
  const ScenarioSpec& spec() const { return spec_; }

 private:
  NodeId any_node() {
    return NodeId(dice_.between(0, static_cast<std::uint32_t>(spec_.cluster.nodes.size()) - 1));
  }

  Dice& dice_;
  const ScenarioSpec& spec_;
};

/// Of a copy to a node that may have one.
inline MoveAction any_move(EventDraw& draw) {
  MoveAction move;
  move.of = draw.shard();
  move.from =
      draw.holder_of(move.of, draw.dice().coin() ? SelectorKind::kLeader : SelectorKind::kReplicas);
  move.to = draw.numbered_node();
  return move;
}

}  // namespace shardproof::sim::swarm
