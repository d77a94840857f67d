// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/event_slab.hpp"
#include "sim/kernel/ladder_rung.hpp"
#include "sim/kernel/sorted_run.hpp"

namespace shardproof::sim {

/// The ladder of the event queue (Tang, Goh, Thng, "Ladder queue: an O(1) priority queue structure
/// for large-scale discrete event simulation", ACM TOMACS 15(3), 2005):
///
///     bottom   the next few events, sorted
///     stage    the events of the bucket that comes next, being read from their list, unsorted
///     rungs    buckets of events, unsorted; rung i+1 cuts one bucket of rung i finer
///     top      everything later than the rungs, unsorted
///
/// Every event lies in the last of these whose range begins at or before its time: the top begins
/// at `top_start_`, a rung at its frontier, the stage at `stage_start_`, the bottom at 0.
///
/// Beyond the paper: bucket widths are powers of two; buckets are lists through the slab; the next
/// bucket is staged one event per pop, which hides the reads; the outermost rung covers only the
/// dense part of the top, so that one timer far in the future doesn't coarsen it.
template <typename Payload>
class Ladder {
 public:
  using Slab = EventSlab<Payload>;
  using Record = typename Slab::Record;

  Slab& slab() { return slab_; }
  const Slab& slab() const { return slab_; }

  /// Adds an event whose record is filled in and whose sequence is the largest so far. Amortised
  /// O(1).
  void insert(const QueueEntry& entry) {
    if (entry.time_ns >= top_start_) {
      top_.push_back(entry);
      return;
    }
    for (std::size_t i = 0; i < rung_count_; ++i) {
      if (entry.time_ns >= rungs_[i].frontier()) return link(rungs_[i], entry);
    }
    insert_in_bottom(entry);
  }

  /// Makes front() the first live event; false if there is none.
  bool settle() {
    while (true) {
      if (bottom_.empty() && !refill_bottom()) return false;
      const std::uint32_t slot = bottom_.front().slot;
      if (slab_[slot].sequence != 0) return true;
      bottom_.pop_front();
      drop(slot);
    }
  }

  const QueueEntry& front() const { return bottom_.front(); }
  /// The entry `ahead` places behind the front, or nullptr if that one isn't sorted yet.
  const QueueEntry* peek(std::size_t ahead) const {
    return ahead < bottom_.size() ? bottom_.begin() + ahead : nullptr;
  }

  /// Removes the front entry; the caller releases its slot.
  void pop_front() {
    bottom_.pop_front();
    if (ahead_ != kNoSlot) stage_next();
  }

  /// Says that the record of one event, which is still in the lists, has become dead (sequence 0).
  void count_dead() { ++dead_; }
  std::size_t dead() const { return dead_; }

  /// Drops every dead event. O(events + buckets).
  void purge() {
    while (ahead_ != kNoSlot) stage_next();
    const auto is_dropped = [this](const QueueEntry& entry) { return drop_if_dead(entry.slot); };
    bottom_.drop_if(is_dropped);
    stage_.drop_if(is_dropped);
    for (std::size_t i = 0; i < rung_count_; ++i) {
      rungs_[i].for_each_bucket([this](std::uint32_t& head) { drop_dead_from_list(head); });
    }
    drop_dead_from_top();
  }

 private:
  /// Larger buckets are cut finer; a larger bottom is put back on the ladder.
  static constexpr std::size_t kSplitSize = 48;
  static constexpr std::size_t kBottomLimit = 96;
  static constexpr std::size_t kSamples = 32;
  static constexpr std::uint64_t kNoStage = ~std::uint64_t{0};

  [[gnu::noinline]] void insert_in_bottom(const QueueEntry& entry) {
    if (entry.time_ns >= stage_start_) {
      stage_.append(entry);
      return;
    }
    if (bottom_.size() >= kBottomLimit && bottom_.front().time_ns != bottom_.back().time_ns) {
      spill_bottom();
      return insert(entry);
    }
    bottom_.insert(entry);
  }

  void link(LadderRung& rung, const QueueEntry& entry) {
    std::uint32_t& head = rung.bucket_of(entry.time_ns);
    slab_[entry.slot].next = head;
    head = entry.slot;
  }

  void drop(std::uint32_t slot) {
    slab_.release(slot);
    --dead_;
  }

  [[gnu::noinline]] bool refill_bottom() {
    bottom_.clear();
    while (bottom_.empty()) {
      if (stage_start_ != kNoStage) {
        lower_stage();
      } else if (rung_count_ > 0) {
        take_stage();
      } else if (!top_.empty()) {
        lower_top();
      } else {
        return false;
      }
    }
    return true;
  }

  /// Makes the next bucket of the innermost rung the stage, or drops the rung if it is used up.
  void take_stage() {
    LadderRung& rung = rungs_[rung_count_ - 1];
    ahead_ = rung.take_bucket();
    if (ahead_ == kNoSlot) {
      --rung_count_;
      return;
    }
    stage_start_ = rung.taken_start();
    slab_.prefetch(ahead_);
  }

