// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/check.hpp"

namespace shardproof::sim {

/// The slot that names nothing.
inline constexpr std::uint32_t kNoSlot = std::numeric_limits<std::uint32_t>::max();

/// Storage of the pending events: records addressed by a dense slot, reused last-freed-first, so
/// that the record of the event just delivered, still in the cache, takes the next one scheduled.
/// Grows by doubling and never shrinks: a steady number of events allocates nothing.
template <typename Payload>
class EventSlab {
  static_assert(std::is_nothrow_move_constructible_v<Payload> &&
                std::is_nothrow_move_assignable_v<Payload> &&
                std::is_default_constructible_v<Payload>);

  /// The order key and the link of the list that the record is in. Sequence 0: not pending, which
  /// is a free slot or a cancelled event that is still in the queue's lists.
  struct Header {
    std::uint64_t time_ns = 0;
    std::uint64_t sequence = 0;
    std::uint32_t tie = 0;
    std::uint32_t next = kNoSlot;
  };

 public:
  /// One event, header and payload together in one cache line where the payload has up to 40 bytes.
  struct alignas(sizeof(Header) + sizeof(Payload) <= 32 ? 32 : 64) Record : Header {
    Payload payload{};
  };

  Record& operator[](std::uint32_t slot) { return records_[slot]; }
  const Record& operator[](std::uint32_t slot) const { return records_[slot]; }

  /// Number of slots ever used at the same time: every slot is below it.
  std::size_t capacity() const { return records_.size(); }

  /// A slot with an unspecified header. Amortised O(1).
  std::uint32_t acquire() {
    if (free_ == kNoSlot) return grow();
    const std::uint32_t slot = free_;
    free_ = records_[slot].next;
    return slot;
  }

  /// Gives a slot back; its payload must have been moved out or reset.
  void release(std::uint32_t slot) {
    Record& record = records_[slot];
    record.sequence = 0;
    record.next = free_;
    free_ = slot;
  }

  /// Asks the cache for a record that will be read soon; any slot below capacity() is legal.
  void prefetch(std::uint32_t slot) const { __builtin_prefetch(&records_[slot]); }

 private:
  [[gnu::noinline, gnu::cold]] std::uint32_t grow() {
    SHARDPROOF_CHECK(records_.size() < kNoSlot, "too many pending events");
    records_.emplace_back();
    return static_cast<std::uint32_t>(records_.size() - 1);
  }

  std::vector<Record> records_;
  std::uint32_t free_ = kNoSlot;
};

}  // namespace shardproof::sim
