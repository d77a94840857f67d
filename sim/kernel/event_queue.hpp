// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/units.hpp"
#include "sim/kernel/event_slab.hpp"
#include "sim/kernel/ladder_rung.hpp"
#include "sim/kernel/sorted_run.hpp"

namespace shardproof::sim {

/// Names one pushed event for cancel(). Never names another event, however often its slot is reused.
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

/// The pending events, delivered in the total order (time, tie, sequence): by time; at equal times by
/// the tie value that the tie policy gave; at equal ties in the order of the pushes. The order is part
/// of the contract: any other correct queue yields the identical trace.
///
/// A ladder queue (Tang, Goh, Thng, "Ladder queue: an O(1) priority queue structure for large-scale
/// discrete event simulation", ACM TOMACS 15(3), 2005): push, pop and cancel are amortised O(1).
///
///     bottom   the next few events, sorted
///     rungs    buckets of events, unsorted; rung i+1 cuts one bucket of rung i finer
///     top      everything later than the rungs, unsorted
///
/// Every event lies in the first of these whose range has its time: times before the frontier of the
/// innermost rung are in the bottom; each rung covers from its frontier to the frontier of the rung
/// before it; the top has times from `top_start_`. What is beyond the paper: bucket widths are powers of
/// two, buckets are lists through the slab, the outermost rung covers only the dense part of the top (one
/// timer far in the future doesn't coarsen it), and the records of the next bucket are prefetched.
///
/// Times are in [0, Instant::never()]. Memory grows to the largest number of pending events (with at
/// most as many cancelled ones) and is then reused. Payloads are nothrow-movable and small.
template <typename Payload>
class EventQueue {
 public:
  bool empty() const { return live_ == 0; }
  /// Number of pending events, without cancelled ones.
  std::size_t size() const { return live_; }

  /// Adds an event; `time` may be before the last one delivered (the scheduler forbids it).
  EventHandle push(Instant time, std::uint32_t tie, Payload payload) {
    SHARDPROOF_CHECK(time.count() >= 0, "time {}", time);
    const std::uint32_t slot = slab_.acquire();
    Record& record = slab_[slot];
    record.time_ns = static_cast<std::uint64_t>(time.count());
    record.sequence = ++last_sequence_;
    record.pending = 1;
    record.cancelled = 0;
    record.tie = tie;
    record.payload = std::move(payload);
    ++live_;
    insert(Entry{record.time_ns, tie, slot});
    return EventHandle{last_sequence_, slot};
  }

  /// Moves the first event to `out`; false, and `out` unchanged, if none is pending.
  bool pop(Event<Payload>& out) {
    if (!settle()) return false;
    const Entry entry = bottom_.front();
    bottom_.pop_front();
    read_ahead();
    Record& record = slab_[entry.slot];
    out.time = Instant(Nanoseconds(static_cast<std::int64_t>(entry.time_ns)));
    out.tie = entry.tie;
    out.sequence = record.sequence;
    out.payload = std::move(record.payload);
    slab_.release(entry.slot);
    --live_;
    return true;
  }

  /// The time of the first event, or Instant::never() if none is pending. Not const: it may sort.
  Instant next_time() {
    if (!settle()) return Instant::never();
    return Instant(Nanoseconds(static_cast<std::int64_t>(bottom_.front().time_ns)));
  }

  /// Takes an event out; false if it was delivered or cancelled before. The payload is reset at once,
  /// the record dropped when its turn comes or when more than half of all are cancelled.
  bool cancel(EventHandle handle) {
    if (!is_pending(handle)) return false;
    Record& record = slab_[handle.slot];
    record.cancelled = 1;
    if constexpr (!std::is_trivially_destructible_v<Payload>) record.payload = Payload{};
    --live_;
    ++dead_;
    if (dead_ > live_ + kDeadSlack) purge();
    return true;
  }

