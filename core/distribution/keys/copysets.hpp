// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Groups of nodes that copies may be on together. If F of n nodes fail at once, some data is lost
/// with chance 1 - (1 - C(F, R) / C(n, R))^sets, whatever the number of keys.
class Copysets {
 public:
  /// `sets`: one after the other, each of `copies` distinct nodes below `nodes`; may be empty.
  Copysets(std::uint32_t nodes, std::uint32_t copies, std::vector<std::uint32_t> sets);

  std::size_t size() const { return sets_.size() / copies_; }
  std::span<const std::uint32_t> set(std::size_t i) const {
    return std::span(sets_).subspan(i * copies_, copies_);
  }
  /// The numbers of the sets that the node is in, ascending.
  std::span<const std::uint32_t> sets_of(std::uint32_t node) const {
    return std::span(by_node_).subspan(first_[node], first_[node + 1] - first_[node]);
  }
  /// Nodes for the copies of a key whose first is on `first`: the rest of the copyset number
  /// rehash(hash, 0) modulo how many have that node, in the set's order. More than R copies are on
  /// the sets that follow, then on the nodes that follow, as are those of a node that is in no set.
  /// O(count).
  std::vector<std::uint32_t> copies_beside(std::uint32_t first, std::uint64_t hash,
                                           std::uint32_t count) const;
  std::uint64_t bytes() const {
    return sizeof(std::uint32_t) * (sets_.size() + first_.size() + by_node_.size());
  }

 private:
  std::uint32_t nodes_;
  std::uint32_t copies_;
  std::vector<std::uint32_t> sets_;     ///< one after the other
  std::vector<std::uint32_t> first_;    ///< by node: where its sets begin in `by_node_`
  std::vector<std::uint32_t> by_node_;  ///< numbers of sets
};

/// Copyset replication (Cidon, Rumble, Stutsman, Katti, Ousterhout, Rosenblum 2013): for scatter
/// width S and R copies P = ceil(S / (R - 1)) random permutations of the nodes, each cut into
/// groups of R, what is left over dropped: at most P floor(n / R) copysets.
///
/// `copies` from 2 on; no sets if there are fewer nodes. Draws from the stream ("copysets", p,
/// "permutation") of `seed` for permutation p.
Copysets permuted_copysets(std::uint32_t nodes, std::uint32_t copies, std::uint64_t scatter,
                           std::uint64_t seed);

/// A key's first copy by jump consistent hash, the others on the rest of a copyset that has that
/// node, see Copysets::copies_beside. Options `copies` R and `scatter` S. A node that was left over
/// in every permutation is in no set; with fewer nodes than R there are none.
///
/// Look-up O(ln n), copies O(R); 8 bytes for each node and permutation, 4 a node. Equal nodes only.
/// Another number of nodes draws other permutations: first copies move as with jump, the others
/// nearly all.
class CopysetsMap final : public PerKeyMap<CopysetsMap> {
 public:
  explicit CopysetsMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const;
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::uint64_t table_bytes() const override { return sets_.bytes(); }

 private:
  Copysets sets_;
};

}  // namespace shardproof::distribution
