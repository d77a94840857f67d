// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/sorting_network.hpp"

namespace shardproof::sim {

/// What the queue moves around instead of events: the time, the tie, and where the rest is. 16
/// bytes.
struct QueueEntry {
  std::uint64_t time_ns = 0;
  std::uint32_t tie = 0;
  std::uint32_t slot = 0;
};

/// Entries in no order. Its array has always room for `kRoom` entries, so that code without jumps
/// may read, though not use, what is behind the end.
class UnsortedRun {
 public:
  static constexpr std::size_t kRoom = 16;

  std::size_t size() const { return size_; }
  const QueueEntry* begin() const { return entries_.data(); }
  const QueueEntry* end() const { return entries_.data() + size_; }

  void clear() { size_ = 0; }
  void append(const QueueEntry& entry) {
    if (size_ == entries_.size()) entries_.resize(2 * size_);
    entries_[size_++] = entry;
  }

  /// Drops the entries for which drop(entry) is true.
  template <typename Drop>
  void drop_if(Drop drop) {
    const auto last = std::remove_if(entries_.data(), entries_.data() + size_, drop);
    size_ = static_cast<std::size_t>(last - entries_.data());
  }

 private:
  std::vector<QueueEntry> entries_ = std::vector<QueueEntry>(4 * kRoom);
  std::size_t size_ = 0;
};

/// The next few entries in order: a sorted array that is consumed from the front and into which a
/// late entry can be inserted, moving whichever side is shorter.
class SortedRun {
 public:
  bool empty() const { return first_ == end_; }
  std::size_t size() const { return end_ - first_; }
  const QueueEntry& front() const { return entries_[first_]; }
  const QueueEntry& back() const { return entries_[end_ - 1]; }
  const QueueEntry* begin() const { return entries_.data() + first_; }
  const QueueEntry* end() const { return entries_.data() + end_; }

  void clear() { first_ = end_ = 0; }
  void pop_front() { ++first_; }

  /// Replaces everything by `run`, in the order (time, tie, sequence_of(slot)). O(n log n); a few
  /// entries go through a sorting network, since the mispredicted jumps of any other sort would
  /// cost more than the work.
  template <typename SequenceOf>
  void assign(const UnsortedRun& run, const SequenceOf& sequence_of) {
    first_ = 0;
    end_ = run.size();
    if (entries_.size() < end_) entries_.resize(2 * end_);
    if (end_ <= UnsortedRun::kRoom && sort_few(run.begin())) return;
    std::copy(run.begin(), run.end(), entries_.begin());
    std::sort(entries_.data(), entries_.data() + end_,
              [&sequence_of](const QueueEntry& a, const QueueEntry& b) {
                if (a.time_ns != b.time_ns) return a.time_ns < b.time_ns;
                if (a.tie != b.tie) return a.tie < b.tie;
                return sequence_of(a.slot) < sequence_of(b.slot);
              });
  }

  /// Inserts the newest entry, which is behind all of the same time and tie. O(log n) comparisons
  /// and O(min(place, n - place)) moves.
  void insert(const QueueEntry& entry) {
    if (end_ == entries_.size()) make_room();
    const auto live = entries_.begin() + static_cast<std::ptrdiff_t>(first_);
    const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(end_);
    const auto place =
        std::upper_bound(live, end, entry, [](const QueueEntry& a, const QueueEntry& b) {
          return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.tie < b.tie;
        });
    if (first_ > 0 && place - live < end - place) {
      std::move(live, place, live - 1);
      *(place - 1) = entry;
      --first_;
    } else {
      std::move_backward(place, end, end + 1);
      *place = entry;
      ++end_;
    }
  }

  /// Drops the entries for which drop(entry) is true; the order stays.
  template <typename Drop>
  void drop_if(Drop drop) {
    const QueueEntry* const live_end =
        std::remove_if(entries_.data() + first_, entries_.data() + end_, drop);
    end_ = static_cast<std::size_t>(live_end - entries_.data());
  }

 private:
  bool sort_few(const QueueEntry* entries) {
    if (end_ <= 4) return sort_by_network<4>(entries);
    if (end_ <= 8) return sort_by_network<8>(entries);
    return sort_by_network<16>(entries);
  }

  /// Sorts the first size() of kSize entries into this run, as words of the time and the entry's
  /// number. False if the order is not settled by that: two times are equal, or one is too large.
  template <std::size_t kSize>
  bool sort_by_network(const QueueEntry* entries) {
    constexpr std::uint64_t kPadding = std::uint64_t{1} << 59;
    const std::size_t count = end_;
    std::array<std::uint64_t, kSize> words;
    bool unsettled = false;
    for (std::size_t i = 0; i < kSize; ++i) {
      const std::uint64_t time_ns = i < count ? entries[i].time_ns : kPadding + i;
      unsettled |= i < count && time_ns >= kPadding;
      words[i] = time_ns << 4 | i;
    }
    SortingNetwork<kSize>::sort(words.data());
    entries_[0] = entries[words[0] & 15];
    for (std::size_t i = 1; i < kSize; ++i) {
      unsettled |= (words[i] ^ words[i - 1]) < 16;
      entries_[i] = entries[words[i] & 15];
    }
    return !unsettled;
  }

  /// Moves the entries to the front if half of the array is used up, else doubles it.
  void make_room() {
    if (first_ > entries_.size() / 2) {
      std::copy(begin(), end(), entries_.begin());
      end_ -= first_;
      first_ = 0;
    } else {
      entries_.resize(2 * entries_.size());
    }
  }

  std::vector<QueueEntry> entries_ = std::vector<QueueEntry>(4 * UnsortedRun::kRoom);
  std::size_t first_ = 0;
  std::size_t end_ = 0;
};

}  // namespace shardproof::sim
