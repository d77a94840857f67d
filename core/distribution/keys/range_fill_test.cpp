// SPDX-License-Identifier: Apache-2.0
//
// How full shards are behind keys in random order. The place of a key among those before it is
// uniform, so the expected numbers of shards of each size follow one another exactly (Yao 1978).

#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/moments_testing.hpp"
#include "core/distribution/keys/range.hpp"

namespace shardproof::distribution {
namespace {

/// The expected number of shards of each size, key by key.
///
/// Of the n + 1 gaps between n keys a shard of s keys has s, those behind each of them; the first
/// one, which begins before all keys, has one more.
class ExpectedShards {
 public:
  explicit ExpectedShards(std::size_t limit)
      : limit_(limit), first_(limit + 1), others_(limit + 1) {
    first_[0] = 1;
  }

  void insert() {
    const double gaps = ++keys_;
    const double first_splits = first_[limit_] * static_cast<double>(limit_ + 1) / gaps;
    const double others_split = others_[limit_] * static_cast<double>(limit_) / gaps;
    for (std::size_t size = limit_ + 1; size-- > 0;) {
      const auto s = static_cast<double>(size);
      first_[size] -= first_[size] * (s + 1) / gaps;
      others_[size] -= others_[size] * s / gaps;
      if (size == 0) break;
      first_[size] += first_[size - 1] * s / gaps;
      others_[size] += others_[size - 1] * (s - 1) / gaps;
    }
    const std::size_t lower = (limit_ + 1) / 2;
    first_[lower] += first_splits;
    others_[lower] += others_split;
    others_[limit_ + 1 - lower] += first_splits + others_split;
  }

  double shards() const {
    double sum = 1;
    for (const double count : others_) sum += count;
    return sum;
  }
  double fill() const { return keys_ / shards() / static_cast<double>(limit_); }

 private:
  std::size_t limit_;
  double keys_ = 0;
  std::vector<double> first_;   ///< chances of its sizes
  std::vector<double> others_;  ///< by size
};

/// Weighs every number of keys from `begin` to `end` alike on a logarithmic scale.
double log_mean_fill(std::size_t limit, int begin, int end) {
  ExpectedShards expected(limit);
  double sum = 0;
  double weights = 0;
  for (int keys = 1; keys <= end; ++keys) {
    expected.insert();
    if (keys < begin) continue;
    sum += expected.fill() / keys;
    weights += 1.0 / keys;
  }
  return sum / weights;
}

/// The catalogue's simulations, and the limit: for large shards ln 2, about which it swings.
TEST(RangeFill, IsAboutLn2) {
  EXPECT_NEAR(log_mean_fill(100, 100'000, 200'000), 0.6952, 0.001);
  EXPECT_NEAR(log_mean_fill(10, 100'000, 200'000), 0.7099, 0.001);
}

/// The mean of the shards that there are, at several times of the swing.
TEST(RangeFill, IsWhatTheGapsOfRandomKeysSay) {
  constexpr int kKeys = 12'000;
  for (const std::size_t limit : {10u, 33u, 100u}) {
    std::vector<RangeTable> tables(20, RangeTable(std::vector<std::uint64_t>(5, 1), limit, 0));
    std::vector<Random> streams;
    for (std::uint64_t seed = 0; seed < tables.size(); ++seed) streams.emplace_back(seed);
    ExpectedShards expected(limit);
    for (int keys = 1; keys <= kKeys; ++keys) {
      expected.insert();
      for (std::size_t i = 0; i < tables.size(); ++i) {
        tables[i].insert(fmt::format("{:016x}", streams[i].next()));
      }
      if (keys != 3000 && keys != 8000 && keys != kKeys) continue;
      Sample shards;
      for (const RangeTable& table : tables) shards.add(static_cast<double>(table.shards()));
      EXPECT_LT(std::abs(shards.z(expected.shards())), kFar) << limit << ", " << keys << " keys";
    }
  }
}

}  // namespace
}  // namespace shardproof::distribution
