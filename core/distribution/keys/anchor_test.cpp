// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/anchor.hpp"

#include <set>

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {
namespace {

std::vector<std::uint32_t> buckets_of(const AnchorTable& table, std::uint64_t keys) {
  std::vector<std::uint32_t> buckets;
  for (std::uint64_t key = 0; key < keys; ++key) buckets.push_back(table.bucket(mix64(key)));
  return buckets;
}

/// Under any course of removals and additions: only keys of the bucket that went move, those of one
/// that comes are what it had, and no key is on a bucket that is gone.
TEST(Anchor, MovesOnlyWhatARemovedBucketHadAndGivesItBack) {
  constexpr std::uint64_t kKeys = 2000;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    AnchorTable table(40, 25);
    std::set<std::uint32_t> working;
    for (std::uint32_t b = 0; b < 25; ++b) working.insert(b);
    auto before = buckets_of(table, kKeys);
    for (int step = 0; step < 60; ++step) {
      const bool removes = working.size() == 40 || (working.size() > 1 && random.below(2) == 0);
      std::uint32_t changed = 0;
      if (removes) {
        changed = *std::next(working.begin(), static_cast<long>(random.below(working.size())));
        table.remove(changed);
        working.erase(changed);
      } else {
        changed = table.add();
        EXPECT_TRUE(working.insert(changed).second);
      }
      const auto after = buckets_of(table, kKeys);
      for (std::uint64_t key = 0; key < kKeys; ++key) {
        ASSERT_TRUE(working.contains(after[key]));
        if (before[key] == after[key]) continue;
        ASSERT_EQ(removes ? before[key] : after[key], changed) << "step " << step;
      }
      before = after;
    }
  }
}

TEST(Anchor, UndoesRemovalsLastFirst) {
  AnchorTable table(16, 16);
  const auto before = buckets_of(table, 1000);
  for (const std::uint32_t bucket : {3u, 15u, 7u}) table.remove(bucket);
  EXPECT_EQ(table.add(), 7u);
  EXPECT_EQ(table.add(), 15u);
  EXPECT_EQ(table.add(), 3u);
  EXPECT_EQ(buckets_of(table, 1000), before);
}

TEST(Anchor, SpreadsKeysEvenlyAfterRemovalsAnywhere) {
  double sum = 0;
  constexpr std::uint64_t kSeeds = 40;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    AnchorTable table(60, 60);
    for (std::uint32_t bucket = 0; bucket < 60; bucket += 2) table.remove((bucket * 7) % 60);
    std::vector<std::uint64_t> counts(60);
    for (std::uint64_t key = 0; key < 20'000; ++key) ++counts[table.bucket(rehash(seed, key))];
    std::erase(counts, 0u);
    ASSERT_EQ(counts.size(), 30u);
    sum += chi_square_z(counts);
  }
  EXPECT_LT(std::abs(sum / std::sqrt(static_cast<double>(kSeeds))), 4);
}

TEST(Anchor, BuildsAnewWhereItsCapacityEnds) {
  const auto map = key_map("anchor", 10, 0, {{"capacity", {12, 1}}});
  const auto before = owners_of(*map, 10'000);
  const auto within = owners_of(*map->resized(12, {}), 10'000);
  EXPECT_EQ(moves_of(before, within, 10, 12).between_old, 0u);
  const auto beyond = owners_of(*map->resized(13, {}), 10'000);
  EXPECT_GT(moves_of(before, beyond, 10, 13).between_old, 1000u);
}

}  // namespace
}  // namespace shardproof::distribution
