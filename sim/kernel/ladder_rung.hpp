// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/event_slab.hpp"

namespace shardproof::sim {

/// One rung of the ladder queue: a stretch of time cut in buckets of equal width (a power of two
/// nanoseconds), each an unordered list of events linked through their slab records. Buckets are
/// consumed from the front; nothing may be added before frontier().
class LadderRung {
 public:
  /// Covers [start, end), end > start, with at most about `buckets_wanted` buckets; the true end()
  /// is rounded up to a whole bucket. O(buckets).
  void reset(std::uint64_t start, std::uint64_t end, std::uint64_t buckets_wanted) {
    start_ = start;
    next_ = 0;
    shift_ = std::bit_width((end - start - 1) / buckets_wanted);
    const std::size_t buckets = ((end - start - 1) >> shift_) + 1;
    if (buckets > heads_.capacity()) heads_.reserve(std::bit_ceil(buckets));
    heads_.assign(buckets, kNoSlot);
    frontier_ = start;
  }

  /// The first time that may still be added.
  std::uint64_t frontier() const { return frontier_; }
  /// The first time after the last bucket.
  std::uint64_t end() const { return start_ + (heads_.size() << shift_); }
  /// True if a bucket can't be cut any finer: all its events have the same time.
  bool is_finest() const { return shift_ == 0; }

  /// The head of the list that takes an event of `time_ns` in [frontier(), end()).
  std::uint32_t& bucket_of(std::uint64_t time_ns) { return heads_[(time_ns - start_) >> shift_]; }

  /// Takes the list of the first non-empty bucket and moves the frontier behind it; kNoSlot when
  /// the rung is used up. Amortised O(1) per bucket.
  std::uint32_t take_bucket() {
    while (next_ < heads_.size()) {
      const std::uint32_t head = heads_[next_];
      ++next_;
      if (head == kNoSlot) continue;
      heads_[next_ - 1] = kNoSlot;
      frontier_ = start_ + (next_ << shift_);
      return head;
    }
    frontier_ = end();
    return kNoSlot;
  }

  /// Where the bucket last taken begins.
  std::uint64_t taken_start() const { return start_ + ((next_ - 1) << shift_); }

  /// Calls visit(head) for each bucket's list; the head may be changed.
  template <typename Visit>
  void for_each_bucket(Visit visit) {
    for (std::size_t i = next_; i < heads_.size(); ++i) visit(heads_[i]);
  }

 private:
  std::uint64_t start_ = 0;
  std::uint64_t frontier_ = 0;
  std::size_t next_ = 0;
  int shift_ = 0;
  std::vector<std::uint32_t> heads_;
};

}  // namespace shardproof::sim
