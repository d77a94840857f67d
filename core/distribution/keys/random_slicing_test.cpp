// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/random_slicing.hpp"

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

constexpr UInt128 kAll = static_cast<UInt128>(1) << 64;

std::vector<UInt128> held(const SliceTable& table, std::size_t nodes) {
  std::vector<UInt128> sums(nodes);
  for (const KeySlice& slice : table.slices()) sums.at(slice.owner) += slice.length;
  return sums;
}

/// How much of the key space has another owner.
UInt128 changed(const SliceTable& before, const SliceTable& after) {
  const auto a = before.slices();
  const auto b = after.slices();
  UInt128 sum = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const UInt128 end_a = a[i].start + a[i].length;
    const UInt128 end_b = b[j].start + b[j].length;
    const UInt128 start = std::max(a[i].start, b[j].start);
    if (a[i].owner != b[j].owner) sum += std::min(end_a, end_b) - start;
    if (end_a <= end_b) ++i;
    if (end_b <= end_a) ++j;
  }
  return sum;
}

TEST(RandomSlicing, MovesExactlyTheLeastAndKeepsExactShares) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed);
    SliceTable table(5, {});
    std::uint32_t nodes = 5;
    for (int step = 0; step < 25; ++step) {
      const SliceTable before = table;
      const std::uint32_t nodes_before = nodes;
      nodes = static_cast<std::uint32_t>(1 + random.below(30));
      std::vector<std::uint64_t> weights;
      if (random.below(2) == 0) {
        for (std::uint32_t i = 0; i < nodes; ++i) weights.push_back(1 + random.below(1000));
      }
      table.resize(nodes, weights);
      const auto had = held(before, std::max(nodes, nodes_before));
      const auto has = held(table, std::max(nodes, nodes_before));
      UInt128 least = 0;
      UInt128 sum = 0;
      for (std::size_t i = 0; i < has.size(); ++i) {
        if (had[i] > has[i]) least += had[i] - has[i];
        sum += has[i];
      }
      ASSERT_TRUE(sum == kAll);
      ASSERT_TRUE(changed(before, table) == least) << "step " << step;
      const auto fresh = held(SliceTable(nodes, weights), nodes);
      for (std::uint32_t i = 0; i < nodes; ++i) ASSERT_TRUE(has[i] == fresh[i]);
    }
  }
}

TEST(RandomSlicing, FindsTheSliceOfEveryHash) {
  SliceTable table(7, {});
  table.resize(11, {});
  table.resize(9, {});
  for (const KeySlice& slice : table.slices()) {
    EXPECT_EQ(table.owner(slice.start), slice.owner);
    EXPECT_EQ(table.owner(slice.start + static_cast<std::uint64_t>(slice.length - 1)), slice.owner);
  }
}

}  // namespace
}  // namespace shardproof::distribution
