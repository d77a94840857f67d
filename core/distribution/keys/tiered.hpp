// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/keys/copysets.hpp"

namespace shardproof::distribution {

/// Of every `backup_every` nodes, from 2 on, the last is in the backup tier: which one is stays so
/// when nodes come.
constexpr bool is_backup(std::uint32_t node, std::uint32_t backup_every) {
  return node % backup_every == backup_every - 1;
}

/// The copysets of Tiered Replication (Cidon, Escriva, Katti, Rosenblum, Sirer 2015), greedily by
/// scatter width: each has `copies` - 1 nodes of the primary tier and one of the backup tier, which
/// is the last of the set.
///
/// Primary nodes take turns in the order of their numbers, as long as one of them shares sets with
/// fewer than `scatter` others. A node's new set is filled with the nodes of the least scatter
/// width first, of equals that of the lower XXH64 of `node-<i>` with `seed`: those that share no
/// set with a member yet; where these are too few (small clusters), those that share none with the
/// node; then any. A node that no set would give another neighbour is left as it is. There are no
/// sets if one of the tiers has too few nodes.
///
/// Nearly as few sets as can be: for p primary nodes p ceil(S / (R - 1)) / (R - 1). However many
/// primary nodes fail at once, no set fails with them. O(sets log n) while nodes are many.
Copysets tiered_copysets(std::uint32_t nodes, std::uint32_t copies, std::uint64_t scatter,
                         std::uint32_t backup_every, std::uint64_t seed);

/// A key's first copy on a node of the primary tier, by jump consistent hash among these, the
/// others on the rest of a copyset that has that node, the last of them in the backup tier; see
/// Copysets::copies_beside. Options `copies` R, `scatter` S and `backup_every`, see is_backup.
/// Nodes of the backup tier are the first of no key.
///
/// Look-up O(ln n), copies O(R); 8 bytes for each node of each set, 4 a node. Equal nodes only.
/// Another number of nodes makes other sets: first copies move as with jump, the others nearly all.
class TieredMap final : public PerKeyMap<TieredMap> {
 public:
  explicit TieredMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const;
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::uint64_t table_bytes() const override { return sets_.bytes(); }

 private:
  std::uint32_t backup_every_;
  Copysets sets_;
};

}  // namespace shardproof::distribution
