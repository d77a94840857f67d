// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/space_tally.hpp"

#include <algorithm>

#include "sim/observe/grown.hpp"

namespace shardproof::sim {

std::uint64_t SpaceTally::total() const {
  std::uint64_t sum = 0;
  for (const Node& node : nodes_) sum += node.used;
  return sum;
}

void SpaceTally::on_sample(const std::vector<NodeSample>& samples, Instant now) {
  const auto span = static_cast<UInt128>((now - last_).count());
  last_ = now;
  for (const Node& node : nodes_) over_capacity_shard_ns_ += span * node.copies_over_capacity;
  const Ratio watermark = Bounds().disk_high_watermark;
  for (const NodeSample& sample : samples) {
    Node& node = grown(nodes_, sample.node.value());
    node.used = sample.disk_used.count();
    node.peak = std::max(node.peak, node.used);
    const bool is_over =
        sample.disk_capacity != Bytes() && node.used > watermark.of(sample.disk_capacity.count());
    node.copies_over_capacity = is_over ? sample.copies.size() : 0;
  }
  peak_ = std::max(peak_, total());
}

std::optional<ExactValue> SpaceTally::peak_over_final() const {
  const std::uint64_t now = total();
  if (now == 0) return std::nullopt;
  return ExactValue::fraction(peak_, now);
}

Bytes SpaceTally::transient_max() const {
  std::uint64_t most = 0;
  for (const Node& node : nodes_) most = std::max(most, node.peak - node.used);
  return Bytes(most);
}

}  // namespace shardproof::sim
