// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/fault_injector.hpp"

#include <algorithm>
#include <memory>

#include "sim/scenario/domains.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::sim {
namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

constexpr const char* kNoShard = "there was no such shard";

message::AdminRequest request_of(message::AdminKind kind) {
  message::AdminRequest request;
  request.kind = kind;
  return request;
}

/// When the effect of an event that fires now ends.
Instant end_of(const EventSpec& event, Instant now) {
  return event.lasts ? now + *event.lasts : Instant::never();
}

}  // namespace

FaultInjector::FaultInjector(const ScenarioSpec& spec, Cluster& cluster, OperatorConsole& console,
                             DomainNames& domains, Streams streams)
    : spec_(spec),
      cluster_(cluster),
      console_(console),
      domains_(domains),
      streams_(streams),
      selection_(streams.stream("script", 0, "selection")),
      processes_(spec.disk, cluster),
      paths_(
          cluster, [this](const NodeSelector& selector) { return select(selector); }, streams),
      nodes_(spec.cluster.nodes) {}

std::vector<NodeId> FaultInjector::select(const NodeSelector& selector) {
  const NodeId coordinator = cluster_.metadata().holder(cluster_.now());
  return select_nodes(selector, cluster_, nodes_, collections_, coordinator, selection_);
}

bool FaultInjector::means(const NodeSelector& selector, Endpoint endpoint) {
  using Kind = NodeSelector::Kind;
  if (selector.kind == Kind::kAnyone) return true;
  if (selector.kind == Kind::kMetadata) return endpoint.is_metadata();
  if (selector.kind == Kind::kClients) return endpoint.is_client();
  if (!endpoint.is_node()) return false;
  const std::vector<NodeId> nodes = select(selector);
  return std::find(nodes.begin(), nodes.end(), endpoint.as_node()) != nodes.end();
}

bool FaultInjector::means(ShardChoice choice, ShardId shard) const {
  const ShardInfo* info = find_shard(choice, cluster_.committed(), collections_);
  return info != nullptr && info->id == shard;
}

NodeRecord FaultInjector::record_of(NodeId node) const {
  const NodeSpec& spec = nodes_[node.value()];
  NodeRecord record;
  record.id = node;
  record.domain = domains_.path(spec.region, spec.zone, spec.rack);
  record.capacity = spec.capacity;
  return record;
}

Clock FaultInjector::draw_clock(const NodeSpec& node, NodeId id) const {
  Random random = streams_.stream("clock", id.value(), "error");  // lint: stream not shown
  const std::int64_t bound = spec_.clock.offset.count();
  const Nanoseconds offset(random.between(-bound, bound));
  const std::int64_t drift = random.between(-spec_.clock.drift_ppb, spec_.clock.drift_ppb);
  Clock clock(node.clock_offset.value_or(offset), node.clock_drift_ppb.value_or(drift));
  if (!spec_.clock.wobble.is_on()) return clock;
  Random knots = streams_.stream("clock", id.value(), "knots");  // lint: stream not shown
  clock.set_wobble(cluster_.now(), spec_.clock.wobble, knots.next());
  return clock;
}

std::optional<std::uint32_t> FaultInjector::number_of(
    const std::optional<std::string>& version) const {
  if (!version) return std::nullopt;
  const auto number = find_version(spec_, *version);
  SHARDPROOF_CHECK(number.has_value(), "version '{}' is not known", *version);
  return static_cast<std::uint32_t>(*number);
}

bool FaultInjector::has_left(NodeId node) const {
  const NodeRecord* record = cluster_.committed().find_node(node);
  return record != nullptr && record->state == NodeState::Removed;
}

// --- Dispatch -----------------------------------------------------------------------------------

template <typename One>
Applied FaultInjector::each(const std::vector<NodeId>& nodes, One&& one) {
  Applied all;
  std::vector<Undo> undos;
  for (const NodeId node : nodes) {
    Applied applied = one(node);
    all.happened |= applied.happened;
    if (all.why_not.empty()) all.why_not = std::move(applied.why_not);
    if (applied.undo) undos.push_back(std::move(applied.undo));
  }
  if (undos.empty()) return all;
  all.undo = [undos = std::move(undos)] {
    for (const Undo& undo : undos) undo();
  };
  return all;
}

