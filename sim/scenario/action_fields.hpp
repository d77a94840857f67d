// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/fields.hpp"
#include "sim/scenario/message_names.hpp"
#include "sim/scenario/selector_codec.hpp"

namespace shardproof::sim {

inline constexpr Whole<std::uint32_t> kShardNumber{0, 1'000'000};

/// The keys of each action's table, as in fields.hpp. `names` outlives the call.

template <typename Visitor>
void fields(Visitor& visitor, JoinAction& join, const Names&) {
  visitor.field("nodes", join.nodes, Whole<std::uint32_t>{1, kNodesMax});
  visitor.field("region", join.region, Text{});
  visitor.field("zone", join.zone, Text{});
  visitor.field("rack", join.rack, Text{});
  visitor.table("capacity", [&](auto& capacity) { fields(capacity, join.capacity); });
  visitor.optional("version", join.version, Text{false});
}

template <typename Visitor>
void fields(Visitor& visitor, DrainAction& drain, const Names& names) {
  visitor.required("node", drain.node, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, MaintenanceAction& maintenance, const Names& names) {
  visitor.required("node", maintenance.node, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, RemoveAction& remove, const Names& names) {
  visitor.required("node", remove.node, SelectorCodec{names});
  visitor.field("force", remove.force, Flag{});
}

template <typename Visitor>
void fields(Visitor& visitor, EnableShardingAction& enable, const Names& names) {
  visitor.required("collection", enable.collection, collection_codec(names));
}

template <typename Visitor>
void fields(Visitor&, RebalanceAction&, const Names&) {}

template <typename Visitor>
void fields(Visitor& visitor, ShardChoice& choice, const Names& names) {
  visitor.required("collection", choice.collection, collection_codec(names));
  visitor.required("shard", choice.shard, kShardNumber);
}

template <typename Visitor>
void fields(Visitor& visitor, MessageTrigger& message, const Names& names) {
  visitor.required("type", message.type, message_codec());
  visitor.field("from", message.from, SelectorCodec{names, true});
  visitor.field("to", message.to, SelectorCodec{names, true});
  visitor.optional("collection", message.collection, collection_codec(names));
  visitor.optional("shard", message.shard, kShardNumber);
  visitor.field("count", message.count, Whole<std::uint32_t>{1, 1'000'000'000});
}

template <typename Visitor>
void fields(Visitor& visitor, MoveAction& move, const Names& names) {
  fields(visitor, move.of, names);
  visitor.required("from", move.from, SelectorCodec{names});
  visitor.required("to", move.to, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, AbortAction& abort, const Names& names) {
  fields(visitor, abort.of, names);
}

template <typename Visitor>
void fields(Visitor& visitor, BalancingAction& balancing, const Names&) {
  visitor.required("enabled", balancing.enabled, Flag{});
}

template <typename Visitor>
void fields(Visitor& visitor, ReplicationAction& replication, const Names& names) {
  visitor.required("collection", replication.collection, collection_codec(names));
  visitor.required("replication_factor", replication.replication_factor,
                   Whole<std::uint32_t>{1, 64});
}

template <typename Visitor>
void fields(Visitor& visitor, LimitsAction& action, const Names&) {
  OrderedLimits& limits = action.limits;
  visitor.optional("moves_per_node", limits.moves_per_node, Whole<std::uint32_t>{});
  visitor.optional("moves_per_zone", limits.moves_per_domain, Whole<std::uint32_t>{});
  visitor.optional("moves_in_cluster", limits.moves_cluster_wide, Whole<std::uint32_t>{});
  visitor.optional("bandwidth", limits.bandwidth, kBandwidth);
}

template <typename Visitor>
void fields(Visitor& visitor, PolicyAction& policy, const Names& names) {
  visitor.required("rebalance", policy.rebalance,
                   KnownName{"rebalance policy", names.vocabulary.rebalances});
}

template <typename Visitor>
void fields(Visitor& visitor, StatusAction& status, const Names& names) {
  using Of = StatusAction::Of;
  visitor.required(
      "of", status.of,
      OneOf<Of>{
          {{"cluster", Of::kCluster}, {"migrations", Of::kMigrations}, {"shard", Of::kShard}}});
  visitor.optional("collection", status.collection, collection_codec(names));
  visitor.optional("shard", status.shard, kShardNumber);
}

template <typename Visitor>
void fields(Visitor& visitor, CrashAction& crash, const Names& names) {
  visitor.required("node", crash.node, SelectorCodec{names});
  visitor.optional("unsynced", crash.unsynced, kUnsynced);
  visitor.optional("undeleted", crash.undeleted, kProbability);
  visitor.field("stagger", crash.stagger, kDuration);
}

template <typename Visitor>
void fields(Visitor& visitor, RestartAction& restart, const Names& names) {
  visitor.required("node", restart.node, SelectorCodec{names});
  visitor.field("stagger", restart.stagger, kDuration);
  visitor.optional("version", restart.version, Text{false});
}

template <typename Visitor>
void fields(Visitor& visitor, PauseAction& pause, const Names& names) {
  visitor.required("node", pause.node, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, GrayAction& gray, const Names& names) {
  visitor.required("node", gray.node, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, PartitionAction& partition, const Names& names) {
  visitor.required("from", partition.from, SelectorCodec{names, true});
  visitor.required("to", partition.to, SelectorCodec{names, true});
  visitor.field("one_way", partition.one_way, Flag{});
}

template <typename Visitor>
void fields(Visitor& visitor, ClogAction& clog, const Names& names) {
  visitor.required("from", clog.from, SelectorCodec{names, true});
  visitor.field("to", clog.to, SelectorCodec{names, true});
  visitor.field("one_way", clog.one_way, Flag{});
}

template <typename Visitor>
void fields(Visitor& visitor, SwizzleAction& swizzle, const Names& names) {
  visitor.field("node", swizzle.node, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, DropAction& drop, const Names& names) {
  visitor.optional("message", drop.message, message_codec());
  visitor.field("from", drop.from, SelectorCodec{names, true});
  visitor.field("to", drop.to, SelectorCodec{names, true});
  visitor.field("chance", drop.chance, kProbability);
}

template <typename Visitor>
void fields(Visitor& visitor, DelayAction& delay, const Names& names) {
  visitor.optional("message", delay.message, message_codec());
  visitor.field("from", delay.from, SelectorCodec{names, true});
  visitor.field("to", delay.to, SelectorCodec{names, true});
  visitor.field("by", delay.by, kDelay);
  visitor.field("factor", delay.factor, kSlowdown);
}

template <typename Visitor>
void fields(Visitor& visitor, SlowAction& slow, const Names& names) {
  visitor.required("node", slow.node, SelectorCodec{names});
  visitor.field("disk", slow.disk, kSlowdown);
  visitor.field("network", slow.network, kSlowdown);
  visitor.field("cpu", slow.cpu, kSlowdown);
}

template <typename Visitor>
void fields(Visitor& visitor, DiskFullAction& full, const Names& names) {
  visitor.required("node", full.node, SelectorCodec{names});
  visitor.field("free", full.free, kBytes);
}

template <typename Visitor>
void fields(Visitor& visitor, DiskErrorsAction& errors, const Names& names) {
  visitor.required("node", errors.node, SelectorCodec{names});
  visitor.field("failed", errors.failed, kProbability);
  visitor.field("unknown", errors.unknown, kProbability);
  visitor.field("silent", errors.silent, kProbability);
}

template <typename Visitor>
void fields(Visitor& visitor, StallAction& stall, const Names& names) {
  visitor.required("node", stall.node, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, LoseDiskAction& lose, const Names& names) {
  visitor.required("node", lose.node, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, SwapDisksAction& swap, const Names& names) {
  visitor.required("node", swap.node, SelectorCodec{names});
  visitor.required("with", swap.with, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, CorruptAction& corrupt, const Names& names) {
  visitor.required("node", corrupt.node, SelectorCodec{names});
  visitor.field("sectors", corrupt.sectors, kSectorCount);
}

template <typename Visitor>
void fields(Visitor& visitor, MisdirectAction& misdirect, const Names& names) {
  visitor.required("node", misdirect.node, SelectorCodec{names});
  visitor.field("sectors", misdirect.sectors, kSectorCount);
}

template <typename Visitor>
void fields(Visitor& visitor, NetworkAction& network, const Names&) {
  visitor.optional("latency", network.latency, kDelay);
  visitor.optional("loss", network.loss, kProbability);
  visitor.optional("duplication", network.duplication, kProbability);
  visitor.optional("corruption", network.corruption, kProbability);
}

template <typename Visitor>
void fields(Visitor& visitor, MetadataAction& metadata, const Names&) {
  visitor.field("outage", metadata.outage, Flag{});
  visitor.optional("latency", metadata.latency, kDelay);
  visitor.optional("lost_answers", metadata.lost_answers, kProbability);
  visitor.optional("coalesce", metadata.coalesce, kPositiveDuration);
}

template <typename Visitor>
void fields(Visitor& visitor, ExpireSessionAction& expire, const Names& names) {
  visitor.required("node", expire.node, SelectorCodec{names});
}

template <typename Visitor>
void fields(Visitor& visitor, ClockAction& clock, const Names& names) {
  visitor.required("node", clock.node, SelectorCodec{names});
  visitor.field("step", clock.step, kSignedDuration);
  visitor.optional("drift", clock.drift_ppb, kDrift);
  visitor.optional("wobble", clock.wobble, kWobble);
}

template <typename Visitor>
void fields(Visitor& visitor, RollingRestartAction& restart, const Names& names) {
  visitor.field("node", restart.node, SelectorCodec{names});
  visitor.optional("version", restart.version, Text{false});
}

/// What an action's `lasts` does, which decides whether an event may have one.
enum class Ending : std::uint8_t {
  kNone,      ///< nothing ends
  kOptional,  ///< without it the effect stays to the end of the run
  kRequired,
};

/// Calls `visit(name, default action, ending)` for each kind of action, in the order of the
/// variant.
template <typename Visit>
void for_each_action(Visit&& visit) {
  visit("join", JoinAction{}, Ending::kNone);
  visit("drain", DrainAction{}, Ending::kNone);
  visit("maintenance", MaintenanceAction{}, Ending::kRequired);
  visit("remove", RemoveAction{}, Ending::kNone);
  visit("enable_sharding", EnableShardingAction{}, Ending::kNone);
  visit("rebalance", RebalanceAction{}, Ending::kNone);
  visit("move", MoveAction{}, Ending::kNone);
  visit("abort", AbortAction{}, Ending::kNone);
  visit("balancing", BalancingAction{}, Ending::kNone);
  visit("replication", ReplicationAction{}, Ending::kNone);
  visit("limits", LimitsAction{}, Ending::kNone);
  visit("policy", PolicyAction{}, Ending::kNone);
  visit("status", StatusAction{}, Ending::kNone);
  visit("crash", CrashAction{}, Ending::kOptional);
  visit("restart", RestartAction{}, Ending::kNone);
  visit("pause", PauseAction{}, Ending::kRequired);
  visit("gray", GrayAction{}, Ending::kOptional);
  visit("partition", PartitionAction{}, Ending::kOptional);
  visit("clog", ClogAction{}, Ending::kOptional);
  visit("swizzle", SwizzleAction{}, Ending::kRequired);
  visit("drop", DropAction{}, Ending::kOptional);
  visit("delay", DelayAction{}, Ending::kOptional);
  visit("slow", SlowAction{}, Ending::kOptional);
  visit("disk_full", DiskFullAction{}, Ending::kOptional);
  visit("disk_errors", DiskErrorsAction{}, Ending::kOptional);
  visit("stall", StallAction{}, Ending::kOptional);
  visit("lose_disk", LoseDiskAction{}, Ending::kOptional);
  visit("swap_disks", SwapDisksAction{}, Ending::kOptional);
  visit("corrupt", CorruptAction{}, Ending::kNone);
  visit("misdirect", MisdirectAction{}, Ending::kNone);
  visit("network", NetworkAction{}, Ending::kOptional);
  visit("metadata", MetadataAction{}, Ending::kOptional);
  visit("clock", ClockAction{}, Ending::kNone);
  visit("expire_session", ExpireSessionAction{}, Ending::kNone);
  visit("rolling_restart", RollingRestartAction{}, Ending::kRequired);
}

}  // namespace shardproof::sim
