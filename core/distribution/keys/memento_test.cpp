// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/memento.hpp"

#include <set>

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/jump.hpp"
#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {
namespace {

std::vector<std::uint32_t> buckets_of(const MementoTable& table, std::uint64_t keys) {
  std::vector<std::uint32_t> buckets;
  for (std::uint64_t key = 0; key < keys; ++key) buckets.push_back(table.bucket(mix64(key)));
  return buckets;
}

TEST(Memento, IsJumpAsLongAsNoneButTheLastBucketGoes) {
  MementoTable table(20);
  table.remove(19);
  table.remove(18);
  EXPECT_EQ(table.add(), 18u);
  EXPECT_EQ(table.bytes(), 0u);
  for (std::uint64_t key = 0; key < 1000; ++key) {
    EXPECT_EQ(table.bucket(mix64(key)), jump_bucket(mix64(key), 19));
  }
}

TEST(Memento, MovesOnlyWhatARemovedBucketHadAndGivesItBack) {
  constexpr std::uint64_t kKeys = 2000;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    MementoTable table(25);
    std::set<std::uint32_t> working;
    for (std::uint32_t b = 0; b < 25; ++b) working.insert(b);
    auto before = buckets_of(table, kKeys);
    for (int step = 0; step < 60; ++step) {
      const bool removes = working.size() > 1 && random.below(5) < 3;
      std::uint32_t changed = 0;
      if (removes) {
        changed = *std::next(working.begin(), static_cast<long>(random.below(working.size())));
        table.remove(changed);
        working.erase(changed);
      } else {
        changed = table.add();
        EXPECT_TRUE(working.insert(changed).second);
      }
      ASSERT_EQ(table.working(), working.size());
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

TEST(Memento, SpreadsKeysEvenlyOverTheNodesThatAreLeft) {
  double sum = 0;
  constexpr std::uint64_t kSeeds = 40;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto map = key_map("memento", 20, seed, {{"removed", {50, 1}}});
    sum += chi_square_z(counts_of(owners_of(*map, 20'000, seed), 20));
  }
  EXPECT_LT(std::abs(sum / std::sqrt(static_cast<double>(kSeeds))), 4);
}

TEST(Memento, GivesNewNodesTheBucketsOfThoseThatWent) {
  const auto map = key_map("memento", 10, 3, {{"removed", {5, 1}}});
  const auto before = owners_of(*map, 20'000);
  const auto grown = map->resized(18, {});
  const auto after = owners_of(*grown, 20'000);
  EXPECT_EQ(moves_of(before, after, 10, 18).between_old, 0u);
  EXPECT_LT(std::abs(chi_square_z(counts_of(after, 18))), 5);
  EXPECT_EQ(owners_of(*grown->resized(10, {}), 20'000), before) << "last in, first out";
}

}  // namespace
}  // namespace shardproof::distribution