template <typename One>
Applied FaultInjector::each_member(const NodeSelector& selector, One&& one) {
  const std::vector<NodeId> nodes = select(selector);
  if (nodes.empty()) return Applied::nothing(nobody_text(selector));
  return each(nodes, [&](NodeId node) {
    if (has_left(node)) return Applied::nothing(left_text(node));
    return one(node);
  });
}

Applied FaultInjector::staggered(const NodeSelector& selector, Nanoseconds stagger,
                                 const EventSpec& event) {
  std::vector<NodeId> nodes = select(selector);
  if (nodes.empty()) return Applied::nothing(nobody_text(selector));
  if (stagger.count() > 0) return {false, {}, std::move(nodes), {}, {}};
  return each(nodes, [&](NodeId node) { return apply_to_one(event, node); });
}

Applied FaultInjector::apply_to_one(const EventSpec& event, NodeId node) {
  if (const auto* crash = std::get_if<CrashAction>(&event.action)) {
    if (has_left(node)) return Applied::nothing(left_text(node));
    return processes_.crash(node, *crash, end_of(event, cluster_.now()));
  }
  SHARDPROOF_CHECK(std::holds_alternative<RestartAction>(event.action));
  if (has_left(node) && !cluster_.is_down(node)) return Applied::nothing(left_text(node));
  return processes_.restart(node, number_of(std::get<RestartAction>(event.action).version));
}

Applied FaultInjector::apply(const EventSpec& event) {
  using message::AdminKind;
  const Instant until = end_of(event, cluster_.now());
  return std::visit(
      Overloaded{
          [&](const JoinAction& a) { return join(a); },
          [&](const DrainAction& a) { return operate(AdminKind::Drain, a.node); },
          [&](const MaintenanceAction& a) { return maintain(a, until); },
          [&](const RemoveAction& a) { return remove(a); },
          [&](const EnableShardingAction& a) { return enable_sharding(a); },
          [&](const RebalanceAction&) { return ask(request_of(AdminKind::Rebalance)); },
          [&](const MoveAction& a) { return move(a); },
          [&](const AbortAction& a) { return ask_about(AdminKind::AbortMigration, a.of); },
          [&](const BalancingAction& a) {
            message::AdminRequest request = request_of(AdminKind::SetBalancing);
            request.flag = a.enabled;
            return ask(std::move(request));
          },
          [&](const ReplicationAction& a) { return replicate(a); },
          [&](const LimitsAction& a) {
            message::AdminRequest request = request_of(AdminKind::SetLimits);
            request.limits = a.limits;
            return ask(std::move(request));
          },
          [&](const PolicyAction& a) {
            message::AdminRequest request = request_of(AdminKind::SetPolicy);
            request.policy = a.rebalance;
            return ask(std::move(request));
          },
          [&](const StatusAction& a) { return status(a); },
          [&](const CrashAction& a) { return staggered(a.node, a.stagger, event); },
          [&](const RestartAction& a) { return staggered(a.node, a.stagger, event); },
          [&](const PauseAction& a) {
            return each_member(a.node, [&](NodeId node) { return processes_.pause(node, until); });
          },
          [&](const GrayAction& a) {
            return each_member(a.node, [&](NodeId node) { return paths_.gray(node); });
          },
          [&](const PartitionAction& a) { return paths_.partition(a); },
          [&](const ClogAction& a) { return paths_.clog(a); },
          [&](const SwizzleAction& a) { return swizzle(a, *event.lasts); },
          [&](const RollingRestartAction& a) { return restart_in_turn(a, *event.lasts); },
          [&](const DropAction& a) { return paths_.drop(a); },
          [&](const DelayAction& a) { return paths_.delay(a); },
          [&](const SlowAction& a) { return slow(a); },
          [&](const DiskFullAction& a) { return fill_disk(a); },
          [&](const DiskErrorsAction& a) { return break_disk(a); },
          [&](const StallAction& a) { return stall(a); },
          [&](const LoseDiskAction& a) {
            return each_member(a.node,
                               [&](NodeId node) { return processes_.lose_disk(node, until); });
          },
          [&](const SwapDisksAction& a) { return swap_disks(a, until); },
          [&](const CorruptAction& a) { return corrupt(a); },
          [&](const MisdirectAction& a) { return misdirect(a); },
          [&](const NetworkAction& a) { return change_network(a); },
          [&](const MetadataAction& a) { return trouble_metadata(a); },
          [&](const ClockAction& a) { return step_clock(a); },
          [&](const ExpireSessionAction& a) { return expire_session(a); },
      },
      event.action);
}

