// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/generated_states.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "core/base/random.hpp"
#include "core/distribution/placement/rendezvous.hpp"
#include "core/distribution/rebalance/greedy.hpp"
#include "core/distribution/replanning.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

constexpr std::string_view kComponent = "generated_states";
constexpr std::uint64_t kShardBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kMedianBytes = std::uint64_t{1} << 28;
constexpr std::uint64_t kRequests = 10;  // of a shard, per second

Random stream(std::uint64_t seed, std::uint32_t entity, std::string_view purpose) {
  return Random::named(seed, kComponent, entity, purpose);
}

/// exp(1.5 z) times the median, for a standard normal z.
std::uint64_t lognormal_bytes(std::uint64_t seed, std::uint32_t shard) {
  Random random = stream(seed, shard, "size");
  const std::int64_t exponent = random.normal_q32() * 3 / 2;
  const auto log2_q32 = static_cast<std::int64_t>((static_cast<Int128>(exponent) << 32) /
                                                  static_cast<Int128>(kQ32Ln2));
  return static_cast<std::uint64_t>((static_cast<UInt128>(exp2_q32(log2_q32)) * kMedianBytes) >>
                                    32);
}

dist::ClusterView empty_nodes(const StateSizes& sizes) {
  SHARDPROOF_CHECK(sizes.copies > 0 && sizes.collections > 0 && sizes.nodes > sizes.copies + 1,
                   "{} copies in {} collections on {} nodes", sizes.copies, sizes.collections,
                   sizes.nodes);
  SHARDPROOF_CHECK(sizes.changing < sizes.nodes - sizes.copies, "{} of {} nodes change",
                   sizes.changing, sizes.nodes);
  dist::ClusterView view;
  for (std::uint32_t i = 0; i < sizes.nodes; ++i) {
    dist::NodeView node;
    node.id = NodeId(i);
    node.domain = {0, static_cast<std::uint16_t>(i % 3), static_cast<std::uint16_t>(i / 3)};
    view.nodes.push_back(node);
  }
  return view;
}

std::vector<dist::NewShard> new_shards(const StateSizes& sizes) {
  std::vector<dist::NewShard> shards;
  for (std::uint32_t i = 0; i < sizes.shards; ++i) {
    shards.push_back({ShardId(i), CollectionId(i % sizes.collections), Bytes(kShardBytes)});
  }
  return shards;
}

/// Every other request writes: the leader handles the request, and for a write its disk's answer
/// and each follower's; a follower the entry and its disk's answer.
void give_requests(dist::ShardView& shard, std::uint64_t per_second) {
  const std::uint64_t writes = per_second / 2;
  shard.requests_per_second = per_second;
  shard.cpu = {per_second + writes * shard.replication_factor, writes * 2};
}

void add_shards(const std::vector<dist::NewShard>& shards,
                const std::vector<dist::CopyList>& places, dist::ClusterView& view) {
  for (std::size_t i = 0; i < shards.size(); ++i) {
    dist::ShardView shard;
    shard.id = shards[i].id;
    shard.collection = shards[i].collection;
    shard.replication_factor = static_cast<std::uint32_t>(places[i].size());
    shard.leader = places[i].front();
    shard.replicas.assign(places[i].begin(), places[i].end());
    shard.bytes = shards[i].bytes;
    give_requests(shard, kRequests);
    view.shards.push_back(std::move(shard));
  }
}

/// What nodes report follows from what they hold.
void report_loads(dist::ClusterView& view) {
  for (dist::NodeView& node : view.nodes) node.load = {};
  for (const dist::ShardView& shard : view.shards) {
    for (const NodeId node : shard.replicas) view.nodes[node.value()].load.disk_used += shard.bytes;
    view.nodes[shard.leader.value()].load.requests_per_second += shard.requests_per_second;
  }
}

/// Gives the nodes disks by parts, so that all together are half full; every disk holds at least
/// what is on it.
void give_disks(const std::vector<std::uint64_t>& parts, dist::ClusterView& view) {
  std::uint64_t bytes = 0;
  std::uint64_t all_parts = 0;
  for (const dist::NodeView& node : view.nodes) bytes += node.load.disk_used.count();
  for (const std::uint64_t part : parts) all_parts += part;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::uint64_t unit = Ratio(2, all_parts).of(bytes) + 1;
    view.nodes[i].capacity.disk =
        Bytes(std::max(unit * parts[i], view.nodes[i].load.disk_used.count()));
  }
}

