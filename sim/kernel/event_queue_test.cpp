// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/event_queue.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace shardproof::sim {
namespace {

Instant at(std::int64_t time_ns) { return Instant(Nanoseconds(time_ns)); }

std::vector<int> drain(EventQueue<int>& queue) {
  std::vector<int> payloads;
  Event<int> event;
  while (queue.pop(event)) payloads.push_back(event.payload);
  return payloads;
}

TEST(EventQueueTest, EmptyQueueDeliversNothing) {
  EventQueue<int> queue;
  Event<int> event;
  event.payload = 5;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.next_time(), Instant::never());
  EXPECT_FALSE(queue.pop(event));
  EXPECT_EQ(event.payload, 5);
}

TEST(EventQueueTest, OrderIsTimeThenTieThenSequence) {
  EventQueue<int> queue;
  queue.push(at(2), 0, 1);
  queue.push(at(1), 9, 2);
  queue.push(at(1), 3, 3);
  queue.push(at(1), 3, 4);
  queue.push(at(0), 7, 5);
  EXPECT_EQ(drain(queue), (std::vector<int>{5, 3, 4, 2, 1}));
}

TEST(EventQueueTest, EventCarriesItsWholeKey) {
  EventQueue<int> queue;
  queue.push(at(8), 3, 1);
  const EventHandle handle = queue.push(at(7), 6, 2);
  Event<int> event;
  ASSERT_TRUE(queue.pop(event));
  EXPECT_EQ(event.time, at(7));
  EXPECT_EQ(event.tie, 6u);
  EXPECT_EQ(event.sequence, 2u);
  EXPECT_EQ(event.sequence, handle.sequence);
}

TEST(EventQueueTest, ManyEqualTimesKeepTheOrderOfThePushes) {
  EventQueue<int> queue;
  std::vector<int> expected;
  for (int i = 0; i < 5'000; ++i) {
    queue.push(at(1'000 * (i / 2'500)), 0, i);
    expected.push_back(i);
  }
  EXPECT_EQ(drain(queue), expected);
}

TEST(EventQueueTest, EventsPushedForNowComeAfterThoseOfNowThatArePending) {
  EventQueue<int> queue;
  for (int i = 0; i < 200; ++i) queue.push(at(5), 0, i);
  Event<int> event;
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(queue.pop(event));
    ASSERT_EQ(event.payload, i);
    queue.push(at(5), 0, 200 + i);
  }
  EXPECT_EQ(drain(queue).front(), 200);
}

TEST(EventQueueTest, TimesUpToTheEndOfTimeAreLegal) {
  EventQueue<int> queue;
  queue.push(Instant::never(), 1, 1);
  queue.push(Instant::never(), 0, 2);
  queue.push(Instant::never() - nanoseconds(1), 9, 3);
  for (int i = 0; i < 100; ++i) queue.push(at(i), 0, 100 + i);
  Event<int> event;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(queue.pop(event));
    ASSERT_EQ(event.payload, 100 + i);
  }
  EXPECT_EQ(drain(queue), (std::vector<int>{3, 2, 1}));
}

TEST(EventQueueTest, OneFarTimerDoesNotDisturbTheNearOnes) {
  EventQueue<int> queue;
  queue.push(Instant::never(), 0, -1);
  Random random(1);
  Event<int> event;
  for (int i = 0; i < 1'000; ++i) queue.push(at(random.between(0, 1'000'000)), 0, i);
  Instant before;
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(queue.pop(event));
    ASSERT_GE(event.time, before);
    ASSERT_GE(event.payload, 0);
    before = event.time;
    queue.push(event.time + Nanoseconds(random.between(0, 1'000'000)), 0, event.payload);
  }
}