// --- Operators' actions -------------------------------------------------------------------------

Applied FaultInjector::join(const JoinAction& action) {
  for (std::uint32_t i = 0; i < action.nodes; ++i) {
    NodeSpec node;
    node.region = action.region;
    node.zone = action.zone;
    node.rack = action.rack;
    node.capacity = action.capacity;
    fill_node(spec_.cluster.domains, nodes_.size(), node);
    const NodeId id(static_cast<std::uint32_t>(nodes_.size()));
    nodes_.push_back(node);
    const NodeRecord record = record_of(id);
    cluster_.add_node(record, draw_clock(node, id), number_of(action.version).value_or(0));
    cluster_.boot(id);
    message::AdminRequest request = request_of(message::AdminKind::Join);
    request.node = id;
    request.record = record;
    console_.ask(std::move(request));
  }
  return Applied::done();
}

Applied FaultInjector::ask(message::AdminRequest request) {
  console_.ask(std::move(request));
  return Applied::done();
}

void FaultInjector::ask_of(message::AdminKind kind, NodeId node) {
  message::AdminRequest request = request_of(kind);
  request.node = node;
  console_.ask(std::move(request));
}

Applied FaultInjector::operate(message::AdminKind kind, const NodeSelector& selector) {
  return each_member(selector, [&](NodeId node) {
    ask_of(kind, node);
    return Applied::done();
  });
}

Applied FaultInjector::remove(const RemoveAction& action) {
  return each_member(action.node, [&](NodeId node) {
    message::AdminRequest request = request_of(message::AdminKind::Remove);
    request.node = node;
    request.flag = action.force;
    console_.ask(std::move(request));
    return Applied::done();
  });
}

Applied FaultInjector::ask_about(message::AdminKind kind, ShardChoice choice) {
  const ShardInfo* shard = find_shard(choice, cluster_.committed(), collections_);
  if (shard == nullptr) return Applied::nothing(kNoShard);
  message::AdminRequest request = request_of(kind);
  request.shard = shard->id;
  return ask(std::move(request));
}

Applied FaultInjector::status(const StatusAction& action) {
  using message::AdminKind;
  if (action.of == StatusAction::Of::kShard) {
    return ask_about(AdminKind::ShardStatus, {*action.collection, *action.shard});
  }
  const bool of_cluster = action.of == StatusAction::Of::kCluster;
  return ask(request_of(of_cluster ? AdminKind::ClusterStatus : AdminKind::MigrationStatus));
}

Applied FaultInjector::enable_sharding(const EnableShardingAction& action) {
  message::AdminRequest request = request_of(message::AdminKind::EnableSharding);
  request.collection = collections_[action.collection];
  request.collection.num_shards = spec_.collections[action.collection].shards;
  request.collection.shard_key = spec_.collections[action.collection].shard_key;
  return ask(std::move(request));
}

Applied FaultInjector::replicate(const ReplicationAction& action) {
  message::AdminRequest request = request_of(message::AdminKind::SetReplication);
  request.collection.database = collections_[action.collection].database;
  request.collection.name = collections_[action.collection].name;
  request.collection.replication_factor = action.replication_factor;
  return ask(std::move(request));
}

