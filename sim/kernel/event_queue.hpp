// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/units.hpp"
#include "sim/kernel/event_slab.hpp"
#include "sim/kernel/ladder.hpp"

namespace shardproof::sim {

/// Names one pushed event for cancel(). Never names another event, however often its slot is
/// reused.
struct EventHandle {
  std::uint64_t sequence = 0;
  std::uint32_t slot = kNoSlot;
  friend bool operator==(const EventHandle&, const EventHandle&) = default;
};

/// A delivered event.
template <typename Payload>
struct Event {
  Instant time;
  std::uint32_t tie = 0;
  /// 1 for the first event pushed, then 2, and so on.
  std::uint64_t sequence = 0;
  Payload payload{};
};

/// The pending events, delivered in the total order (time, tie, sequence): by time; at equal times
/// by the tie value that the tie policy gave; at equal ties in the order of the pushes. The order
/// is part of the contract: any other correct queue yields the identical trace.
///
/// Push, pop and cancel are amortised O(1), on a ladder queue (sim/kernel/ladder.hpp).
///
/// Times are in [0, Instant::never()]. Memory grows to the largest number of pending events (with
/// at most as many cancelled ones) and is then reused. Payloads are nothrow-movable and small.
template <typename Payload>
class EventQueue {
 public:
  bool empty() const { return live_ == 0; }
  /// Number of pending events, without cancelled ones.
  std::size_t size() const { return live_; }

  /// Adds an event; `time` may be before the last one delivered (the scheduler forbids it).
  EventHandle push(Instant time, std::uint32_t tie, Payload payload) {
    SHARDPROOF_CHECK(time.count() >= 0);
    const std::uint32_t slot = ladder_.slab().acquire();
    Record& record = ladder_.slab()[slot];
    record.time_ns = static_cast<std::uint64_t>(time.count());
    record.sequence = ++last_sequence_;
    record.tie = tie;
    record.payload = std::move(payload);
    ++live_;
    ladder_.insert(QueueEntry{record.time_ns, tie, slot});
    return EventHandle{last_sequence_, slot};
  }

  /// Moves the first event to `out`; false, and `out` unchanged, if none is pending.
  bool pop(Event<Payload>& out) {
    if (!ladder_.settle()) return false;
    const QueueEntry entry = ladder_.front();
    ladder_.pop_front();
    Record& record = ladder_.slab()[entry.slot];
    out.time = Instant(Nanoseconds(static_cast<std::int64_t>(entry.time_ns)));
    out.tie = entry.tie;
    out.sequence = record.sequence;
    out.payload = std::move(record.payload);
    ladder_.slab().release(entry.slot);
    --live_;
    return true;
  }

  /// The time of the first event, or Instant::never() if none is pending. Not const: it may sort.
  Instant next_time() {
    if (!ladder_.settle()) return Instant::never();
    return Instant(Nanoseconds(static_cast<std::int64_t>(ladder_.front().time_ns)));
  }

  /// The payload of the event after the next one, if it is known already, else nullptr: a handler
  /// can ask the cache for what that event will need. Only a hint.
  const Payload* upcoming() const {
    const QueueEntry* entry = ladder_.peek(1);
    return entry == nullptr ? nullptr : &ladder_.slab()[entry->slot].payload;
  }

  /// Takes an event out; false if it was delivered or cancelled before. The payload is reset at
  /// once, the record dropped when its turn comes or when more than half of all are cancelled.
  bool cancel(EventHandle handle) {
    if (!is_pending(handle)) return false;
    Record& record = ladder_.slab()[handle.slot];
    record.sequence = 0;
    if constexpr (!std::is_trivially_destructible_v<Payload>) record.payload = Payload{};
    --live_;
    ladder_.count_dead();
    if (ladder_.dead() > live_ + kDeadSlack) ladder_.purge();
    return true;
  }

  /// True until the event is delivered or cancelled.
  bool is_pending(EventHandle handle) const {
    if (handle.slot >= ladder_.slab().capacity() || handle.sequence == 0) return false;
    return ladder_.slab()[handle.slot].sequence == handle.sequence;
  }

 private:
  using Record = typename Ladder<Payload>::Record;

  /// Cancelled events kept, beyond as many as there are live ones, before they are purged.
  static constexpr std::size_t kDeadSlack = 256;

  Ladder<Payload> ladder_;
  std::uint64_t last_sequence_ = 0;
  std::size_t live_ = 0;
};

}  // namespace shardproof::sim
