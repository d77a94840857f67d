// SPDX-License-Identifier: Apache-2.0
//
// How often look-ups of AnchorHash, MementoHash and DxHash go round. The tables do not say, so
// twins by the papers' definitions count; that they find the same bucket shows that they go the
// same way.

#include <algorithm>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/anchor.hpp"
#include "core/distribution/keys/dx.hpp"
#include "core/distribution/keys/jump.hpp"
#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/memento.hpp"
#include "core/distribution/keys/moments_testing.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {
namespace {

/// Remembers for every bucket that went which ones worked afterwards, in the order of a list where
/// the last one takes the place of one that goes.
class SnapshotTable {
 public:
  explicit SnapshotTable(std::uint32_t size) : working_(size), left_(size) {
    std::iota(working_.begin(), working_.end(), 0u);
  }

  void remove(std::uint32_t bucket) {
    *std::find(working_.begin(), working_.end(), bucket) = working_.back();
    working_.pop_back();
    left_[bucket] = working_;
  }
  std::uint32_t any_working(Random& random) const {
    return working_[random.below(working_.size())];
  }

  struct Found {
    std::uint32_t bucket = 0;
    double rounds = 0;        ///< beyond the first
    double replacements = 0;  ///< followed within rounds, where the table has no list to look at
  };
  Found find(std::uint64_t hash, std::uint32_t first) const {
    Found found{first, 0, 0};
    while (!left_[found.bucket].empty()) {
      const auto& then = left_[found.bucket];
      auto next = static_cast<std::uint32_t>(rehash(hash, found.bucket) % then.size());
      found.bucket = then[next];
      // What went before is replaced by the place that was the last one then.
      for (; !left_[next].empty() && left_[next].size() >= then.size(); ++found.replacements)
        next = static_cast<std::uint32_t>(left_[next].size());
      ++found.rounds;
    }
    return found;
  }

 private:
  std::vector<std::uint32_t> working_;
  std::vector<std::vector<std::uint32_t>> left_;  ///< by bucket; empty if it works
};

/// A removal that leaves j - 1 of j buckets moves a key with chance 1 / j, whatever was before:
/// from a to w buckets H_a - H_w times in the mean.
Moments rounds_of(std::uint32_t all, std::uint32_t working) {
  const double mean = harmonic(all) - harmonic(working);
  return {mean, mean - (harmonic(all, 2) - harmonic(working, 2))};
}

constexpr std::uint64_t kKeys = 10'000;

TEST(Anchor, GoesRoundAsOftenAsTheHarmonicNumbersSay) {
  for (const auto& [working, stated] :
       {std::pair{500u, 1.69265}, {900u, 1.1053}, {100u, 3.29809}}) {
    const Moments moments = rounds_of(1000, working);
    EXPECT_NEAR(1 + moments.mean, stated, 6e-5);
    Random random(working);
    AnchorTable table(1000, 1000);
    SnapshotTable twin(1000);
    for (std::uint32_t left = 1000; left > working; --left) {
      const std::uint32_t bucket = twin.any_working(random);
      table.remove(bucket);
      twin.remove(bucket);
    }
    Deviation rounds;
    for (std::uint64_t key = 0; key < kKeys; ++key) {
      const std::uint64_t hash = mix64(key);
      const auto found = twin.find(hash, static_cast<std::uint32_t>(hash % 1000));
      ASSERT_EQ(table.bucket(hash), found.bucket);
      rounds.add(found.rounds, moments);
    }
    EXPECT_LT(std::abs(rounds.z()), kFar) << working;
  }
}

/// A table of 1000 buckets of which so many random ones have gone, and its twin.
struct Removed {
  Removed(std::uint32_t removed, std::uint64_t seed) : table(1000), twin(1000) {
    Random random(seed);
    while (gone.size() < removed) {
      const std::uint32_t bucket = twin.any_working(random);
      if (gone.empty() && bucket == 999) continue;  // the last one would not be remembered
      table.remove(bucket);
      twin.remove(bucket);
      gone.insert(bucket);
    }
  }

