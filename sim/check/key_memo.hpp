// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/key_ledger.hpp"

namespace shardproof::sim::check {

/// What hashing has told of the keys that were asked for last: of one request the checks ask a
/// dozen times where its key belongs and what is known of it. A cache of fixed size: forgetting a
/// key costs time and changes no answer.
class KeyMemo {
 public:
  struct alignas(64) Entry {
    std::string key;
    /// Where the key alone routes in this collection; none if nobody asked.
    CollectionId collection;
    ShardId routed_to;
    /// The shard in which the key was looked for last (none: in no shard), and its name there.
    ShardId shard;
    /// Its place in the ledger; kNoKey if it was not there yet.
    std::uint32_t index = KeyState::kNoKey;
    KeyTag tag;
  };

  KeyMemo() : entries_(kEntries) {}

  /// What is remembered of the key, for the caller to read and to fill. Valid until the next call.
  /// O(length of the key).
  Entry& of(std::string_view key) {
    Entry& entry = entries_[place_of(key)];
    if (entry.key != key) reset(entry, key);
    return entry;
  }
  /// Collections may route otherwise from here on. O(size of the cache).
  void forget_routes() {
    for (Entry& entry : entries_) entry.collection = CollectionId::none();
  }
  /// Calls `visit(key)` for each that is remembered; an empty one may be none. O(size of the
  /// cache).
  template <typename Visit>
  void for_each_key(Visit&& visit) const {
    for (const Entry& entry : entries_) visit(entry.key);
  }

 private:
  static constexpr unsigned kEntriesLog2 = 10;
  static constexpr std::size_t kEntries = std::size_t{1} << kEntriesLog2;

  /// Numbered keys differ in their last bytes. In the machine's own byte order, for a place is seen
  /// by nobody.
  static std::size_t place_of(std::string_view key) {
    std::uint64_t word = 0;
    if (key.size() >= sizeof word) {
      std::memcpy(&word, key.data() + key.size() - sizeof word, sizeof word);
    } else if (!key.empty()) {
      std::memcpy(&word, key.data(), key.size());
    }
    return static_cast<std::size_t>((word * 0x9e3779b97f4a7c15u) >> (64 - kEntriesLog2));
  }
  static void reset(Entry& entry, std::string_view key) {
    entry.key.assign(key);
    entry.collection = CollectionId::none();
    entry.shard = ShardId::none();
    entry.index = KeyState::kNoKey;
  }

  std::vector<Entry> entries_;
};

}  // namespace shardproof::sim::check
