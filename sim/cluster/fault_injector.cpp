// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/fault_injector.hpp"

#include "sim/scenario/domains.hpp"

namespace shardproof::sim {
namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

FaultInjector::FaultInjector(const ScenarioSpec& spec, Cluster& cluster, OperatorConsole& console,
                             DomainNames& domains, Streams streams)
    : spec_(spec),
      cluster_(cluster),
      console_(console),
      domains_(domains),
      streams_(streams),
      selection_(streams.stream("script", 0, "selection")),
      nodes_(spec.cluster.nodes) {}

std::vector<NodeId> FaultInjector::select(const NodeSelector& selector) {
  const NodeId coordinator = cluster_.metadata().holder(cluster_.now());
  return select_nodes(selector, cluster_, nodes_, collections_, coordinator, selection_);
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
  Random random = streams_.stream("clock", id.value(), "error");
  const std::int64_t bound = spec_.clock.offset.count();
  const Nanoseconds offset(random.between(-bound, bound));
  const std::int64_t drift = random.between(-spec_.clock.drift_ppb, spec_.clock.drift_ppb);
  return Clock(node.clock_offset.value_or(offset), node.clock_drift_ppb.value_or(drift));
}

template <typename One>
Applied FaultInjector::one_by_one(const NodeSelector& selector, Nanoseconds stagger, One&& one) {
  Applied applied;
  std::vector<NodeId> nodes = select(selector);
  applied.happened = !nodes.empty();
  if (stagger.count() > 0) {
    applied.staggered = std::move(nodes);
    return applied;
  }
  std::vector<Undo> undos;
  for (const NodeId node : nodes) undos.push_back(one(node));
  applied.undo = [undos] {
    for (const Undo& undo : undos) {
      if (undo) undo();
    }
  };
  return applied;
}

Undo FaultInjector::apply_to_one(const Action& action, NodeId node) {
  if (const auto* crash = std::get_if<CrashAction>(&action)) {
    cluster_.crash(node, crash->unsynced.value_or(spec_.disk.unsynced));
    return [this, node] { cluster_.boot(node); };
  }
  SHARDPROOF_CHECK(std::holds_alternative<RestartAction>(action));
  cluster_.stop(node);
  cluster_.boot(node);
  return {};
}

Applied FaultInjector::apply(const Action& action) {
  using message::AdminKind;
  return std::visit(
      Overloaded{
          [&](const JoinAction& a) { return join(a); },
          [&](const DrainAction& a) { return operate(AdminKind::Drain, a.node); },
          [&](const MaintenanceAction& a) { return maintain(a); },
          [&](const RemoveAction& a) { return operate(AdminKind::Remove, a.node); },
          [&](const EnableShardingAction& a) {
            message::AdminRequest request;
            request.kind = AdminKind::EnableSharding;
            request.collection = collections_[a.collection];
            request.collection.num_shards = spec_.collections[a.collection].shards;
            request.collection.shard_key = spec_.collections[a.collection].shard_key;
            console_.ask(std::move(request));
            return Applied{true, {}, {}};
          },
          [&](const RebalanceAction&) {
            message::AdminRequest request;
            request.kind = AdminKind::Rebalance;
            console_.ask(std::move(request));
            return Applied{true, {}, {}};
          },
          [&](const MoveAction& a) { return move(a); },
          [&](const AbortAction& a) { return ask_about(AdminKind::AbortMigration, a.of); },
          [&](const BalancingAction& a) {
            message::AdminRequest request;
            request.kind = AdminKind::SetBalancing;
            request.flag = a.enabled;
            console_.ask(std::move(request));
            return Applied{true, {}, {}};
          },
          [&](const StatusAction& a) {
            if (a.of == StatusAction::Of::kShard) {
              return ask_about(AdminKind::ShardStatus, {*a.collection, *a.shard});
            }
            message::AdminRequest request;
            request.kind = a.of == StatusAction::Of::kCluster ? AdminKind::ClusterStatus
                                                              : AdminKind::MigrationStatus;
            console_.ask(std::move(request));
            return Applied{true, {}, {}};
          },
          [&](const CrashAction& a) {
            return one_by_one(a.node, a.stagger,
                              [&](NodeId node) { return apply_to_one(a, node); });
          },
          [&](const RestartAction& a) {
            return one_by_one(a.node, a.stagger,
                              [&](NodeId node) { return apply_to_one(a, node); });
          },
          [&](const PauseAction& a) {
            return one_by_one(a.node, Nanoseconds(0), [&](NodeId node) {
              cluster_.pause(node);
              return Undo([this, node] { cluster_.resume(node); });
            });
          },
          [&](const PartitionAction& a) { return partition(a); },
          [&](const SlowAction& a) { return slow(a); },
          [&](const DiskFullAction& a) { return fill_disk(a); },
          [&](const NetworkAction& a) {
            cluster_.observer().on_fault(FaultKind::kNetworkChange, NodeId::none(),
                                         "network settings changed");
            const FaultId id = cluster_.network().add(a);
            return Applied{true, [this, id] { cluster_.network().heal(id); }, {}};
          },
          [&](const MetadataAction& a) {
            if (a.outage) {
              cluster_.observer().on_fault(FaultKind::kMetadataOutage, NodeId::none(),
                                           "metadata store out of service");
            }
            const FaultId id = cluster_.metadata().add(a);
            return Applied{true, [this, id] { cluster_.metadata().heal(id); }, {}};
          },
          [&](const ClockAction& a) { return step_clock(a); },
      },
      action);
}

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
    cluster_.add_node(record, draw_clock(node, id));
    cluster_.boot(id);
    message::AdminRequest request;
    request.kind = message::AdminKind::Join;
    request.node = id;
    request.record = record;
    console_.ask(std::move(request));
  }
  return {true, {}, {}};
}

