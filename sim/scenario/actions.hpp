// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/node_record.hpp"
#include "core/shard_table.hpp"
#include "sim/clock_wobble.hpp"
#include "sim/distribution.hpp"
#include "sim/scenario/condition.hpp"

namespace shardproof::sim {

/// Who is meant, decided when the action happens. A selector that matches nobody then makes the
/// event one that did not fire.
struct NodeSelector {
  enum class Kind : std::uint8_t {
    kNodes,            ///< `nodes`: 2, [0, 2] or the names of nodes
    kAll,              ///< "all": every node of the cluster, stopped ones too
    kCoordinator,      ///< "coordinator": who holds the office
    kLeader,           ///< { leader = "shop.orders", shard = 3 }
    kReplicas,         ///< { replicas = "shop.orders", shard = 3 }: in-sync ones that do not lead
    kMigrationSource,  ///< "migration.source": of the active migration with the lowest id
    kMigrationTarget,  ///< "migration.target": of the same
    kZone,             ///< { zone = "a" }: every node of it
    kRack,             ///< { rack = "a/r1" }: every node of it, named with its zone
    kRegion,           ///< { region = "eu" }: every node of it
    kRandom,           ///< "random" or { random = 2 }: so many running nodes, drawn alike
    kRandomZone,       ///< { random = "zone" }: the running nodes of one zone that has some
    kRandomRack,       ///< { random = "rack" }: the same of a rack
    kRandomRegion,     ///< { random = "region" }: the same of a region
    kHalf,             ///< "half": half of the running nodes, at least one, drawn alike
    kNewest,           ///< "newest": the node that joined last
    kSender,           ///< "sender": of the message that a `[[when]]` waits for
    kReceiver,         ///< "receiver": of the same
    kOthers,           ///< sides of a path only: every node that the other side does not name
    kMetadata,         ///< sides of a path only: the metadata store
    kClients,          ///< sides of a path only: every client
    kAnyone,           ///< sides of a path only: nodes, metadata store, clients, operators
  };
  Kind kind = Kind::kNodes;
  std::vector<NodeId> nodes;     ///< of kNodes, ascending, distinct
  std::string name;              ///< of kZone, kRack, kRegion: the domain
  std::uint32_t collection = 0;  ///< of kLeader, kReplicas: index into `ScenarioSpec::collections`
  std::uint32_t number = 0;  ///< of kLeader, kReplicas: shard of that collection; of kRandom: count

  static NodeSelector anyone() { return of(Kind::kAnyone); }
  static NodeSelector half() { return of(Kind::kHalf); }
  static NodeSelector metadata() { return of(Kind::kMetadata); }
  static NodeSelector others() { return of(Kind::kOthers); }
  static NodeSelector random_zone() { return of(Kind::kRandomZone); }
  static NodeSelector all() { return of(Kind::kAll); }
  static NodeSelector random(std::uint32_t count) {
    NodeSelector selector = of(Kind::kRandom);
    selector.number = count;
    return selector;
  }

  bool is_random_domain() const {
    return kind == Kind::kRandomZone || kind == Kind::kRandomRack || kind == Kind::kRandomRegion;
  }
  /// Whether it is drawn whom it means.
  bool is_by_chance() const {
    return is_random_domain() || kind == Kind::kRandom || kind == Kind::kHalf;
  }

  friend bool operator==(const NodeSelector&, const NodeSelector&) = default;

 private:
  static NodeSelector of(Kind kind) {
    NodeSelector selector;
    selector.kind = kind;
    return selector;
  }
};

/// What a crash does to each sector that was written but not synced: a probability for each
/// outcome, together 1.
struct UnsyncedOutcome {
  Ratio kept{0, 1};     ///< the new content is there
  Ratio lost{1, 1};     ///< the old content is there
  Ratio torn{0, 1};     ///< a mixture of both
  Ratio garbage{0, 1};  ///< neither: bytes that nobody wrote

