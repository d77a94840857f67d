// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// What Redis Cluster hashes of a key: between the first `{` and the first `}` after it, if there
/// is anything between them, else all of it (Redis Cluster specification, "Hash tags").
std::string_view hash_tag(std::string_view key);

/// A key's slot among `slots`: CRC-16/XMODEM of its hash tag modulo `slots`.
std::uint32_t slot_of(std::string_view key, std::uint32_t slots);

/// Fixed hash slots (Redis Cluster): a key has one of `slots` for good (see `slot_of`; the key's
/// other hash plays no part), and a table says which node has the slot. At first each node has a
/// run of slots in proportion to its weight, rounded down or up.
///
/// Where nodes come, go or change their weight, those that have too much give up their last slots
/// and those that lack some take them, lower slots and nodes first: the fewest slots that can move
/// so that all are balanced to one slot (see `balanced_targets`). Where nodes come to the first
/// layout and go again, or go and come, it is as it was. A node may have none if there are more
/// nodes than slots. O(1) look-up beside the key's bytes, 4 bytes a slot.
class SlotsMap final : public PerKeyMap<SlotsMap> {
 public:
  explicit SlotsMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const { return slots_[slot_of(key.bytes, count())]; }
  /// The owner and those of rehash(slot, 0), rehash(slot, 1), ... modulo the slots: keys of one
  /// slot have all their copies together.
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::optional<std::vector<std::uint64_t>> shares() const override;
  std::uint64_t table_bytes() const override { return slots_.size() * sizeof(slots_[0]); }

 private:
  std::uint32_t count() const { return static_cast<std::uint32_t>(slots_.size()); }

  std::vector<std::uint32_t> slots_;  ///< the node of each
};

}  // namespace shardproof::distribution