  /// Copies one more event of the bucket to the stage. One with each pop: the next bucket is read
  /// while the last one is delivered, so that no read has to be waited for.
  void stage_next() {
    const std::uint32_t slot = ahead_;
    const Record& record = slab_[slot];
    ahead_ = record.next;
    if (ahead_ != kNoSlot) slab_.prefetch(ahead_);
    if (record.sequence == 0) {
      drop(slot);
    } else {
      stage_.append(QueueEntry{record.time_ns, record.tie, slot});
    }
  }

  void finish_stage() {
    while (ahead_ != kNoSlot) stage_next();
    stage_start_ = kNoStage;
  }

  /// Takes the stage to the empty bottom, or to a finer rung if it is large, and begins the next
  /// stage.
  void lower_stage() {
    finish_stage();
    if (stage_.size() > kSplitSize && !rungs_[rung_count_ - 1].is_finest()) return spill_stage();
    sort_stage();
    if (rung_count_ > 0) take_stage();
  }

  void sort_stage() {
    bottom_.assign(stage_, [this](std::uint32_t slot) { return slab_[slot].sequence; });
    stage_.clear();
  }

  /// Puts the bottom and the stage on a new innermost rung, or on the top if there is no rung.
  void spill_bottom() {
    finish_stage();
    for (const QueueEntry& entry : bottom_) stage_.append(entry);
    bottom_.clear();
    if (rung_count_ > 0) return spill_stage();
    top_.insert(top_.end(), stage_.begin(), stage_.end());
    top_start_ = 0;
    stage_.clear();
  }

  void spill_stage() {
    const std::uint64_t end = rungs_[rung_count_ - 1].frontier();
    std::uint64_t start = end;
    for (const QueueEntry& entry : stage_) start = std::min(start, entry.time_ns);
    LadderRung& rung = add_rung();
    rung.reset(start, end, stage_.size());
    for (const QueueEntry& entry : stage_) link(rung, entry);
    stage_.clear();
  }

  LadderRung& add_rung() {
    if (rung_count_ == rungs_.size()) rungs_.emplace_back();
    return rungs_[rung_count_++];
  }

  /// Takes the dense part of the top to a new outermost rung, or all of a small top to the bottom.
  void lower_top() {
    drop_dead_from_top();
    if (top_.size() > kSplitSize) return spill_top();
    for (const QueueEntry& entry : top_) stage_.append(entry);
    top_.clear();
    sort_stage();
    if (!bottom_.empty()) top_start_ = bottom_.back().time_ns + 1;
  }

  void spill_top() {
    const auto [first, last] = std::minmax_element(
        top_.begin(), top_.end(),
        [](const QueueEntry& a, const QueueEntry& b) { return a.time_ns < b.time_ns; });
    const std::uint64_t start = first->time_ns;
    const std::uint64_t end = std::min(last->time_ns + 1, start + dense_span(start));
    LadderRung& rung = add_rung();
    rung.reset(start, end, 2 * top_.size());
    top_start_ = rung.end();
    std::size_t kept = 0;
    for (const QueueEntry& entry : top_) {
      if (entry.time_ns < top_start_) {
        link(rung, entry);
      } else {
        top_[kept++] = entry;
      }
    }
    top_.resize(kept);
  }

  /// A span from `start` that has most of the top and leaves out what is far beyond the rest: a
  /// multiple of the third quartile of a sample. For exponential distances that is everything.
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

  void drop_dead_from_top() {
    if (dead_ == 0) return;
    const auto is_dropped = [this](const QueueEntry& entry) { return drop_if_dead(entry.slot); };
    top_.erase(std::remove_if(top_.begin(), top_.end(), is_dropped), top_.end());
  }

  bool drop_if_dead(std::uint32_t slot) {
    if (slab_[slot].sequence != 0) return false;
    drop(slot);
    return true;
  }

  void drop_dead_from_list(std::uint32_t& head) {
    std::uint32_t* link = &head;
    while (*link != kNoSlot) {
      const std::uint32_t slot = *link;
      const std::uint32_t next = slab_[slot].next;
      if (drop_if_dead(slot)) {
        *link = next;
      } else {
        link = &slab_[slot].next;
      }
    }
  }

  Slab slab_;
  SortedRun bottom_;
  UnsortedRun stage_;
  std::uint64_t stage_start_ = kNoStage;
  /// The first event of the stage's bucket that is not in the stage yet.
  std::uint32_t ahead_ = kNoSlot;
  std::vector<LadderRung> rungs_;
  std::size_t rung_count_ = 0;
  std::vector<QueueEntry> top_;
  std::uint64_t top_start_ = 0;
  std::size_t dead_ = 0;
};

}  // namespace shardproof::sim
