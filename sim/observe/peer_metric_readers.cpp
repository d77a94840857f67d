// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/metric_families.hpp"
#include "sim/observe/metric_readers.hpp"

namespace shardproof::sim {

peers::PeerState MetricReaders::peer_state(const Observer& o) {
  peers::PeerState state;
  const auto loads = [&](SkewDimension dimension) {
    return o.skews_.loads(dimension, o.cluster_, o.loads_);
  };
  state.copies = loads(SkewDimension::kShards);
  state.leaders = loads(SkewDimension::kLeaders);
  state.bytes = loads(SkewDimension::kBytes);
  state.requests = loads(SkewDimension::kRequests);
  state.cpu = loads(SkewDimension::kCpu);
  state.window = o.loads_.window(o.now_);
  bool has_disks = true;
  std::vector<std::size_t> place_of(o.cluster_.nodes().size(), state.copies.size());
  for (std::size_t i = 0; i < o.cluster_.nodes().size(); ++i) {
    const ClusterTally::Node& node = o.cluster_.nodes()[i];
    if (!node.is_weighed()) continue;
    place_of[i] = state.disks.size();
    has_disks = has_disks && node.record.capacity.disk != Bytes();
    state.disks.push_back(node.record.capacity.disk.count());
    state.zones.push_back(domain_key(node.record.domain, DomainLevel::Zone));
    state.disk_used.push_back(o.loads_.held(NodeId(static_cast<NodeId::Rep>(i))).disk_used.count());
  }
  if (!has_disks) state.disks.clear();
  state.tables.resize(o.cluster_.collections().size());
  for (peers::Table& table : state.tables) table.copies.resize(state.copies.size());
  for (const ShardInfo& shard : o.cluster_.shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    const auto copies = static_cast<std::uint32_t>(shard.replicas.size());
    state.shards.push_back({o.shard_bytes(shard.id).count(), copies});
    for (const NodeList* list : {&shard.replicas, &shard.learners}) {
      for (const NodeId id : *list) {
        const std::size_t place = place_of[id.value()];
        if (place < state.copies.size()) {
          ++state.tables[shard.collection.value()].copies[place];
        }
      }
    }
  }
  state.shares_domains = o.integrals_.violates_domains();
  state.transfers = o.moves_.transfers();
  state.bytes_moved = (o.ledger_.moved() - o.ledger_.moved_again()).count();
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