  friend bool operator==(const UnsyncedOutcome&, const UnsyncedOutcome&) = default;
};

/// What a crash does to a disk.
struct CrashFate {
  UnsyncedOutcome unsynced;
  Ratio undeleted{0, 1};  ///< chance of each of the files that were deleted last to be back
};

// Operators' actions.

/// New empty nodes join and take the next free ids. Empty names of domains: chosen like those of
/// `[cluster] nodes`, going on with the next in turn.
struct JoinAction {
  std::uint32_t nodes = 1;
  std::string region;
  std::string zone;
  std::string rack;
  NodeCapacity capacity;                    ///< as written, or the cluster's default
  std::optional<std::string> version = {};  ///< that they run; absent: the first
  friend bool operator==(const JoinAction&, const JoinAction&) = default;
};
/// Decommissions nodes: moves every copy off them, then removes them from the cluster. Refused if
/// the nodes that stay are too few for the replication factors.
struct DrainAction {
  NodeSelector node;
  friend bool operator==(const DrainAction&, const DrainAction&) = default;
};
/// Planned maintenance: nothing is moved, leaders step down; ends with the event's `lasts`. Nodes
/// keep running: combine with `restart` for a planned restart.
struct MaintenanceAction {
  NodeSelector node;
  friend bool operator==(const MaintenanceAction&, const MaintenanceAction&) = default;
};
/// Removes nodes that no shard names from the cluster, or dead ones once their copies are struck
/// from the shards. Refused for a live node that holds copies, unless by force, and for the last
/// copy of a shard.
struct RemoveAction {
  NodeSelector node;
  bool force = false;
  friend bool operator==(const RemoveAction&, const RemoveAction&) = default;
};
/// `enable_sharding` on a collection that started with `sharded = false`, with the shard count,
/// replication factor and shard key of its `[[collection]]`.
struct EnableShardingAction {
  std::uint32_t collection = 0;  ///< index into `ScenarioSpec::collections`
  friend bool operator==(const EnableShardingAction&, const EnableShardingAction&) = default;
};
/// A manual rebalance of everything.
struct RebalanceAction {
  friend bool operator==(const RebalanceAction&, const RebalanceAction&) = default;
};
/// A shard as scenarios name it.
struct ShardChoice {
  std::uint32_t collection = 0;  ///< index into `ScenarioSpec::collections`
  std::uint32_t shard = 0;       ///< of that collection, from 0
  friend bool operator==(const ShardChoice&, const ShardChoice&) = default;
};
/// One migration: the copy of the shard on `from`, leader or replica, goes to `to`. Of several
/// nodes that a selector means, the one with the lowest id.
struct MoveAction {
  ShardChoice of;
  NodeSelector from;
  NodeSelector to;
  friend bool operator==(const MoveAction&, const MoveAction&) = default;
};
/// Calls off the shard's migration, if it has one. Refused once that has switched.
struct AbortAction {
  ShardChoice of;
  friend bool operator==(const AbortAction&, const AbortAction&) = default;
};
/// Turns balancing off or on: while it is off, nothing is moved for evenness, and `rebalance` is
/// refused; repairs, drains and single moves go on.
struct BalancingAction {
  bool enabled = true;
  friend bool operator==(const BalancingAction&, const BalancingAction&) = default;
};
/// Another number of copies for each shard of a collection. Missing ones are made, surplus ones
/// given up.
struct ReplicationAction {
  std::uint32_t collection = 0;  ///< index into `ScenarioSpec::collections`
  std::uint32_t replication_factor = 1;
  friend bool operator==(const ReplicationAction&, const ReplicationAction&) = default;
};
/// Other limits of moves than those of `[policy]`, for whatever begins from then on; the others
/// stay.
struct LimitsAction {
  OrderedLimits limits;
  friend bool operator==(const LimitsAction&, const LimitsAction&) = default;
};
/// Another rebalance policy than that of `[policy]`, whichever version the coordinator runs.
struct PolicyAction {
  std::string rebalance;  ///< one of `Vocabulary::rebalances`
  friend bool operator==(const PolicyAction&, const PolicyAction&) = default;
};
/// Asks for a status. The answer goes into the event log.
struct StatusAction {
  enum class Of : std::uint8_t { kCluster, kMigrations, kShard };
  Of of = Of::kCluster;
  std::optional<std::uint32_t> collection;  ///< of kShard, as in `ShardChoice`; else absent
  std::optional<std::uint32_t> shard;
  friend bool operator==(const StatusAction&, const StatusAction&) = default;
};

// Faults.

/// The process dies at once; what the disk keeps is drawn from `unsynced` and `undeleted` (the
/// disk's own settings if absent). It restarts after the event's `lasts`; without one it stays
/// down. With several nodes, each next one (by id) crashes `stagger` later, and each is down for
/// `lasts`.
struct CrashAction {
  NodeSelector node;
  std::optional<UnsyncedOutcome> unsynced;
  Nanoseconds stagger{};
  std::optional<Ratio> undeleted = {};
  friend bool operator==(const CrashAction&, const CrashAction&) = default;
};
/// Boots nodes that are down; nodes that run are stopped cleanly (disk synced) and booted at once.
/// With another `version` of the software, if there is one, which they keep.
struct RestartAction {
  NodeSelector node;
  Nanoseconds stagger{};
  std::optional<std::string> version = {};
  friend bool operator==(const RestartAction&, const RestartAction&) = default;
};
/// The process stands still while time goes on, for the event's `lasts`; then it handles what has
/// arrived.
struct PauseAction {
  NodeSelector node;
  friend bool operator==(const PauseAction&, const PauseAction&) = default;
};
/// The process answers heartbeats and keeps its leases, and does nothing else: all other messages
/// from and to it are lost. Ends with the event's `lasts`.
struct GrayAction {
  NodeSelector node;
  friend bool operator==(const GrayAction&, const GrayAction&) = default;
};
/// Messages from `from` to `to` are lost, and back too unless `one_way`. A node on both sides still
/// reaches itself. Ends with the event's `lasts`.
struct PartitionAction {
  NodeSelector from;
  NodeSelector to;
  bool one_way = false;
  friend bool operator==(const PartitionAction&, const PartitionAction&) = default;
};
/// Messages that would arrive from `from` at `to`, and back too unless `one_way`, wait; none is
/// lost. When the event's `lasts` is over, all arrive at that moment, in an order that is drawn.
struct ClogAction {
  NodeSelector from;
  NodeSelector to = NodeSelector::anyone();
  bool one_way = false;
  friend bool operator==(const ClogAction&, const ClogAction&) = default;
};
/// The nodes are clogged one after the other within the first half of the event's `lasts`, and
/// released within the second half in another order; both orders are drawn, the steps are even
/// (FoundationDB's swizzle-clogging).
struct SwizzleAction {
  NodeSelector node = NodeSelector::half();
  friend bool operator==(const SwizzleAction&, const SwizzleAction&) = default;
};
/// Of the messages from `from` to `to`, each is lost with that chance: only those of one type, if
/// `message` is there. Ends with the event's `lasts`.
struct DropAction {
  std::optional<std::uint32_t> message;  ///< index of the alternative of `Message`
  NodeSelector from = NodeSelector::anyone();
  NodeSelector to = NodeSelector::anyone();
  Ratio chance{1, 1};
  friend bool operator==(const DropAction&, const DropAction&) = default;
};
/// The same messages take `factor` times as long (at least 1), and so much longer, each an amount
/// of its own. Of `TableUpdate` it delays the watches of the metadata store. Ends with the event's
/// `lasts`.
struct DelayAction {
  std::optional<std::uint32_t> message;  ///< index of the alternative of `Message`
  NodeSelector from = NodeSelector::anyone();
  NodeSelector to = NodeSelector::anyone();
  DelayDistribution by;
  Ratio factor{1, 1};
  friend bool operator==(const DelayAction&, const DelayAction&) = default;
};
/// Disk and network operations of the nodes, and the steps of their processes, take so many times
/// longer (at least 1): inputs that come while a process is busy wait their turn.
struct SlowAction {
  NodeSelector node;
  Ratio disk{1, 1};
  Ratio network{1, 1};
  Ratio cpu{1, 1};
  friend bool operator==(const SlowAction&, const SlowAction&) = default;
};
/// Someone else's data fills the nodes' disks up to `free`; gone again after the event's `lasts`.
struct DiskFullAction {
  NodeSelector node;
  Bytes free{};
  friend bool operator==(const DiskFullAction&, const DiskFullAction&) = default;
};
/// Disk operations of the nodes fail with these chances, or report an error and yet, every other
/// time, take effect; or a piece of a staged copy is kept with other content, silently.
struct DiskErrorsAction {
  NodeSelector node;
  Ratio failed{0, 1};
  Ratio unknown{0, 1};
  Ratio silent{0, 1};
  friend bool operator==(const DiskErrorsAction&, const DiskErrorsAction&) = default;
};
/// Disk operations of the nodes, and boots from these disks, do not come to an end before the
/// effect does, or never if the process dies first.
struct StallAction {
  NodeSelector node;
  friend bool operator==(const StallAction&, const StallAction&) = default;
};
/// The process dies and the content of its disk is gone for ever. It restarts after the event's
/// `lasts` with an empty disk and as the node it was; without one it stays down.
struct LoseDiskAction {
  NodeSelector node;
  friend bool operator==(const LoseDiskAction&, const LoseDiskAction&) = default;
};
/// The processes die, and restart after the event's `lasts` each with the disk of the other one,
/// which is as the crash has left it. `with` is another node than `node`; of several the one with
/// the lowest number. Disks of different sizes are not swapped, nor such of which one has been in
/// its new place before. Not undone.
struct SwapDisksAction {
  NodeSelector node;
  NodeSelector with;
  friend bool operator==(const SwapDisksAction&, const SwapDisksAction&) = default;
};
/// Bits flip in so many sectors of the nodes' files, drawn alike among all but those of the last
/// synced write; found when the files are next read, which is at the next boot. Not undone.
struct CorruptAction {
  NodeSelector node;
  std::uint32_t sectors = 1;
  friend bool operator==(const CorruptAction&, const CorruptAction&) = default;
};
/// So many drawn sectors of the nodes' files turn out to have been written to the place of other
/// ones, drawn too: there is their content, and in their own place what was there before, zeros or
/// noise. Drawn alike among all but those of the last synced write; found as with `CorruptAction`.
struct MisdirectAction {
  NodeSelector node;
  std::uint32_t sectors = 1;
  friend bool operator==(const MisdirectAction&, const MisdirectAction&) = default;
};
/// Other settings of the whole network for the event's `lasts`; absent ones stay.
struct NetworkAction {
  std::optional<DelayDistribution> latency;
  std::optional<Ratio> loss;
  std::optional<Ratio> duplication;
  std::optional<Ratio> corruption;
  friend bool operator==(const NetworkAction&, const NetworkAction&) = default;
};
/// Trouble of the metadata store for the event's `lasts`. In an outage it answers nobody and
/// applies nothing; leases run on.
struct MetadataAction {
  bool outage = false;
  std::optional<DelayDistribution> latency;
  std::optional<Ratio> lost_answers;
  std::optional<Nanoseconds> coalesce;
  friend bool operator==(const MetadataAction&, const MetadataAction&) = default;
};
/// The metadata store ends the nodes' sessions, though they live, and does not say so: it tells
/// them of no more changes until they read the table again, and refuses whatever a coordinator
/// among them commits. Its office goes to nobody before the lease that it was granted has run out.
struct ExpireSessionAction {
  NodeSelector node;
  friend bool operator==(const ExpireSessionAction&, const ExpireSessionAction&) = default;
};
/// Planned: each of the nodes in turn, by id, is in maintenance for an even part of the event's
/// `lasts`, and is stopped cleanly and booted in the middle of it, if it runs then: with another
/// `version` of the software, if there is one, which it keeps.
struct RollingRestartAction {
  NodeSelector node = NodeSelector::all();
  std::optional<std::string> version = {};
  friend bool operator==(const RollingRestartAction&, const RollingRestartAction&) = default;
};
/// The nodes' clocks jump by `step` and then run at `drift_ppb` (parts in 1e9, positive is fast)
/// and with that `wobble`, if given, instead of their own. Not undone.
struct ClockAction {
  NodeSelector node;
  Nanoseconds step{};
  std::optional<std::int64_t> drift_ppb;
  std::optional<ClockWobble> wobble;
  friend bool operator==(const ClockAction&, const ClockAction&) = default;
};

using Action =
    std::variant<JoinAction, DrainAction, MaintenanceAction, RemoveAction, EnableShardingAction,
                 RebalanceAction, MoveAction, AbortAction, BalancingAction, ReplicationAction,
                 LimitsAction, PolicyAction, StatusAction, CrashAction, RestartAction, PauseAction,
                 GrayAction, PartitionAction, ClogAction, SwizzleAction, DropAction, DelayAction,
                 SlowAction, DiskFullAction, DiskErrorsAction, StallAction, LoseDiskAction,
                 SwapDisksAction, CorruptAction, MisdirectAction, NetworkAction, MetadataAction,
                 ClockAction, ExpireSessionAction, RollingRestartAction>;

/// What operators ask for, as opposed to what happens to them: the alternatives before the first
/// fault.
inline bool is_operators(const Action& action) {
  return action.index() < Action(CrashAction{}).index();
}

/// What a `[[when]]` may wait for beside its condition: so many messages of one type, received by a
/// process that runs while the condition holds.
struct MessageTrigger {
  std::uint32_t type = 0;  ///< index of the alternative of `Message`
  NodeSelector from = NodeSelector::anyone();
  NodeSelector to = NodeSelector::anyone();
  std::optional<std::uint32_t> collection;  ///< as in `ShardChoice`; both or none
  std::optional<std::uint32_t> shard;
  std::uint32_t count = 1;  ///< the last of so many makes it fire, once it is handled
  friend bool operator==(const MessageTrigger&, const MessageTrigger&) = default;
};

/// A scripted `[[at]]` (has `time`) or `[[when]]` (has `condition`). An event that never fires in a
/// run is an error of the scenario.
struct EventSpec {
  std::optional<Nanoseconds> time;  ///< of [[at]]: since the start, within the run
  /// Of [[when]]: looked at after every event. Without steps, which needs a `message`: holds
  /// always.
  std::optional<Condition> condition;
  std::optional<MessageTrigger> message;  ///< of [[when]]
  Nanoseconds armed_after{};              ///< of [[when]]: not looked at before
  std::uint32_t times = 1;  ///< of [[when]]: fires at most so often, each on a rising edge
  /// When the effect ends, counted from the firing (`until`, `lasts` or `restart_after`); absent:
  /// never. Always absent for actions that do not end by themselves (operators' but maintenance,
  /// restart, clock, expire_session).
  std::optional<Nanoseconds> lasts;
  Action action;

  friend bool operator==(const EventSpec&, const EventSpec&) = default;
};

/// The key of an action in a scenario file: "join", "crash", ...
std::string_view action_name(const Action& action);

/// One line for logs: `at 2min: crash = { node = "coordinator" }, restart_after = "20s"`.
/// `collections` are the names to print for indices, as in `ScenarioSpec::collection_names`.
std::string describe(const EventSpec& event, const std::vector<std::string>& collections);

}  // namespace shardproof::sim
