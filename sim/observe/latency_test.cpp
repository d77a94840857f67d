// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/latency.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shardproof::sim {
namespace {

TEST(LatencyHistogram, SmallLatenciesAreExact) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.record(Nanoseconds(i));
  EXPECT_EQ(histogram.percentile(50), Nanoseconds(50));
  EXPECT_EQ(histogram.percentile(99), Nanoseconds(99));
  EXPECT_EQ(histogram.percentile(100), Nanoseconds(100));
}

TEST(LatencyHistogram, HasNoPercentileOfNothing) {
  EXPECT_FALSE(LatencyHistogram().percentile(50).has_value());
}

TEST(LatencyHistogram, ANegativeLatencyCountsAsZeroAndTheLongestFits) {
  LatencyHistogram histogram;
  histogram.record(Nanoseconds(-5));
  histogram.record(Nanoseconds::max());
  EXPECT_EQ(histogram.percentile(50), Nanoseconds(0));
  EXPECT_EQ(histogram.percentile(100), Nanoseconds::max());
}

// The naive twin: sorted values and the nearest rank.
RC_GTEST_PROP(LatencyHistogram, IsNeverBelowTheNearestRankAndAtMostOne128thAbove, ()) {
  auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::inRange<std::int64_t>(0, 50'000'000'000)));
  const auto percent = *rc::gen::inRange<std::uint32_t>(1, 101);
  LatencyHistogram histogram;
  for (const std::int64_t value : values) histogram.record(Nanoseconds(value));
  std::sort(values.begin(), values.end());
  const std::size_t rank = (values.size() * percent + 99) / 100;
  const std::int64_t exact = values[rank - 1];
  const std::int64_t measured = histogram.percentile(percent)->count();
  RC_ASSERT(measured >= exact);
  RC_ASSERT(measured - exact <= exact / 128);
}

RC_GTEST_PROP(LatencyHistogram, IsAsNewOnceItIsCleared, ()) {
  const auto before = *rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::inRange<std::int64_t>(0, 5'000'000'000));
  const auto after = *rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::inRange<std::int64_t>(0, 5'000'000'000));
  LatencyHistogram cleared;
  LatencyHistogram fresh;
  for (const std::int64_t value : before) cleared.record(Nanoseconds(value));
  cleared.clear();
  for (const std::int64_t value : after) {
    cleared.record(Nanoseconds(value));
    fresh.record(Nanoseconds(value));
  }
  for (const std::uint32_t percent : {1u, 50u, 99u, 100u}) {
    RC_ASSERT(cleared.percentile(percent) == fresh.percentile(percent));
  }
  RC_ASSERT(cleared.max() == fresh.max());
}

TEST(ClientTally, EveryOutcomeIsCountedOnce) {
  ClientTally tally;
  tally.on_reply(ReplyStatus::Ok, true, milliseconds(1));
  tally.on_reply(ReplyStatus::NotFound, false, milliseconds(1));
  tally.on_reply(ReplyStatus::CrossShardTransaction, true, milliseconds(1));
  tally.on_reply(ReplyStatus::MissingShardKeyField, true, milliseconds(1));
  tally.on_reply(ReplyStatus::Unavailable, true, milliseconds(1));
  tally.on_reply(ReplyStatus::Unknown, true, milliseconds(1));
  EXPECT_EQ(tally.ok, 2u);
  EXPECT_EQ(tally.failed, 3u);
  EXPECT_EQ(tally.unknown, 1u);
  EXPECT_EQ(tally.refused_cross_shard, 1u);
  EXPECT_EQ(tally.refused_shard_key, 1u);
  EXPECT_EQ(tally.latency.count(), 2u);
}

TEST(ClientTally, ReadsAndWritesHaveLatenciesOfTheirOwnForTheRunAndSinceTheLastSample) {
  ClientTally tally;
  tally.on_reply(ReplyStatus::Ok, false, milliseconds(1));
  tally.on_reply(ReplyStatus::VersionMismatch, true, milliseconds(8));
  tally.on_reply(ReplyStatus::Unavailable, true, milliseconds(99));
  EXPECT_EQ(tally.reads.all.percentile(100), milliseconds(1));
  EXPECT_EQ(tally.writes.all.percentile(100), milliseconds(8)) << "what failed has none";
  EXPECT_EQ(tally.writes.recent.percentile(100), milliseconds(8));
  tally.on_interval();
  EXPECT_FALSE(tally.writes.recent.percentile(50)) << "nothing was answered";
  tally.on_reply(ReplyStatus::Ok, true, milliseconds(2));
  EXPECT_EQ(tally.writes.recent.percentile(100), milliseconds(2));
  EXPECT_EQ(tally.writes.all.percentile(100), milliseconds(8));
  EXPECT_EQ(tally.reads.all.count() + tally.writes.all.count(), tally.latency.count());
}

}  // namespace
}  // namespace shardproof::sim
