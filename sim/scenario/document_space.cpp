// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/document_space.hpp"

#include <algorithm>
#include <vector>

namespace shardproof::sim {

UInt128 content_bytes(const CollectionSpec& collection, Bytes typical) {
  if (collection.shard_bytes.empty()) {
    return static_cast<UInt128>(typical.count()) * collection.documents;
  }
  UInt128 sum = 0;
  for (const Bytes bytes : collection.shard_bytes) sum += bytes.count();
  return sum;
}

UInt128 document_bytes(const ScenarioSpec& spec) {
  UInt128 needed = 0;
  for (const CollectionSpec& collection : spec.collections) {
    needed +=
        content_bytes(collection, typical_document(collection)) * collection.replication_factor;
  }
  return needed;
}

std::optional<UInt128> disk_bytes(const ScenarioSpec& spec) {
  UInt128 space = 0;
  for (const NodeSpec& node : spec.cluster.nodes) {
    if (node.capacity.disk.count() == 0) return std::nullopt;
    space += node.capacity.disk.count();
  }
  return space;
}

namespace {

/// The most that a leader sends each document on to, at least one.
std::uint64_t followers_max(const ScenarioSpec& spec) {
  std::uint64_t followers = 1;
  for (const CollectionSpec& collection : spec.collections) {
    followers = std::max<std::uint64_t>(followers, collection.replication_factor - 1);
  }
  return followers;
}

std::uint64_t nodes_in(const ScenarioSpec& spec, const std::string& zone) {
  return static_cast<std::uint64_t>(
      std::count_if(spec.cluster.nodes.begin(), spec.cluster.nodes.end(),
                    [&](const NodeSpec& node) { return node.zone == zone; }));
}

Bytes written_in_time(Bandwidth rate, Nanoseconds time) {
  if (rate.is_unlimited()) return Bytes::max();
  const UInt128 bytes = static_cast<UInt128>(rate.bytes_per_second()) *
                        static_cast<std::uint64_t>(time.count()) / 1'000'000'000u;
  constexpr UInt128 kMost = std::uint64_t{1} << 62;
  return Bytes(static_cast<std::uint64_t>(std::min(bytes, kMost)));
}

}  // namespace

Bandwidth load_rate(const ScenarioSpec& spec) {
  const std::uint64_t followers = followers_max(spec);
  Bandwidth rate = spec.disk.bandwidth;
  for (const NodeSpec& node : spec.cluster.nodes) {
    if (node.capacity.network.is_unlimited()) continue;
    const std::uint64_t network = node.capacity.network.bytes_per_second() / followers;
    const Bandwidth of_node(std::max<std::uint64_t>(network, 1));
    rate = rate.is_unlimited() ? of_node : std::min(rate, of_node);
  }
  return rate;
}

WritePatience write_patience(const ScenarioSpec& spec) {
  std::vector<WritePatience> all{{"client.request_timeout", spec.client.request_timeout},
                                 {"protocol.disk_timeout", spec.protocol.disk_timeout}};
  const bool has_followers =
      std::any_of(spec.collections.begin(), spec.collections.end(),
                  [](const CollectionSpec& each) { return each.replication_factor > 1; });
  if (has_followers) all.push_back({"protocol.replica_timeout", spec.protocol.replica_timeout});
  return *std::min_element(all.begin(), all.end(),
                           [](const auto& a, const auto& b) { return a.time < b.time; });
}

Bytes document_size_max(const ScenarioSpec& spec) {
  return written_in_time(load_rate(spec), write_patience(spec).time);
}

Bytes load_in_flight_max(const ScenarioSpec& spec) {
  Bytes most = document_size_max(spec);
  for (const LinkSpec& link : spec.network.links) {
    const Bytes carried = written_in_time(link.bandwidth, write_patience(spec).time);
    const std::uint64_t writers =
        std::max(nodes_in(spec, link.zone), nodes_in(spec, link.other_zone));
    if (writers > 0) most = std::min(most, carried / (writers * followers_max(spec)));
  }
  return most / 4;
}

Bytes typical_document(const CollectionSpec& collection) {
  if (collection.documents == 0) return Bytes(0);
  if (collection.shard_bytes.empty()) {
    const SizeDistribution& size = collection.document_size;
    return size.kind == DistributionKind::kPareto ? size.first : mean(size);
  }
  const Bytes most =
      *std::max_element(collection.shard_bytes.begin(), collection.shard_bytes.end());
  return most / std::max<std::uint64_t>(1, collection.documents / collection.shards);
}

}  // namespace shardproof::sim
