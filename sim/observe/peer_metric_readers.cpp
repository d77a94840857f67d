// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/observe/metric_families.hpp"
#include "sim/observe/metric_readers.hpp"

namespace shardproof::sim {

namespace {

std::vector<std::uint32_t> ascending(const NodeList& nodes) {
  std::vector<std::uint32_t> ids;
  for (const NodeId node : nodes) ids.push_back(node.value());
  std::sort(ids.begin(), ids.end());
  return ids;
}

peers::Location location_of(const NodeRecord& record) {
  return {domain_key(record.domain, DomainLevel::Region),
          domain_key(record.domain, DomainLevel::Zone),
          domain_key(record.domain, DomainLevel::Rack), record.id.value()};
}

}  // namespace

void MetricReaders::add_members(peers::PeerState& state, const Observer& o) {
  const auto loads = [&](SkewDimension dimension) {
    return o.skews_.loads(dimension, o.cluster_, o.loads_);
  };
  state.copies = loads(SkewDimension::kShards);
  state.leaders = loads(SkewDimension::kLeaders);
  state.bytes = loads(SkewDimension::kBytes);
  state.requests = loads(SkewDimension::kRequests);
  state.cpu = loads(SkewDimension::kCpu);
  state.window = o.loads_.window(o.now_);
  state.flow_window = o.flows_.window(o.now_);
  bool has_disks = true;
  bool has_networks = true;
  for (std::size_t i = 0; i < o.cluster_.nodes().size(); ++i) {
    const ClusterTally::Node& node = o.cluster_.nodes()[i];
    if (!node.is_weighed()) continue;
    const NodeId id(static_cast<NodeId::Rep>(i));
    has_disks = has_disks && node.record.capacity.disk != Bytes();
    state.disks.push_back(node.record.capacity.disk.count());
    has_networks = has_networks && !node.record.capacity.network.is_unlimited();
    state.networks.push_back(node.record.capacity.network.bytes_per_second());
    const FlowTally::NodeFlow flow = o.flows_.recent(id);
    state.network_in.push_back(flow.in_b);
    state.network_out.push_back(flow.out_b);
    state.locations.push_back(location_of(node.record));
    state.disk_used.push_back(o.loads_.held(id).disk_used.count());
    state.documents.push_back(o.loads_.documents_held(id));
    state.stores.push_back(o.stores_.store(id));
    state.recent_write_b.push_back(o.stores_.recent_write_b(id));
  }
  if (!has_disks) state.disks.clear();
  if (!has_networks) state.networks.clear();
}

void MetricReaders::add_shards(peers::PeerState& state, const Observer& o) {
  state.tables.resize(o.cluster_.collections().size());
  for (peers::Table& table : state.tables) {
    table.copies.resize(state.copies.size());
    table.bytes.resize(state.copies.size());
  }
  const std::size_t nobody = state.copies.size();
  std::vector<std::size_t> place_of(o.cluster_.nodes().size(), nobody);
  std::size_t place = 0;
  for (std::size_t i = 0; i < o.cluster_.nodes().size(); ++i) {
    if (!o.cluster_.nodes()[i].is_weighed()) continue;
    place_of[i] = place;
    for (const CopySample& copy : o.loads_.held(NodeId(static_cast<NodeId::Rep>(i))).copies) {
      const CollectionId table = o.cluster_.shard(copy.shard).collection;
      if (table.has_value()) state.tables[table.value()].bytes[place] += copy.bytes.count();
    }
    ++place;
  }
  for (const ShardInfo& shard : o.cluster_.shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    const auto copies = static_cast<std::uint32_t>(shard.replicas.size());
    state.shards.push_back({o.shard_bytes(shard.id).count(), copies});
    std::vector<std::uint32_t>& set = state.replica_sets.emplace_back();
    peers::Region& region = state.regions.emplace_back();
    region.flow = o.flows_.recent(shard.id);
    for (const NodeList* list : {&shard.replicas, &shard.learners}) {
      for (const NodeId id : *list) {
        if (place_of[id.value()] == nobody) continue;
        const auto member = static_cast<std::uint32_t>(place_of[id.value()]);
        ++state.tables[shard.collection.value()].copies[member];
        if (list == &shard.replicas) set.push_back(member);
        region.peers.push_back(member);
        if (id == shard.leader) region.leader = member;
      }
    }
  }
}

peers::RunCounts MetricReaders::run_counts(const Observer& o) {
  peers::RunCounts run;
  for (const ShardInfo& shard : o.cluster_.shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    ++run.shards;
    const bool is_where_it_began =
        ascending(o.ledger_.first_replicas(shard.id)) == ascending(shard.replicas);
    run.misplaced += is_where_it_began ? 0 : 1;
  }
  run.replica_movements = o.ledger_.completed();
  run.leader_movements = o.leader_transfers_;
  run.bytes_to_move = (o.ledger_.moved() - o.ledger_.moved_again()).count();
  run.plans = o.plans_.made();
  run.planned_moves = o.plans_.moves();
  run.relocations = {o.moves_.begun_for(MigrationReason::Balance),
                     o.moves_.begun_for(MigrationReason::Drain),
                     o.moves_.begun_for(MigrationReason::Domain),
                     o.moves_.begun_for(MigrationReason::Manual), o.ledger_.repaired()};
  const LatencyHistogram& latency = o.clients_.latency;
  run.latencies = {latency.percentile(25), latency.percentile(50), latency.percentile(90),
                   latency.percentile(95), latency.percentile(99), {}};
  if (latency.count() > 0) run.latencies.max = latency.max();
  run.overcommit = o.load_history_.overcommit();
  return run;
}

peers::PeerState MetricReaders::peer_state(const Observer& o) {
  peers::PeerState state;
  add_members(state, o);
  add_shards(state, o);
  state.shares_domains = o.integrals_.violates_domains();
  state.transfers = o.moves_.transfers();
  state.bytes_moved = (o.ledger_.moved() - o.ledger_.moved_again()).count();
  state.run = run_counts(o);
  state.lease_thrash_pct = o.load_history_.thrash_percent(SkewDimension::kLeaders);
  state.replica_thrash_pct = o.load_history_.thrash_percent(SkewDimension::kShards);
  state.qps_thrash_pct = o.load_history_.thrash_percent(SkewDimension::kRequests);
  state.cpu_thrash_pct = o.load_history_.thrash_percent(SkewDimension::kCpu);
  return state;
}

std::vector<MetricReaders::NamedReader> MetricReaders::peer_figures() {
  std::vector<NamedReader> readers;
  for (const MetricDefinition& metric : peer_metrics()) {
    const std::string name(metric.name);
    readers.push_back(valued(name, [name](const Observer& o) -> Value {
      const auto& figures = o.peer_figures();
      const auto found = figures.find(name);
      return found == figures.end() ? std::nullopt : found->second;
    }));
  }
  return readers;
}

const peers::PeerFigures& Observer::peer_figures() const {
  if (!peer_figures_) peer_figures_ = peers::peer_figures(MetricReaders::peer_state(*this));
  return *peer_figures_;
}

}  // namespace shardproof::sim
