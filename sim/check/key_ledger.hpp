// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/stable_hash.hpp"
#include "core/document.hpp"

namespace shardproof::sim::check {

/// A key's name in the ledger. Keys themselves are not kept: two keys of a shard count as one if
/// two independent 64-bit hashes agree, by chance once in 2^128 pairs.
struct KeyTag {
  std::uint64_t hash = 0;   ///< stable_hash of the key, as document digests use it
  std::uint64_t check = 0;  ///< of the key and the shard

  friend bool operator==(const KeyTag&, const KeyTag&) = default;
};

/// O(length of the key).
KeyTag tag_of(ShardId shard, std::string_view key);

/// What is known of one key of one shard: a line of the processor's cache, for it is seldom there.
struct alignas(64) KeyState {
  static constexpr std::uint32_t kNoKey = 0xffffffffu;

  KeyTag tag;
  /// The last write applied anywhere; its document digest says content and whether it is a
  /// tombstone.
  Version applied;
  std::uint64_t digest = 0;
  /// The newest version that somebody outside was told of: acknowledged, or read.
  Version observed;
  /// The next key of the same shard.
  std::uint32_t next = kNoKey;
  bool tombstone : 1 = false;
  /// The last scan or audit that came across the key.
  std::uint32_t mark : 31 = 0;
};
static_assert(sizeof(KeyState) == 64);

/// What only writes ask for.
struct KeyDetail {
  /// Hash of the shard-key values of the last document written.
  std::uint64_t shard_key = 0;
  /// What the applied state occupies.
  Bytes stored;
};

/// The state of every key ever written: the oracle M of the catalogue. Open addressing with linear
/// probing over small slots, states dense in order of first write; expected O(1) per access.
class KeyLedger {
 public:
  KeyLedger();

  /// Null if the key was never written. Valid until the next `obtain`.
  KeyState* find(const KeyTag& tag);
  const KeyState* find(const KeyTag& tag) const;
  /// Its index, which stays; kNoKey if the key was never written.
  std::uint32_t locate(const KeyTag& tag) const;
  /// The same for many keys, `places` in the order of `tags` and as many: they are fetched
  /// together, since neither slots nor states are in the processor's cache as a rule.
  void locate_all(std::span<const KeyTag> tags, std::span<std::uint32_t> places) const;
  /// Adds the key if need be, chained before `first`, which is then the new one.
  KeyState& obtain(const KeyTag& tag, std::uint32_t& first);
  KeyState& at(std::uint32_t index) { return states_[index]; }
  const KeyState& at(std::uint32_t index) const { return states_[index]; }
  KeyDetail& detail(const KeyState& key) { return details_[index_of(key)]; }
  const KeyDetail& detail(const KeyState& key) const { return details_[index_of(key)]; }
  std::size_t size() const { return states_.size(); }
  /// A mark that no key bears yet, of 31 bits.
  std::uint32_t new_mark() { return ++mark_ & 0x7fffffffu; }

 private:
  struct Slot {
    std::uint32_t index = KeyState::kNoKey;
    std::uint32_t fingerprint = 0;
  };

  std::size_t home(const KeyTag& tag) const { return tag.check & (slots_.size() - 1); }
  std::size_t index_of(const KeyState& key) const {
    return static_cast<std::size_t>(&key - states_.data());
  }
  void place(std::uint32_t index);
  void grow();

  std::vector<Slot> slots_;
  std::vector<KeyState> states_;
  std::vector<KeyDetail> details_;
  std::uint32_t mark_ = 0;
};

}  // namespace shardproof::sim::check
