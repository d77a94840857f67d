// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/units.hpp"
#include "sim/kernel/event_queue.hpp"
#include "sim/kernel/tie_policy.hpp"

namespace shardproof::sim {

/// Names one scheduled event.
using TimerHandle = EventHandle;

/// Whom an event befalls, for a tie policy that asks; payloads say it by a function of this name.
template <typename Payload>
constexpr std::uint64_t actor_of(const Payload&) {
  return 0;
}

/// Simulated time and what is to happen in it. Events are delivered in the total order (time, tie,
/// sequence): the earliest first; at equal times as the tie policy says; at equal ties in the order
/// in which they were scheduled. Time moves only by delivery, and never back. All operations are
/// amortised O(1) and allocate nothing once the number of pending events has been reached before.
///
/// Delivery is by value: the handler may schedule and cancel as it likes.
template <typename Payload>
class Scheduler {
 public:
  explicit Scheduler(TiePolicy tie_policy = TiePolicy::fifo()) : tie_policy_(tie_policy) {}

  /// The time of the event last delivered; zero before the first.
  Instant now() const { return now_; }

  /// Schedules for `time`, which is not before now(). Asks the tie policy once.
  TimerHandle schedule_at(Instant time, Payload payload) {
    SHARDPROOF_CHECK(time >= now_);
    const std::uint32_t tie = tie_policy_.draw(actor_of(payload));
    return queue_.push(time, tie, std::move(payload));
  }

  /// Schedules `delay` >= 0 from now; beyond the end of time means at Instant::never().
  TimerHandle schedule_after(Nanoseconds delay, Payload payload) {
    SHARDPROOF_CHECK(delay.count() >= 0);
    const Nanoseconds left = Instant::never() - now_;
    const Instant time = delay < left ? now_ + delay : Instant::never();
    return schedule_at(time, std::move(payload));
  }

  /// Takes an event out before it is delivered; false if it has been delivered or cancelled. O(1).
  bool cancel(TimerHandle handle) { return queue_.cancel(handle); }
  bool is_pending(TimerHandle handle) const { return queue_.is_pending(handle); }

  /// Number of events that are yet to be delivered.
  std::size_t pending() const { return queue_.size(); }
  /// When the next event is due; Instant::never() if none is pending.
  Instant next_time() { return queue_.next_time(); }

  /// The payload of an event that is delivered soon, to prefetch what its handler needs; often
  /// nullptr.
  const Payload* upcoming() const { return queue_.upcoming(); }

  /// Takes the next event and moves the time to it; false if none is pending.
  bool next(Event<Payload>& out) {
    if (!queue_.pop(out)) return false;
    now_ = out.time;
    return true;
  }

  /// As next(), but leaves events after `limit` pending.
  bool next_until(Instant limit, Event<Payload>& out) {
    if (queue_.empty() || queue_.next_time() > limit) return false;
    return next(out);
  }

  /// Delivers the next event to `handler(Event<Payload>&)`; false if none is pending.
  template <typename Handler>
  bool run_one(Handler&& handler) {
    Event<Payload> event;
    if (!next(event)) return false;
    handler(event);
    return true;
  }

  /// Orders what is scheduled from here on; what is pending keeps its place.
  void set_tie_policy(TiePolicy tie_policy) { tie_policy_ = tie_policy; }

 private:
  EventQueue<Payload> queue_;
  TiePolicy tie_policy_;
  Instant now_;
};

}  // namespace shardproof::sim