  MementoTable table;
  SnapshotTable twin;
  std::set<std::uint32_t> gone;
};

struct MementoRow {
  std::uint32_t removed;
  double rounds;
  double replacements;
  double unit;  ///< that replacements are rounded to
};

/// H_n - H_w is about ln(n / w). The keys that move are those of the buckets that went. The rows
/// are the catalogue's simulation, which says nothing of deviations: they are taken for those of
/// here.
TEST(Memento, GoesRoundAsOftenAsTheLogarithmSays) {
  constexpr std::uint64_t kTables = 10;
  for (const auto& [removed, stated, inner, unit] :
       {MementoRow{100, 0.1055, 0.006, 1e-3}, MementoRow{500, 0.6938, 0.31, 1e-2},
        MementoRow{900, 2.3014, 6.7, 1e-1}}) {
    const Moments moments = rounds_of(1000, 1000 - removed);
    EXPECT_NEAR(moments.mean, std::log(1000.0 / (1000 - removed)), 0.006);
    Deviation rounds;
    Deviation moved;
    Sample of_tables;
    Sample replacements;
    for (std::uint64_t seed = 0; seed < kTables; ++seed) {
      const Removed state(removed, seed);
      double sum = 0;
      double followed = 0;
      for (std::uint64_t key = 0; key < kKeys / 4; ++key) {
        const std::uint64_t hash = mix64(seed * kKeys + key);
        const std::uint32_t first = jump_bucket(hash, 1000);
        const auto found = state.twin.find(hash, first);
        ASSERT_EQ(state.table.bucket(hash), found.bucket);
        ASSERT_EQ(found.rounds > 0, state.gone.contains(first));
        rounds.add(found.rounds, moments);
        moved.add(found.rounds > 0 ? 1 : 0, binomial_moments(1, removed / 1000.0));
        sum += found.rounds;
        followed += found.replacements;
      }
      of_tables.add(sum / (kKeys / 4));
      replacements.add(followed / (kKeys / 4));
    }
    EXPECT_LT(std::abs(rounds.z()), kFar) << removed;
    EXPECT_LT(std::abs(moved.z()), kFar) << removed;
    EXPECT_LT(std::abs(of_tables.z(stated, kTables, 1e-4)), kFar) << removed;
    EXPECT_LT(std::abs(replacements.z(inner, kTables, unit)), kFar)
        << removed << ": " << replacements.mean();
  }
}

/// Draws are geometric: 1 / share in the mean, more than t with chance (1 - share)^t.
TEST(Dx, DrawsAsOftenAsTheFreePlacesSay) {
  constexpr std::uint32_t kCapacity = 256;
  for (const std::uint32_t nodes : {128u, 100u, 250u, 20u}) {
    const auto map = key_map("dx", nodes, 0, {{"capacity", {kCapacity, 1}}});
    const double miss = 1 - 1.0 * nodes / kCapacity;
    Deviation draws;
    std::uint64_t many = 0;
    for (std::uint64_t i = 0; i < kKeys; ++i) {
      const Key key{"", mix64(i)};
      std::uint64_t draw = 0;
      while (rehash(key.hash, draw) % kCapacity >= nodes) ++draw;
      std::uint32_t owner = 0;
      map->place({&key, 1}, {&owner, 1});
      ASSERT_EQ(owner, rehash(key.hash, draw) % kCapacity);
      draws.add(static_cast<double>(draw + 1), {1 / (1 - miss), miss / ((1 - miss) * (1 - miss))});
      if (draw + 1 > 8) ++many;
    }
    EXPECT_LT(std::abs(draws.z()), kFar) << nodes;
    EXPECT_LT(std::abs(binomial_z(many, kKeys, std::pow(miss, 8))), kFar) << nodes;
  }
}

}  // namespace
}  // namespace shardproof::distribution
