// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"

namespace shardproof::sim {

/// Amounts by node and collection, summed over the last `kWindow` intervals, the present one
/// included.
class WindowedSums {
 public:
  static constexpr std::size_t kWindow = 64;

  /// None as the collection: what belongs to none. O(1).
  void add(NodeId node, CollectionId collection, std::uint64_t amount);
  /// Begins the next interval. O(nodes x collections).
  void next_interval();

  /// Over all collections and what belongs to none, or of one. O(collections), O(1).
  std::uint64_t of(NodeId node) const;
  std::uint64_t of(NodeId node, CollectionId collection) const;

 private:
  /// By collection, the first of which stands for none, then node.
  using Sums = std::vector<std::vector<std::uint64_t>>;
  static std::size_t row_of(CollectionId collection) {
    return collection.has_value() ? collection.value() + std::size_t{1} : 0;
  }
  static std::uint64_t& at(Sums& sums, NodeId node, CollectionId collection);
  static std::uint64_t read(const Sums& sums, std::size_t row, NodeId node);

  /// Of the intervals before the present one: adding, which is done for every event, touches one
  /// place only.
  Sums ended_;
  std::array<Sums, kWindow> intervals_;
  std::size_t current_ = 0;
};

}  // namespace shardproof::sim
