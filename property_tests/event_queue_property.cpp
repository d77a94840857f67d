// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/random.hpp"
#include "property_tests/naive_queue.hpp"
#include "sim/kernel/event_queue.hpp"
#include "sim/kernel/scheduler.hpp"
#include "sim/kernel/trace_digest.hpp"

namespace shardproof::sim {
namespace {

using testing::NaiveQueue;

/// The event queue and its oracle, driven by the same commands and compared after each.
class Pair {
 public:
  explicit Pair(TiePolicy tie_policy) : tie_policy_(tie_policy) {}

  void push(Instant time) {
    const std::uint32_t tie = tie_policy_.draw(pushed_ % 7);
    const std::uint64_t payload = mix64(++pushed_);
    const EventHandle handle = queue_.push(time, tie, payload);
    RC_ASSERT(handle.sequence == naive_.push(time, tie, payload));
    handles_.push_back(handle);
    compare();
  }

  void cancel(std::uint64_t choice) {
    if (handles_.empty()) return;
    const EventHandle handle = handles_[choice % handles_.size()];
    const bool was_pending = queue_.is_pending(handle);
    RC_ASSERT(queue_.cancel(handle) == was_pending);
    RC_ASSERT(naive_.cancel(handle.sequence) == was_pending);
    RC_ASSERT(!queue_.is_pending(handle));
    compare();
  }

  void pop() {
    Event<std::uint64_t> event;
    const auto expected = naive_.pop();
    RC_ASSERT(queue_.pop(event) == expected.has_value());
    if (expected) {
      RC_ASSERT(event.time == expected->time);
      RC_ASSERT(event.tie == expected->tie);
      RC_ASSERT(event.sequence == expected->sequence);
      RC_ASSERT(event.payload == expected->payload);
      now_ = event.time;
    }
    compare();
  }

  void drain() {
    while (naive_.size() > 0) pop();
    pop();
  }

  Instant now() const { return now_; }

 private:
  void compare() {
    RC_ASSERT(queue_.size() == naive_.size());
    RC_ASSERT(queue_.empty() == (naive_.size() == 0));
    RC_ASSERT(queue_.next_time() == naive_.next_time());
  }

  TiePolicy tie_policy_;
  EventQueue<std::uint64_t> queue_;
  NaiveQueue naive_;
  std::vector<EventHandle> handles_;
  std::uint64_t pushed_ = 0;
  Instant now_;
};

TiePolicy any_tie_policy() {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  switch (*rc::gen::inRange(0, 3)) {
    case 0: return TiePolicy::fifo();
    case 1: return TiePolicy::random(Random(seed));
    default: return TiePolicy::pct(Random(seed), *rc::gen::inRange(1u, kTieDepthMax + 1));
  }
}

/// A time from now on: equal to now, a few nanoseconds, any order of magnitude, or the end of time.
Instant any_time(Instant now) {
  const int magnitude =
      *rc::gen::weightedElement<int>({{2, 0}, {4, 3}, {4, 12}, {4, 24}, {2, 44}, {1, 63}});
  if (magnitude == 0) return now;
  if (magnitude == 63) return Instant::never();
  const auto delay = *rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << magnitude);
  return delay < (Instant::never() - now).count() ? now + Nanoseconds(delay) : Instant::never();
}

RC_GTEST_PROP(EventQueueProperty, AnyCommandsYieldTheTraceOfTheNaiveQueue, ()) {
  Pair pair(any_tie_policy());
  const auto commands = *rc::gen::container<std::vector<int>>(
      rc::gen::weightedElement<int>({{6, 0}, {2, 1}, {5, 2}, {1, 3}}));
  for (const int command : commands) {
    if (command == 0) {
      pair.push(any_time(pair.now()));
    } else if (command == 1) {
      pair.cancel(*rc::gen::arbitrary<std::uint32_t>());
    } else if (command == 2) {
      pair.pop();
    } else {
      const auto time = any_time(pair.now());
      const int burst = *rc::gen::inRange(1, 120);
      for (int i = 0; i < burst; ++i) pair.push(time);
    }
  }
  pair.drain();
}

/// Large enough for several rungs: the naive model's bookkeeping would be slow with shrinkable
/// draws, so that one seed makes all choices.
RC_GTEST_PROP(EventQueueProperty, LongMixedRunsYieldTheTraceOfTheNaiveQueue, ()) {
  Pair pair(any_tie_policy());
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  const auto spread = static_cast<std::uint64_t>(*rc::gen::inRange(1, 40));
  const std::uint64_t cancel_share = *rc::gen::element<std::uint64_t>(0, 10, 45);
  for (int i = 0; i < 600; ++i) {
    const std::uint64_t width = std::uint64_t{1} << random.below(spread);
    pair.push(Instant(Nanoseconds(static_cast<std::int64_t>(random.below(width)))));
  }
  for (int i = 0; i < 1'500; ++i) {
    const std::uint64_t choice = random.below(100);
    const std::uint64_t width = std::uint64_t{1} << random.below(spread);
    const std::uint64_t draw = random.next();
    if (choice < cancel_share) {
      pair.cancel(draw);
    } else if (choice < 60) {
      pair.push(pair.now() + Nanoseconds(static_cast<std::int64_t>(draw % width)));
    } else {
      pair.pop();
    }
  }
  pair.drain();
}

/// Runs a small self-scheduling program on the scheduler and returns its digest.
TraceDigest run_program(std::uint64_t seed, TiePolicy tie_policy) {
  Scheduler<std::uint64_t> scheduler(tie_policy);
  TraceDigest digest;
  Random random(seed);
  for (std::uint64_t i = 0; i < 50; ++i) scheduler.schedule_after(nanoseconds(0), i);
  const auto deliver = [&](const Event<std::uint64_t>& event) {
    digest.fold(event.time, event.payload, 0, 0);
    const std::int64_t delay = random.between(0, 3);
    if (digest.events() < 500) scheduler.schedule_after(nanoseconds(delay), event.payload);
  };
  while (scheduler.run_one(deliver)) {
  }
  return digest;
}

RC_GTEST_PROP(SchedulerProperty, EqualSeedsGiveEqualDigests, (std::uint64_t seed)) {
  const TiePolicy tie_policy = any_tie_policy();
  const TraceDigest first = run_program(seed, tie_policy);
  const TraceDigest second = run_program(seed, tie_policy);
  RC_ASSERT(first.events() == 549u);
  RC_ASSERT(first.current() == second.current());
  RC_ASSERT(!first_divergence(first, second).has_value());
}

}  // namespace
}  // namespace shardproof::sim
