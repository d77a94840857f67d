// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/check.hpp"
#include "core/log_entry.hpp"

namespace shardproof::storage {

/// Entries in order of index: appended and cut off at the back, taken at the front. Amortised O(1),
/// without allocation once it has been as long as it gets.
class EntryTail {
 public:
  bool empty() const { return taken_ == entries_.size(); }
  std::size_t size() const { return entries_.size() - taken_; }
  const LogEntry& front() const { return *entries_[taken_]; }
  const LogEntry& back() const { return *entries_.back(); }
  const EntryRef* begin() const { return entries_.data() + taken_; }
  const EntryRef* end() const { return entries_.data() + entries_.size(); }

  void push_back(const EntryRef& entry) { entries_.push_back(entry); }
  void pop_back() {
    SHARDPROOF_CHECK(!empty());
    entries_.pop_back();
    forget_taken();
  }
  EntryRef pop_front() {
    SHARDPROOF_CHECK(!empty());
    EntryRef entry = std::move(entries_[taken_++]);
    forget_taken();
    return entry;
  }
  void clear() {
    entries_.clear();
    taken_ = 0;
  }

 private:
  /// Moves the rest to the front when at least half is taken, so that each move is paid for.
  void forget_taken() {
    if (taken_ * 2 < entries_.size()) return;
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
  }

  std::vector<EntryRef> entries_;
  std::size_t taken_ = 0;
};

}  // namespace shardproof::storage