/// All shards on the first `holders` nodes, as even as greedy makes them there.
dist::ClusterView even_state(const StateSizes& sizes, std::uint32_t holders) {
  dist::ClusterView view = empty_nodes(sizes);
  for (std::uint32_t i = holders; i < sizes.nodes; ++i) view.nodes[i].alive = false;
  const std::vector<dist::NewShard> shards = new_shards(sizes);
  const auto places =
      dist::RendezvousPlacement().place_all(view, shards, {.replication_factor = sizes.copies});
  SHARDPROOF_CHECK(places.has_value(), "{}", places.error().message);
  add_shards(shards, *places, view);
  dist::apply(view, dist::GreedyRebalance().plan(view, {}));
  for (dist::NodeView& node : view.nodes) node.alive = true;
  report_loads(view);
  return view;
}

dist::ClusterView with_equal_disks(dist::ClusterView view) {
  give_disks(std::vector<std::uint64_t>(view.nodes.size(), 1), view);
  return view;
}

dist::ClusterView make_scale_out(std::uint64_t, const StateSizes& sizes) {
  return with_equal_disks(even_state(sizes, sizes.nodes - sizes.changing));
}

dist::ClusterView make_drain(std::uint64_t, const StateSizes& sizes) {
  dist::ClusterView view = with_equal_disks(even_state(sizes, sizes.nodes));
  for (std::uint32_t i = sizes.nodes - sizes.changing; i < sizes.nodes; ++i) {
    view.nodes[i].state = NodeState::Draining;
  }
  return view;
}

dist::ClusterView make_skewed_sizes(std::uint64_t seed, const StateSizes& sizes) {
  dist::ClusterView view = even_state(sizes, sizes.nodes);
  for (dist::ShardView& shard : view.shards) {
    shard.bytes = Bytes(lognormal_bytes(seed, shard.id.value()));
  }
  report_loads(view);
  return with_equal_disks(std::move(view));
}

/// The shards in an order that is drawn, each by its own stream.
std::vector<std::uint32_t> random_order(std::uint64_t seed, std::uint32_t count,
                                        std::string_view purpose) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;
  for (std::uint32_t i = 0; i < count; ++i) keys.emplace_back(stream(seed, i, purpose).next(), i);
  std::sort(keys.begin(), keys.end());
  std::vector<std::uint32_t> order;
  for (const auto& [key, index] : keys) order.push_back(index);
  return order;
}

/// rank^-0.99 in q32, for ranks from 1.
std::uint64_t zipf_q32(std::uint64_t rank) { return exp2_q32(-(log2_q32(rank) / 100 * 99)); }

dist::ClusterView make_hot(std::uint64_t seed, const StateSizes& sizes) {
  dist::ClusterView view = even_state(sizes, sizes.nodes);
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < sizes.shards; ++i) sum += zipf_q32(i + 1);
  const std::uint64_t all = kRequests * sizes.shards;
  std::uint64_t rank = 0;
  for (const std::uint32_t shard : random_order(seed, sizes.shards, "heat")) {
    give_requests(view.shards[shard], Ratio(zipf_q32(++rank), sum).of(all));
  }
  report_loads(view);
  return with_equal_disks(std::move(view));
}

dist::ClusterView make_unequal(std::uint64_t seed, const StateSizes& sizes) {
  constexpr std::array<std::uint16_t, 8> kZones{0, 0, 1, 1, 2, 2, 2, 2};
  dist::ClusterView view = even_state(sizes, sizes.nodes);
  std::vector<std::uint64_t> parts(sizes.nodes);
  std::uint32_t place = 0;
  for (const std::uint32_t node : random_order(seed, sizes.nodes, "disk")) {
    parts[node] = std::uint64_t{1} << (place++ % 3);
  }
  for (std::uint32_t i = 0; i < sizes.nodes; ++i) {
    view.nodes[i].domain.zone = kZones[i % kZones.size()];
    view.nodes[i].domain.rack = static_cast<std::uint16_t>(i);
  }
  give_disks(parts, view);
  return view;
}

}  // namespace

const std::vector<GeneratedState>& generated_states() {
  static const std::vector<GeneratedState> kStates{
      {"scale_out", "even, and then empty nodes join", make_scale_out},
      {"drain", "even, and then nodes are to leave", make_drain},
      {"skewed_sizes", "as many copies everywhere, of lognormal sizes", make_skewed_sizes},
      {"hot", "even but for requests, which are a Zipf law over the shards", make_hot},
      {"unequal", "disks of 1, 2 and 4 parts in zones of 2, 2 and 4, copies alike", make_unequal},
  };
  return kStates;
}

const GeneratedState* find_generated_state(std::string_view name) {
  for (const GeneratedState& state : generated_states()) {
    if (state.name == name) return &state;
  }
  return nullptr;
}

}  // namespace shardproof::sim