  /// True until the event is delivered or cancelled.
  bool is_pending(EventHandle handle) const {
    if (handle.slot >= slab_.capacity()) return false;
    const Record& record = slab_[handle.slot];
    return record.pending && !record.cancelled && record.sequence == handle.sequence;
  }

 private:
  using Record = typename EventSlab<Payload>::Record;

  struct Entry {
    std::uint64_t time_ns;
    std::uint32_t tie;
    std::uint32_t slot;
  };

  /// Larger buckets are cut finer; a larger bottom is put back on the ladder.
  static constexpr std::size_t kSplitSize = 48;
  static constexpr std::size_t kBottomLimit = 96;
  static constexpr std::size_t kDeadSlack = 256;
  static constexpr std::size_t kSamples = 32;

  auto by_order() const {
    return [this](const Entry& a, const Entry& b) {
      if (a.time_ns != b.time_ns) return a.time_ns < b.time_ns;
      if (a.tie != b.tie) return a.tie < b.tie;
      return slab_[a.slot].sequence < slab_[b.slot].sequence;
    };
  }

  void insert(const Entry& entry) {
    if (entry.time_ns >= top_start_) {
      top_.push_back(entry);
      return;
    }
    for (std::size_t i = 0; i < rung_count_; ++i) {
      if (entry.time_ns >= rungs_[i].frontier()) return link(rungs_[i], entry);
    }
    if (bottom_.size() >= kBottomLimit && bottom_.front().time_ns != bottom_.back().time_ns) {
      spill_bottom();
      return insert(entry);
    }
    bottom_.insert(entry, by_order());
  }

  void link(LadderRung& rung, const Entry& entry) {
    std::uint32_t& head = rung.bucket_of(entry.time_ns);
    slab_[entry.slot].next = head;
    head = entry.slot;
  }

  /// Makes the front of the bottom the first live event; false if there is none.
  bool settle() {
    while (true) {
      if (bottom_.empty() && !refill_bottom()) return false;
      const std::uint32_t slot = bottom_.front().slot;
      if (!slab_[slot].cancelled) return true;
      bottom_.pop_front();
      drop(slot);
    }
  }

  void drop(std::uint32_t slot) {
    slab_.release(slot);
    --dead_;
  }

  bool refill_bottom() {
    bottom_.clear();
    while (bottom_.empty()) {
      if (rung_count_ > 0) {
        lower_bucket();
      } else if (!top_.empty()) {
        lower_top();
      } else {
        return false;
      }
    }
    return true;
  }

  /// Takes the next bucket of the innermost rung to the bottom, or to a finer rung if it is large.
  void lower_bucket() {
    LadderRung& rung = rungs_[rung_count_ - 1];
    std::uint32_t slot = rung.take_bucket();
    if (slot == kNoSlot) {
      --rung_count_;
      return;
    }
    while (slot != kNoSlot) {
      const Record& record = slab_[slot];
      const std::uint32_t next = record.next;
      if (record.cancelled) {
        drop(slot);
      } else {
        bottom_.append(Entry{record.time_ns, record.tie, slot});
      }
      slot = next;
    }
    if (bottom_.size() > kSplitSize && !rung.is_finest()) {
      spill_bottom();
    } else {
      bottom_.sort(by_order());
      ahead_ = rung.peek_bucket();
      if (ahead_ != kNoSlot) slab_.prefetch(ahead_);
    }
  }

  /// Puts the bottom, sorted or not, on a new innermost rung, or on the top if there is no rung.
  void spill_bottom() {
    if (rung_count_ == 0) {
      top_.insert(top_.end(), bottom_.begin(), bottom_.end());
      top_start_ = 0;
    } else {
      const std::uint64_t end = rungs_[rung_count_ - 1].frontier();
      std::uint64_t start = end;
      for (const Entry& entry : bottom_) start = std::min(start, entry.time_ns);
      LadderRung& rung = add_rung();
      rung.reset(start, end, bottom_.size());
      for (const Entry& entry : bottom_) link(rung, entry);
    }
    bottom_.clear();
  }