Applied FaultInjector::move(const MoveAction& action) {
  const ShardInfo* shard = find_shard(action.of, cluster_.committed(), collections_);
  const std::vector<NodeId> from = select(action.from);
  const std::vector<NodeId> to = select(action.to);
  if (shard == nullptr) return Applied::nothing(kNoShard);
  if (from.empty()) return Applied::nothing(nobody_text(action.from));
  if (to.empty()) return Applied::nothing(nobody_text(action.to));
  message::AdminRequest request = request_of(message::AdminKind::MoveShard);
  request.shard = shard->id;
  request.source = from.front();
  request.target = to.front();
  return ask(std::move(request));
}

Applied FaultInjector::maintain(const MaintenanceAction& action, Instant until) {
  return each_member(action.node,
                     [&](NodeId node) { return Applied::done(begin_maintenance(node, until)); });
}

Undo FaultInjector::begin_maintenance(NodeId node, Instant until) {
  ask_of(message::AdminKind::BeginMaintenance, node);
  const FaultId hold = maintenance_.begin(node, until);
  return [this, node, hold] {
    if (maintenance_.end(node, hold)) ask_of(message::AdminKind::EndMaintenance, node);
  };
}

Applied FaultInjector::restart_in_turn(const RollingRestartAction& action, Nanoseconds lasts) {
  std::vector<NodeId> nodes = select(action.node);
  if (nodes.empty()) return Applied::nothing(nobody_text(action.node));
  std::erase_if(nodes, [this](NodeId node) { return has_left(node); });
  if (nodes.empty()) return Applied::nothing("all of the nodes had left the cluster");
  cluster_.observer().on_fault(FaultKind::kRollingRestart, NodeId::none(),
                               "rolling restart begins");
  const std::optional<std::uint32_t> version = number_of(action.version);
  const Nanoseconds turn = lasts / static_cast<std::int64_t>(nodes.size());
  // What ends the turn of the node whose turn it is.
  const auto end_turn = std::make_shared<Undo>();
  const auto begin_turn = [this, end_turn, turn](NodeId node) {
    if (*end_turn) (*end_turn)();
    *end_turn = begin_maintenance(node, cluster_.now() + turn);
  };
  Applied applied = Applied::done([end_turn] {
    if (*end_turn) (*end_turn)();
  });
  begin_turn(nodes.front());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const NodeId node = nodes[i];
    const Nanoseconds begin = turn * static_cast<std::int64_t>(i);
    if (i > 0) applied.steps.push_back({begin, [begin_turn, node] { begin_turn(node); }});
    applied.steps.push_back({begin + turn / 2, [this, node, version] {
                               if (cluster_.is_running(node)) processes_.restart(node, version);
                             }});
  }
  return applied;
}

// --- Faults of the world ------------------------------------------------------------------------

Applied FaultInjector::swizzle(const SwizzleAction& action, Nanoseconds lasts) {
  std::vector<NodeId> nodes = select(action.node);
  if (nodes.empty()) return Applied::nothing(nobody_text(action.node));
  std::erase_if(nodes, [this](NodeId node) { return has_left(node); });
  if (nodes.empty()) return Applied::nothing("all of the nodes had left the cluster");
  return paths_.swizzle(nodes, lasts);
}

Applied FaultInjector::slow(const SlowAction& action) {
  return each_member(action.node, [&](NodeId node) {
    cluster_.observer().on_fault(FaultKind::kSlow, node, "slow");
    const FaultId disk = cluster_.disk_of(node).add(DiskSlowdown{action.disk});
    const FaultId network = cluster_.network().add(Slowdown{Endpoint::node(node), action.network});
    const FaultId cpu = cluster_.slow_cpu(node, action.cpu);
    return Applied::done([this, node, disk, network, cpu] {
      cluster_.end_slow_cpu(node, cpu);
      cluster_.end_slow_disk(node, disk);
      cluster_.network().heal(network);
    });
  });
}

Applied FaultInjector::fill_disk(const DiskFullAction& action) {
  return each_member(action.node, [&](NodeId node) {
    const FaultId id = cluster_.disk_of(node).fill(action.free);
    return Applied::done([this, node, id] {
      cluster_.disk_of(node).heal(id);
      cluster_.tell_disk_usage(node);
    });
  });
}

