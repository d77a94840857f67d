// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/trace_digest.hpp"

#include <set>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

/// A run of `events` events of which number `changed` (from 1; 0 for none) differs.
TraceDigest run_of(std::uint64_t events, std::uint64_t changed = 0) {
  TraceDigest digest;
  for (std::uint64_t i = 1; i <= events; ++i) {
    const auto time = Instant(Nanoseconds(static_cast<std::int64_t>(10 * i)));
    digest.fold(time, i % 3, i % 7, i == changed ? 99 : 5);
  }
  return digest;
}

TEST(TraceDigestTest, EachWordTheTimeAndTheirPlacesCount) {
  const auto digest_of = [](std::int64_t time, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    TraceDigest digest;
    digest.fold(Instant(Nanoseconds(time)), a, b, c);
    return digest.value();
  };
  const std::set<std::uint64_t> values = {
      TraceDigest().value(), digest_of(0, 0, 0, 0), digest_of(1, 0, 0, 0), digest_of(0, 1, 0, 0),
      digest_of(0, 0, 1, 0), digest_of(0, 0, 0, 1), digest_of(1, 2, 3, 4), digest_of(1, 3, 2, 4)};
  EXPECT_EQ(values.size(), 8u);
  EXPECT_EQ(digest_of(1, 2, 3, 4), digest_of(1, 2, 3, 4));
}

TEST(TraceDigestTest, OrderOfEventsCounts) {
  TraceDigest one;
  one.fold(Instant(), 1, 0, 0);
  one.fold(Instant(), 2, 0, 0);
  TraceDigest other;
  other.fold(Instant(), 2, 0, 0);
  other.fold(Instant(), 1, 0, 0);
  EXPECT_NE(one.value(), other.value());
}

TEST(TraceDigestTest, ValueIsTheSameInEveryBuild) {
  EXPECT_EQ(fmt::format("{:016x}", run_of(1'000).value()), "7ebd128d830aa40c");
}

TEST(TraceDigestTest, CheckpointsStandAtEachMultipleOfTheInterval) {
  const TraceDigest digest = run_of(1'000);
  ASSERT_EQ(digest.checkpoints().size(), 1 + 1'000 / TraceDigest::kFirstInterval);
  for (std::size_t i = 0; i < digest.checkpoints().size(); ++i) {
    const std::uint64_t events = i * TraceDigest::kFirstInterval;
    EXPECT_EQ(digest.checkpoints()[i], run_of(events).current());
  }
}

TEST(TraceDigestTest, LongRunsKeepABoundedNumberOfEvenlySpacedCheckpoints) {
  const std::uint64_t events = 4 * TraceDigest::kMaxCheckpoints * TraceDigest::kFirstInterval;
  const TraceDigest digest = run_of(events);
  EXPECT_LE(digest.checkpoints().size(), TraceDigest::kMaxCheckpoints);
  EXPECT_GE(digest.checkpoints().size(), TraceDigest::kMaxCheckpoints / 2);
  for (std::size_t i = 0; i < digest.checkpoints().size(); ++i) {
    ASSERT_EQ(digest.checkpoints()[i].events, i * digest.interval());
  }
  EXPECT_EQ(digest.checkpoints()[3], run_of(3 * digest.interval()).current());
}

TEST(FirstDivergence, EqualRunsHaveNone) {
  EXPECT_FALSE(first_divergence(run_of(0), run_of(0)).has_value());
  EXPECT_FALSE(first_divergence(run_of(777), run_of(777)).has_value());
}

TEST(FirstDivergence, NamesTheIntervalOfTheFirstDifferingEvent) {
  const std::uint64_t k = TraceDigest::kFirstInterval;
  EXPECT_EQ(first_divergence(run_of(10 * k), run_of(10 * k, 1)), (Divergence{0, k}));
  EXPECT_EQ(first_divergence(run_of(10 * k), run_of(10 * k, 3 * k)), (Divergence{2 * k, 3 * k}));
  EXPECT_EQ(first_divergence(run_of(10 * k), run_of(10 * k, 3 * k + 1)),
            (Divergence{3 * k, 4 * k}));
}

TEST(FirstDivergence, DifferenceAfterTheLastCheckpointEndsWithTheRun) {
  const std::uint64_t k = TraceDigest::kFirstInterval;
  EXPECT_EQ(first_divergence(run_of(k + 10), run_of(k + 10, k + 5)), (Divergence{k, k + 10}));
}

TEST(FirstDivergence, RunThatEndsEarlyDiffersByTheFirstEventItLacks) {
  const std::uint64_t k = TraceDigest::kFirstInterval;
  EXPECT_EQ(first_divergence(run_of(2 * k), run_of(5 * k)), (Divergence{2 * k, 2 * k + 1}));
  EXPECT_EQ(first_divergence(run_of(5 * k), run_of(2 * k + 9)), (Divergence{2 * k, 2 * k + 10}));
}

TEST(FirstDivergence, RunsWithDifferentIntervalsAreComparedWhereBothHaveCheckpoints) {
  const std::uint64_t limit = TraceDigest::kMaxCheckpoints * TraceDigest::kFirstInterval;
  const TraceDigest shorter = run_of(limit / 2, limit / 4 + 1);
  const TraceDigest longer = run_of(limit + 1);
  ASSERT_NE(shorter.interval(), longer.interval());
  EXPECT_EQ(first_divergence(shorter, longer),
            (Divergence{limit / 4, limit / 4 + longer.interval()}));
}

}  // namespace
}  // namespace shardproof::sim