TEST(EventQueueTest, EarlierPushThanTheLastPopIsDeliveredNext) {
  EventQueue<int> queue;
  for (int i = 0; i < 300; ++i) queue.push(at(1'000 + i), 0, i);
  Event<int> event;
  ASSERT_TRUE(queue.pop(event));
  queue.push(at(3), 0, -3);
  queue.push(at(2), 0, -2);
  ASSERT_TRUE(queue.pop(event));
  EXPECT_EQ(event.payload, -2);
  ASSERT_TRUE(queue.pop(event));
  EXPECT_EQ(event.payload, -3);
}

TEST(EventQueueTest, CancelledEventsAreNotDelivered) {
  EventQueue<int> queue;
  const EventHandle first = queue.push(at(1), 0, 1);
  queue.push(at(2), 0, 2);
  const EventHandle third = queue.push(at(3), 0, 3);
  EXPECT_TRUE(queue.cancel(first));
  EXPECT_TRUE(queue.cancel(third));
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue.next_time(), at(2));
  EXPECT_EQ(drain(queue), std::vector<int>{2});
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueueTest, HandleIsGoodForOneEventOnly) {
  EventQueue<int> queue;
  const EventHandle delivered = queue.push(at(1), 0, 1);
  Event<int> event;
  ASSERT_TRUE(queue.pop(event));
  const EventHandle reused = queue.push(at(2), 0, 2);
  ASSERT_EQ(reused.slot, delivered.slot);
  EXPECT_FALSE(queue.is_pending(delivered));
  EXPECT_FALSE(queue.cancel(delivered));
  EXPECT_TRUE(queue.is_pending(reused));
  EXPECT_TRUE(queue.cancel(reused));
  EXPECT_FALSE(queue.cancel(reused));
  EXPECT_FALSE(queue.cancel(EventHandle{}));
}

TEST(EventQueueTest, TimersSetAndCancelledForeverTakeNoMoreSlots) {
  EventQueue<int> queue;
  std::uint32_t highest_slot = 0;
  for (int i = 0; i < 20'000; ++i) {
    const EventHandle handle = queue.push(at(1'000'000 + i), 0, i);
    highest_slot = std::max(highest_slot, handle.slot);
    ASSERT_TRUE(queue.cancel(handle));
  }
  EXPECT_LT(highest_slot, 1'000u);
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueueTest, PurgeReachesEveryPartOfTheLadder) {
  EventQueue<int> queue;
  std::vector<EventHandle> handles;
  for (int i = 0; i < 5'000; ++i) handles.push_back(queue.push(at(i * 1'000), 0, i));
  Event<int> event;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(queue.pop(event));
  for (int i = 0; i < 2'000; ++i) handles.push_back(queue.push(at(50'000'000 + i), 0, 5'000 + i));
  std::vector<int> expected;
  for (std::size_t i = 10; i < handles.size(); ++i) {
    if (i % 5 == 0) {
      expected.push_back(static_cast<int>(i));
    } else {
      ASSERT_TRUE(queue.cancel(handles[i]));
    }
  }
  EXPECT_EQ(queue.size(), expected.size());
  EXPECT_EQ(drain(queue), expected);
}

TEST(EventQueueTest, PayloadThatOwnsSomethingIsMovedOnceAndReleasedAtACancel) {
  EventQueue<std::shared_ptr<int>> queue;
  auto kept = std::make_shared<int>(1);
  auto cancelled = std::make_shared<int>(2);
  queue.push(at(1), 0, kept);
  ASSERT_TRUE(queue.cancel(queue.push(at(2), 0, cancelled)));
  EXPECT_EQ(cancelled.use_count(), 1);
  EXPECT_EQ(kept.use_count(), 2);
  {
    Event<std::shared_ptr<int>> event;
    ASSERT_TRUE(queue.pop(event));
    EXPECT_EQ(event.payload, kept);
    EXPECT_EQ(kept.use_count(), 2);
  }
  EXPECT_EQ(kept.use_count(), 1);
}

TEST(EventQueueTest, UpcomingIsTheEventAfterTheNextOrUnknown) {
  EventQueue<int> queue;
  EXPECT_EQ(queue.upcoming(), nullptr);
  for (int i = 0; i < 10; ++i) queue.push(at(i), 0, i);
  Event<int> event;
  ASSERT_TRUE(queue.pop(event));
  ASSERT_NE(queue.upcoming(), nullptr);
  EXPECT_EQ(*queue.upcoming(), 2);
}

}  // namespace
}  // namespace shardproof::sim