Applied FaultInjector::break_disk(const DiskErrorsAction& action) {
  return each_member(action.node, [&](NodeId node) {
    const FaultId id =
        cluster_.disk_of(node).add(DiskErrors{action.failed, action.unknown, action.silent});
    return Applied::done([this, node, id] { cluster_.disk_of(node).heal(id); });
  });
}

Applied FaultInjector::stall(const StallAction& action) {
  return each_member(action.node, [&](NodeId node) {
    const FaultId id = cluster_.stall_disk(node);
    return Applied::done([this, node, id] { cluster_.end_stall(node, id); });
  });
}

Applied FaultInjector::swap_disks(const SwapDisksAction& action, Instant until) {
  const std::vector<NodeId> nodes = select(action.node);
  if (nodes.empty()) return Applied::nothing(nobody_text(action.node));
  NodeSelector with = action.with;
  // The one itself may be among those that are drawn.
  if (with.kind == NodeSelector::Kind::kRandom) with.number += 1;
  std::vector<NodeId> others = select(with);
  if (others.empty()) return Applied::nothing(nobody_text(with));
  std::erase(others, nodes.front());
  if (others.empty()) return Applied::nothing(fmt::format("{} was the only one", nodes.front()));
  for (const NodeId node : {nodes.front(), others.front()}) {
    if (has_left(node)) return Applied::nothing(left_text(node));
  }
  return processes_.swap_disks(nodes.front(), others.front(), until);
}

Applied FaultInjector::corrupt(const CorruptAction& action) {
  return each_member(action.node, [&](NodeId node) {
    if (cluster_.rot_disk(node, action.sectors) > 0) return Applied::done();
    return Applied::nothing(fmt::format("nothing had lain on the disk of {} for long", node));
  });
}

Applied FaultInjector::misdirect(const MisdirectAction& action) {
  return each_member(action.node, [&](NodeId node) {
    if (cluster_.misdirect_writes(node, action.sectors) > 0) return Applied::done();
    return Applied::nothing(
        fmt::format("no two sectors had lain on the disk of {} for long", node));
  });
}

void FaultInjector::set_wobble(NodeId node, const ClockWobble& wobble) {
  Random knots = streams_.stream("clock", wobbles_drawn_++, "wobble");  // lint: stream not shown
  cluster_.clock_of(node).set_wobble(cluster_.now(), wobble, knots.next());
}

Applied FaultInjector::step_clock(const ClockAction& action) {
  return each_member(action.node, [&](NodeId node) {
    cluster_.observer().on_fault(FaultKind::kClockStep, node, "clock stepped");
    cluster_.clock_of(node).step(cluster_.now(), action.step);
    if (action.drift_ppb) cluster_.clock_of(node).set_drift(cluster_.now(), *action.drift_ppb);
    if (!action.wobble) return Applied::done();
    set_wobble(node, *action.wobble);
    const std::uint64_t number = wobbles_.begin(node, *action.wobble);
    return Applied::done([this, node, number] {
      const auto next = wobbles_.end(node, number, spec_.clock.wobble);
      if (next) set_wobble(node, *next);
    });
  });
}

Applied FaultInjector::change_network(const NetworkAction& action) {
  cluster_.observer().on_fault(FaultKind::kNetworkChange, NodeId::none(),
                               "network settings changed");
  const FaultId id = cluster_.network().add(action);
  return Applied::done([this, id] { cluster_.network().heal(id); });
}

Applied FaultInjector::trouble_metadata(const MetadataAction& action) {
  if (action.outage) {
    cluster_.observer().on_fault(FaultKind::kMetadataOutage, NodeId::none(),
                                 "metadata store out of service");
  }
  const FaultId id = cluster_.metadata().add(action);
  return Applied::done([this, id] { cluster_.metadata().heal(id); });
}

Applied FaultInjector::expire_session(const ExpireSessionAction& action) {
  return each_member(action.node, [&](NodeId node) {
    if (cluster_.expire_session(node)) return Applied::done();
    return Applied::nothing(fmt::format("{} had no session", node));
  });
}

}  // namespace shardproof::sim