Applied FaultInjector::operate(message::AdminKind kind, const NodeSelector& selector) {
  const std::vector<NodeId> nodes = select(selector);
  for (const NodeId node : nodes) {
    message::AdminRequest request;
    request.kind = kind;
    request.node = node;
    console_.ask(std::move(request));
  }
  return {!nodes.empty(), {}, {}};
}

Applied FaultInjector::ask_about(message::AdminKind kind, ShardChoice choice) {
  const ShardInfo* shard = find_shard(choice, cluster_.committed(), collections_);
  if (shard == nullptr) return {};
  message::AdminRequest request;
  request.kind = kind;
  request.shard = shard->id;
  console_.ask(std::move(request));
  return {true, {}, {}};
}

Applied FaultInjector::move(const MoveAction& action) {
  const ShardInfo* shard = find_shard(action.of, cluster_.committed(), collections_);
  const std::vector<NodeId> from = select(action.from);
  const std::vector<NodeId> to = select(action.to);
  if (shard == nullptr || from.empty() || to.empty()) return {};
  message::AdminRequest request;
  request.kind = message::AdminKind::MoveShard;
  request.shard = shard->id;
  request.source = from.front();
  request.target = to.front();
  console_.ask(std::move(request));
  return {true, {}, {}};
}

Applied FaultInjector::maintain(const MaintenanceAction& action) {
  const std::vector<NodeId> nodes = select(action.node);
  const auto ask = [this, nodes](message::AdminKind kind) {
    for (const NodeId node : nodes) {
      message::AdminRequest request;
      request.kind = kind;
      request.node = node;
      console_.ask(std::move(request));
    }
  };
  ask(message::AdminKind::BeginMaintenance);
  return {!nodes.empty(), [ask] { ask(message::AdminKind::EndMaintenance); }, {}};
}

EndpointSet FaultInjector::side(const NodeSelector& selector, const NodeSelector& opposite,
                                const std::vector<NodeId>& other) {
  EndpointSet set;
  if (selector.kind == NodeSelector::Kind::kMetadata) return set.add_metadata();
  if (selector.kind == NodeSelector::Kind::kClients) return set.add_clients();
  if (selector.kind == NodeSelector::Kind::kOthers) {
    for (std::uint32_t i = 0; i < cluster_.machine_count(); ++i) {
      const NodeId node(i);
      if (std::find(other.begin(), other.end(), node) == other.end()) set.add_node(node);
    }
    if (opposite.kind != NodeSelector::Kind::kMetadata) set.add_metadata();
    return set;
  }
  for (const NodeId node : select(selector)) set.add_node(node);
  return set;
}

Applied FaultInjector::partition(const PartitionAction& action) {
  // Either side may mean "those whom the other does not name".
  const std::vector<NodeId> from = select(action.from);
  const std::vector<NodeId> to = select(action.to);
  if (from.empty() && to.empty()) return {};
  PathFault fault;
  fault.from = side(action.from, action.to, to);
  fault.to = side(action.to, action.from, from);
  fault.one_way = action.one_way;
  fault.cut = true;
  cluster_.observer().on_fault(FaultKind::kPartition, from.empty() ? to.front() : from.front(),
                               action.one_way ? "one-way partition" : "partition");
  const FaultId id = cluster_.network().add(fault);
  return {true, [this, id] { cluster_.network().heal(id); }, {}};
}

Applied FaultInjector::slow(const SlowAction& action) {
  return one_by_one(action.node, Nanoseconds(0), [&](NodeId node) {
    cluster_.observer().on_fault(FaultKind::kSlow, node, "slow");
    const FaultId disk = cluster_.disk_of(node).add(DiskSlowdown{action.disk});
    const FaultId network = cluster_.network().add(Slowdown{Endpoint::node(node), action.network});
    return Undo([this, node, disk, network] {
      cluster_.disk_of(node).heal(disk);
      cluster_.network().heal(network);
    });
  });
}

Applied FaultInjector::fill_disk(const DiskFullAction& action) {
  return one_by_one(action.node, Nanoseconds(0), [&](NodeId node) {
    const FaultId id = cluster_.disk_of(node).fill(action.free);
    return Undo([this, node, id] { cluster_.disk_of(node).heal(id); });
  });
}

Applied FaultInjector::step_clock(const ClockAction& action) {
  const std::vector<NodeId> nodes = select(action.node);
  for (const NodeId node : nodes) {
    cluster_.observer().on_fault(FaultKind::kClockStep, node, "clock stepped");
    cluster_.clock_of(node).step(cluster_.now(), action.step);
    if (action.drift_ppb) cluster_.clock_of(node).set_drift(cluster_.now(), *action.drift_ppb);
  }
  return {!nodes.empty(), {}, {}};
}

}  // namespace shardproof::sim
