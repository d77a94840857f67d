// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/windowed_sums.hpp"

#include <algorithm>

#include "sim/observe/grown.hpp"

namespace shardproof::sim {

std::uint64_t& WindowedSums::at(Sums& sums, NodeId node, CollectionId collection) {
  return grown(grown(sums, row_of(collection)), node.value());
}

void WindowedSums::add(NodeId node, CollectionId collection, std::uint64_t amount) {
  at(intervals_[current_], node, collection) += amount;
}

void WindowedSums::next_interval() {
  const Sums& ended = intervals_[current_];
  for (std::size_t row = 0; row < ended.size(); ++row) {
    for (std::size_t node = 0; node < ended[row].size(); ++node) {
      grown(grown(ended_, row), node) += ended[row][node];
    }
  }
  current_ = (current_ + 1) % kWindow;
  Sums& oldest = intervals_[current_];
  for (std::size_t row = 0; row < oldest.size(); ++row) {
    for (std::size_t node = 0; node < oldest[row].size(); ++node) {
      ended_[row][node] -= oldest[row][node];
      oldest[row][node] = 0;
    }
  }
}

std::uint64_t WindowedSums::read(const Sums& sums, std::size_t row, NodeId node) {
  if (row >= sums.size()) return 0;
  return node.value() < sums[row].size() ? sums[row][node.value()] : 0;
}

std::uint64_t WindowedSums::of(NodeId node) const {
  const std::size_t rows = std::max(ended_.size(), intervals_[current_].size());
  std::uint64_t sum = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    sum += read(ended_, row, node) + read(intervals_[current_], row, node);
  }
  return sum;
}

std::uint64_t WindowedSums::of(NodeId node, CollectionId collection) const {
  const std::size_t row = row_of(collection);
  return read(ended_, row, node) + read(intervals_[current_], row, node);
}

}  // namespace shardproof::sim