  LadderRung& add_rung() {
    if (rung_count_ == rungs_.size()) rungs_.emplace_back();
    return rungs_[rung_count_++];
  }

  /// Takes the dense part of the top to a new outermost rung, or all of a small top to the bottom.
  void lower_top() {
    drop_cancelled_from_top();
    if (top_.empty()) return;
    if (top_.size() <= kSplitSize) {
      for (const Entry& entry : top_) bottom_.append(entry);
      top_.clear();
      bottom_.sort(by_order());
      top_start_ = bottom_.back().time_ns + 1;
      return;
    }
    const auto [first, last] = std::minmax_element(
        top_.begin(), top_.end(),
        [](const Entry& a, const Entry& b) { return a.time_ns < b.time_ns; });
    const std::uint64_t start = first->time_ns;
    const std::uint64_t end = std::min(last->time_ns + 1, start + dense_span(start));
    LadderRung& rung = add_rung();
    rung.reset(start, end, top_.size());
    top_start_ = rung.end();
    std::size_t kept = 0;
    for (const Entry& entry : top_) {
      if (entry.time_ns < top_start_) {
        link(rung, entry);
      } else {
        top_[kept++] = entry;
      }
    }
    top_.resize(kept);
  }

  /// A span from `start` that has most of the top and leaves out what is far beyond the rest: a multiple
  /// of the third quartile of a sample. For exponential distances that is everything.
  std::uint64_t dense_span(std::uint64_t start) const {
    std::array<std::uint64_t, kSamples> sample{};
    for (std::size_t i = 0; i < kSamples; ++i) {
      sample[i] = top_[i * top_.size() / kSamples].time_ns - start;
    }
    const auto quartile = sample.begin() + kSamples * 3 / 4;
    std::nth_element(sample.begin(), quartile, sample.end());
    constexpr std::uint64_t kReach = 16;
    return std::min(*quartile, ~std::uint64_t{0} / (2 * kReach)) * kReach + 1;
  }

  void drop_cancelled_from_top() {
    const auto is_dropped = [this](const Entry& entry) { return drop_if_cancelled(entry.slot); };
    if (dead_ == 0) return;
    top_.erase(std::remove_if(top_.begin(), top_.end(), is_dropped), top_.end());
  }

  bool drop_if_cancelled(std::uint32_t slot) {
    if (!slab_[slot].cancelled) return false;
    drop(slot);
    return true;
  }

  /// Drops every cancelled event. O(events + buckets), paid for by the cancellations before it.
  void purge() {
    bottom_.drop_if([this](const Entry& entry) { return drop_if_cancelled(entry.slot); });
    for (std::size_t i = 0; i < rung_count_; ++i) {
      rungs_[i].for_each_bucket([this](std::uint32_t& head) { purge_list(head); });
    }
    drop_cancelled_from_top();
  }

  void purge_list(std::uint32_t& head) {
    std::uint32_t* link = &head;
    while (*link != kNoSlot) {
      const std::uint32_t slot = *link;
      const std::uint32_t next = slab_[slot].next;
      if (drop_if_cancelled(slot)) {
        *link = next;
      } else {
        link = &slab_[slot].next;
      }
    }
  }

  /// Fetches one more record of the next bucket into the cache. Only a hint: the list may have changed
  /// since, but a slot of the slab it stays.
  void read_ahead() {
    if (ahead_ == kNoSlot) return;
    ahead_ = slab_[ahead_].next;
    if (ahead_ != kNoSlot) slab_.prefetch(ahead_);
  }

  EventSlab<Payload> slab_;
  SortedRun<Entry> bottom_;
  std::vector<LadderRung> rungs_;
  std::size_t rung_count_ = 0;
  std::vector<Entry> top_;
  std::uint64_t top_start_ = 0;
  std::uint64_t last_sequence_ = 0;
  std::size_t live_ = 0;
  std::size_t dead_ = 0;
  std::uint32_t ahead_ = kNoSlot;
};

}  // namespace shardproof::sim
