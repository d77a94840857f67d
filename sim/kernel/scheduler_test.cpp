// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/scheduler.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sim/kernel/streams.hpp"

namespace shardproof::sim {
namespace {

void throw_failure(const CheckFailure& failure) {
  throw std::logic_error(std::string(failure.condition));
}

std::vector<int> drain(Scheduler<int>& scheduler) {
  std::vector<int> payloads;
  while (scheduler.run_one([&](const Event<int>& event) { payloads.push_back(event.payload); })) {
  }
  return payloads;
}

TEST(SchedulerTest, TimeMovesToEachDeliveredEvent) {
  Scheduler<int> scheduler;
  EXPECT_EQ(scheduler.now(), Instant());
  scheduler.schedule_after(seconds(2), 2);
  scheduler.schedule_at(Instant(seconds(1)), 1);
  EXPECT_EQ(scheduler.pending(), 2u);
  EXPECT_EQ(scheduler.next_time(), Instant(seconds(1)));
  EXPECT_EQ(scheduler.now(), Instant());
  Event<int> event;
  ASSERT_TRUE(scheduler.next(event));
  EXPECT_EQ(event.payload, 1);
  EXPECT_EQ(scheduler.now(), Instant(seconds(1)));
  scheduler.schedule_after(milliseconds(500), 3);
  ASSERT_TRUE(scheduler.next(event));
  EXPECT_EQ(event.payload, 3);
  EXPECT_EQ(scheduler.now(), Instant(milliseconds(1500)));
  ASSERT_TRUE(scheduler.next(event));
  EXPECT_FALSE(scheduler.next(event));
  EXPECT_EQ(scheduler.now(), Instant(seconds(2)));
}

TEST(SchedulerTest, NextUntilLeavesLaterEventsPending) {
  Scheduler<int> scheduler;
  scheduler.schedule_after(seconds(1), 1);
  scheduler.schedule_after(seconds(3), 3);
  Event<int> event;
  EXPECT_TRUE(scheduler.next_until(Instant(seconds(1)), event));
  EXPECT_FALSE(scheduler.next_until(Instant(seconds(2)), event));
  EXPECT_EQ(scheduler.now(), Instant(seconds(1)));
  EXPECT_EQ(scheduler.pending(), 1u);
  EXPECT_TRUE(scheduler.next_until(Instant::never(), event));
  EXPECT_FALSE(scheduler.next_until(Instant::never(), event));
}

TEST(SchedulerTest, HandlerMayScheduleAndCancel) {
  Scheduler<int> scheduler;
  const TimerHandle doomed = scheduler.schedule_after(seconds(5), 5);
  scheduler.schedule_after(seconds(1), 1);
  std::vector<int> payloads;
  while (scheduler.run_one([&](const Event<int>& event) {
    payloads.push_back(event.payload);
    if (event.payload != 1) return;
    scheduler.schedule_after(nanoseconds(0), 2);
    EXPECT_TRUE(scheduler.cancel(doomed));
  })) {
  }
  EXPECT_EQ(payloads, (std::vector<int>{1, 2}));
  EXPECT_FALSE(scheduler.is_pending(doomed));
}

TEST(SchedulerTest, SchedulingInThePastFailsACheck) {
  const CheckHandler before = set_check_handler(throw_failure);
  Scheduler<int> scheduler;
  scheduler.schedule_after(seconds(1), 1);
  Event<int> event;
  ASSERT_TRUE(scheduler.next(event));
  EXPECT_THROW(scheduler.schedule_at(Instant(milliseconds(999)), 2), std::logic_error);
  EXPECT_THROW(scheduler.schedule_after(nanoseconds(-1), 2), std::logic_error);
  EXPECT_NO_THROW(scheduler.schedule_at(Instant(seconds(1)), 2));
  set_check_handler(before);
}

TEST(SchedulerTest, DelayBeyondTheEndOfTimeMeansNever) {
  Scheduler<int> scheduler;
  scheduler.schedule_after(seconds(1), 1);
  Event<int> event;
  ASSERT_TRUE(scheduler.next(event));
  scheduler.schedule_after(Nanoseconds::max(), 2);
  scheduler.schedule_after(Nanoseconds::max() - seconds(1), 3);
  scheduler.schedule_after(Nanoseconds::max() - seconds(1) - nanoseconds(1), 4);
  ASSERT_TRUE(scheduler.next(event));
  EXPECT_EQ(event.payload, 4);
  EXPECT_EQ(event.time, Instant::never() - nanoseconds(1));
  ASSERT_TRUE(scheduler.next(event));
  EXPECT_EQ(event.payload, 2);
  EXPECT_EQ(event.time, Instant::never());
}

TEST(SchedulerTest, FifoKeepsTheOrderOfSchedulingAtEqualTimes) {
  Scheduler<int> scheduler(TiePolicy::fifo());
  for (int i = 0; i < 100; ++i) scheduler.schedule_after(seconds(1), i);
  const std::vector<int> order = drain(scheduler);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(order.size(), 100u);
}

std::vector<int> random_order(std::uint64_t seed) {
  Scheduler<int> scheduler(TiePolicy::random(Streams(seed).stream("scheduler", 0, "tie")));
  for (int i = 0; i < 100; ++i) scheduler.schedule_after(seconds(1), i);
  scheduler.schedule_after(seconds(0), -1);
  return drain(scheduler);
}

TEST(SchedulerTest, RandomTiesPermuteEqualTimesOnlyAndAsTheSeedSays) {
  std::vector<int> order = random_order(1);
  EXPECT_EQ(order, random_order(1));
  EXPECT_NE(order, random_order(2));
  EXPECT_EQ(order.front(), -1);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (int i = -1; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i + 1)], i);
}

TEST(SchedulerTest, ANewTiePolicyOrdersWhatIsScheduledFromThenOn) {
  const auto order_under = [](std::uint64_t seed) {
    Scheduler<int> scheduler;
    for (int i = 0; i < 8; ++i) scheduler.schedule_after(seconds(1), i);
    scheduler.set_tie_policy(TiePolicy::random(Random(seed)));
    for (int i = 8; i < 24; ++i) scheduler.schedule_after(seconds(1), i);
    return drain(scheduler);
  };
  const std::vector<int> order = order_under(1);
  // FIFO has given those that were pending the lowest tie.
  for (int i = 0; i < 8; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  EXPECT_NE(order, order_under(2));
}

TEST(TiePolicyTest, FifoGivesZeroToAll) {
  TiePolicy policy = TiePolicy::fifo();
  EXPECT_EQ(policy.order(), TieOrder::kFifo);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(policy.draw(0), 0u);
}

TEST(TiePolicyTest, RandomDrawsOncePerEvent) {
  TiePolicy policy = TiePolicy::random(Random(4));
  Random stream(4);
  EXPECT_EQ(policy.order(), TieOrder::kRandom);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(policy.draw(0), stream.next() >> 32);
}

TEST(StreamsTest, EachNameHasItsOwnStreamFromItsBeginning) {
  const Streams streams(7);
  EXPECT_EQ(streams.run_seed(), 7u);
  Random loss = streams.stream("network", 3, "loss");
  loss.next();
  EXPECT_EQ(streams.stream("network", 3, "loss"), Random::named(7, "network", 3, "loss"));
  EXPECT_FALSE(streams.stream("network", 3, "loss") == streams.stream("network", 4, "loss"));
  EXPECT_FALSE(streams.stream("network", 3, "loss") == Streams(8).stream("network", 3, "loss"));
}

}  // namespace
}  // namespace shardproof::sim
