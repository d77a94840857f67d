// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/windowed_sums.hpp"

#include <deque>
#include <map>
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace shardproof::sim {
namespace {

/// All amounts of the intervals that count, the present one first.
class NaiveSums {
 public:
  void add(NodeId node, CollectionId collection, std::uint64_t amount) {
    intervals_.front()[{node, collection}] += amount;
  }
  void next_interval() {
    intervals_.emplace_front();
    if (intervals_.size() > WindowedSums::kWindow) intervals_.pop_back();
  }
  std::uint64_t of(NodeId node, std::optional<CollectionId> collection = std::nullopt) const {
    std::uint64_t sum = 0;
    for (const auto& interval : intervals_) {
      for (const auto& [key, amount] : interval) {
        if (key.first == node && (!collection || key.second == *collection)) sum += amount;
      }
    }
    return sum;
  }

 private:
  std::deque<std::map<std::pair<NodeId, CollectionId>, std::uint64_t>> intervals_{1};
};

TEST(WindowedSums, AreWhatWasAddedInTheLastIntervals) {
  Random random(7);
  WindowedSums sums;
  NaiveSums naive;
  for (int step = 0; step < 4000; ++step) {
    if (random.below(8) == 0) {
      sums.next_interval();
      naive.next_interval();
    }
    const NodeId node(static_cast<std::uint32_t>(random.below(4)));
    const std::uint64_t drawn = random.below(4);
    const CollectionId collection =
        drawn == 3 ? CollectionId::none() : CollectionId(static_cast<std::uint32_t>(drawn));
    const std::uint64_t amount = random.below(100);
    sums.add(node, collection, amount);
    naive.add(node, collection, amount);
    ASSERT_EQ(sums.of(node), naive.of(node)) << step;
    ASSERT_EQ(sums.of(node, collection), naive.of(node, collection)) << step;
  }
  EXPECT_EQ(sums.of(NodeId(9)), 0u);
  EXPECT_EQ(sums.of(NodeId(0), CollectionId(9)), 0u);
}

}  // namespace
}  // namespace shardproof::sim
