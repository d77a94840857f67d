// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/load_tally.hpp"

#include <algorithm>

#include "sim/observe/grown.hpp"

namespace shardproof::sim {

void LoadTally::on_sample(const std::vector<NodeSample>& nodes) {
  for (const NodeSample& sample : nodes) {
    Bytes sum;
    for (const CopySample& copy : sample.copies) sum += copy.bytes;
    grown(held_, sample.node.value()) = sample;
    grown(bytes_held_, sample.node.value()) = sum;
  }
  std::fill(shard_bytes_.begin(), shard_bytes_.end(), Bytes());
  for (const NodeSample& sample : held_) {
    for (const CopySample& copy : sample.copies) {
      Bytes& largest = grown(shard_bytes_, copy.shard.value());
      largest = std::max(largest, copy.bytes);
    }
  }
}

void LoadTally::next_interval(Instant now) {
  current_ = (current_ + 1) % begun_.size();
  begun_[current_] = now;
  requests_.next_interval();
  cpu_.next_interval();
}

const NodeSample& LoadTally::held(NodeId node) const {
  static const NodeSample kNothing;
  return node.value() < held_.size() ? held_[node.value()] : kNothing;
}

Bytes LoadTally::bytes_held(NodeId node) const {
  return node.value() < bytes_held_.size() ? bytes_held_[node.value()] : Bytes();
}

std::uint64_t LoadTally::documents_held(NodeId node) const {
  std::uint64_t sum = 0;
  for (const CopySample& copy : held(node).copies) sum += copy.documents;
  return sum;
}

Bytes LoadTally::bytes_held() const {
  Bytes sum;
  for (const Bytes held : bytes_held_) sum += held;
  return sum;
}

Ratio LoadTally::fullest_disk() const {
  Ratio fullest(0, 1);
  for (const NodeSample& sample : held_) {
    if (sample.disk_capacity == Bytes()) continue;
    fullest = std::max(fullest, Ratio(sample.disk_used.count(), sample.disk_capacity.count()));
  }
  return fullest;
}

}  // namespace shardproof::sim
