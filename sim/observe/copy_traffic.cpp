// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/copy_traffic.hpp"

#include <algorithm>

#include "sim/observe/grown.hpp"

namespace shardproof::sim {
namespace {

const ClusterTally::Node* find_node(const ClusterTally& cluster, std::size_t index) {
  return index < cluster.nodes().size() ? &cluster.nodes()[index] : nullptr;
}

Bandwidth network_of(const ClusterTally& cluster, std::size_t index) {
  const ClusterTally::Node* node = find_node(cluster, index);
  return node == nullptr ? Bandwidth() : node->record.capacity.network;
}

/// Of limits, where zero means none.
std::uint64_t looser_limit(std::uint64_t a, std::uint64_t b) {
  return a == 0 || b == 0 ? 0 : std::max(a, b);
}

}  // namespace

void CopyTraffic::on_order(const OrderedLimits& ordered) {
  if (ordered.moves_per_node) {
    limits_.moves_per_node =
        static_cast<std::uint32_t>(looser_limit(limits_.moves_per_node, *ordered.moves_per_node));
  }
  if (ordered.bandwidth) {
    limits_.bandwidth = Bandwidth(
        looser_limit(limits_.bandwidth.bytes_per_second(), ordered.bandwidth->bytes_per_second()));
  }
}

void CopyTraffic::on_chunk(const fact::ChunkSent& chunk, NodeId sender, bool is_migration,
                           const ClusterTally& cluster) {
  const std::uint64_t bytes = chunk.bytes.count();
  grown(nodes_, std::max(sender.value(), chunk.target.value()));
  Node& from = nodes_[sender.value()];
  Node& to = nodes_[chunk.target.value()];
  from.sent_now += bytes;
  to.received_now += bytes;
  if (is_migration && !chunk.again) {
    from.sent += bytes;
    to.received += bytes;
  }
  const ClusterTally::Node* one = find_node(cluster, sender.value());
  const ClusterTally::Node* other = find_node(cluster, chunk.target.value());
  if (one == nullptr || other == nullptr) return;
  if (!same_domain(one->record.domain, other->record.domain, DomainLevel::Zone)) {
    cross_zone_ += chunk.bytes;
  }
}

void CopyTraffic::on_interval(const ClusterTally& cluster, Instant now) {
  const Nanoseconds span = now - interval_began_;
  interval_began_ = now;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    const std::uint64_t most = std::max(node.sent_now, node.received_now);
    node.sent_now = node.received_now = 0;
    const Bandwidth network = network_of(cluster, i);
    if (network.is_unlimited() || span <= Nanoseconds(0)) continue;
    const auto load = ExactValue::fraction(
        static_cast<UInt128>(most) * 1'000'000'000,
        static_cast<UInt128>(network.bytes_per_second()) * static_cast<UInt128>(span.count()));
    if (!load_max_ || compare_alike(*load_max_, load) < 0) load_max_ = load;
  }
}

std::optional<Nanoseconds> CopyTraffic::makespan_minimum(const ClusterTally& cluster) const {
  Nanoseconds least;
  bool is_limited = false;
  const auto consider = [&](std::uint64_t bytes, Bandwidth rate) {
    if (rate.is_unlimited()) return;
    is_limited = true;
    least = std::max(least, rate.time_for(Bytes(bytes)));
  };
  const Bandwidth share = distribution::bandwidth_share(limits_);
  const Bandwidth of_node(share.bytes_per_second() * limits_.moves_per_node);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    consider(std::max(node.sent, node.received), network_of(cluster, i));
    consider(node.sent + node.received, of_node);
    total += node.sent;
  }
  consider(total, limits_.bandwidth);
  return is_limited ? std::optional(least) : std::nullopt;
}

}  // namespace shardproof::sim
