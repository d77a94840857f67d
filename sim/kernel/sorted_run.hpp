// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace shardproof::sim {

/// The next few entries in order: a sorted array that is consumed from the front and into which a late
/// entry can be inserted, moving whichever side is shorter. `before(a, b)` is a strict total order.
template <typename Entry>
class SortedRun {
 public:
  bool empty() const { return first_ == entries_.size(); }
  std::size_t size() const { return entries_.size() - first_; }
  const Entry& front() const { return entries_[first_]; }
  const Entry& back() const { return entries_.back(); }
  const Entry& operator[](std::size_t index) const { return entries_[first_ + index]; }

  const Entry* begin() const { return entries_.data() + first_; }
  const Entry* end() const { return entries_.data() + entries_.size(); }

  void clear() {
    entries_.clear();
    first_ = 0;
  }
  void pop_front() { ++first_; }

  /// Adds an entry without regard to the order; sort() must follow.
  void append(const Entry& entry) { entries_.push_back(entry); }

  /// O(n^2) up to a cache line or two of entries, where that is fastest, else O(n log n).
  template <typename Before>
  void sort(const Before& before) {
    if (size() > kInsertionLimit) {
      std::sort(entries_.begin() + offset(), entries_.end(), before);
      return;
    }
    for (std::size_t i = first_ + 1; i < entries_.size(); ++i) {
      const Entry entry = entries_[i];
      std::size_t hole = i;
      for (; hole > first_ && before(entry, entries_[hole - 1]); --hole) {
        entries_[hole] = entries_[hole - 1];
      }
      entries_[hole] = entry;
    }
  }

  /// O(log n) comparisons and O(min(place, n - place)) moves.
  template <typename Before>
  void insert(const Entry& entry, const Before& before) {
    const auto live = entries_.begin() + offset();
    const auto place = std::upper_bound(live, entries_.end(), entry, before);
    if (first_ > 0 && place - live < entries_.end() - place) {
      std::move(live, place, live - 1);
      *(place - 1) = entry;
      --first_;
      return;
    }
    entries_.insert(place, entry);
    if (first_ > kSlackLimit && first_ > entries_.size() / 2) trim();
  }

  /// Drops the entries for which drop(entry) is true; the order stays.
  template <typename Drop>
  void drop_if(Drop drop) {
    trim();
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(), drop), entries_.end());
  }

 private:
  static constexpr std::size_t kInsertionLimit = 24;
  static constexpr std::size_t kSlackLimit = 64;

  std::ptrdiff_t offset() const { return static_cast<std::ptrdiff_t>(first_); }
  void trim() {
    entries_.erase(entries_.begin(), entries_.begin() + offset());
    first_ = 0;
  }

  std::vector<Entry> entries_;
  std::size_t first_ = 0;
};

}  // namespace shardproof::sim
