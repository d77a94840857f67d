// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/store_figures.hpp"

namespace shardproof::sim {

std::vector<StoreFigures> store_figures(const ClusterTally& cluster, const LoadTally& loads,
                                        const StoreTally& stores, Instant now) {
  constexpr UInt128 kSecond = 1'000'000'000;
  const Nanoseconds window = loads.window(now);
  const auto rate = [&](std::uint64_t amount, UInt128 per) -> std::optional<ExactValue> {
    if (window <= Nanoseconds(0)) return std::nullopt;
    return ExactValue::fraction(amount * per, static_cast<UInt128>(window.count()));
  };
  std::vector<StoreFigures> all;
  for (std::size_t i = 0; i < cluster.nodes().size(); ++i) {
    const ClusterTally::Node& member = cluster.nodes()[i];
    if (!member.is_weighed()) continue;
    const NodeId node(static_cast<NodeId::Rep>(i));
    StoreFigures& store = all.emplace_back();
    store.node = node;
    store.qps = rate(loads.requests().of(node), kSecond);
    store.cpu = rate(loads.cpu().of(node), kSecond);
    store.cpu_util = rate(loads.cpu().of(node), 1);
    store.write_bytes_per_second = rate(stores.recent_write_b(node), kSecond);
    store.replicas = member.copies;
    store.leases = member.leaders;
    store.counts = stores.store(node);
    const NodeSample& held = loads.held(node);
    if (held.disk_capacity == Bytes()) continue;
    store.disk_fraction_used =
        ExactValue::fraction(held.disk_used.count(), held.disk_capacity.count());
  }
  return all;
}

NamedStoreFigures named_figures(const StoreFigures& store) {
  const auto count = [](std::uint64_t number) { return ExactValue::integer(number); };
  return {{{"qps", store.qps},
           {"cpu", store.cpu},
           {"cpu_util", store.cpu_util},
           {"write", count(store.counts.write)},
           {"write_b", count(store.counts.write_b)},
           {"write_bytes_per_second", store.write_bytes_per_second},
           {"read", count(store.counts.read)},
           {"read_b", count(store.counts.read_b)},
           {"replicas", count(store.replicas)},
           {"leases", count(store.leases)},
           {"lease_moves", count(store.counts.lease_moves)},
           {"replica_moves", count(store.counts.replica_moves)},
           {"replica_b_sent", count(store.counts.replica_b_sent)},
           {"replica_b_rcvd", count(store.counts.replica_b_rcvd)},
           {"disk_fraction_used", store.disk_fraction_used}}};
}

}  // namespace shardproof::sim
