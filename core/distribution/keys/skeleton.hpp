// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Rendezvous hashing on a skeleton (Wang and Ravishankar 2009, "hierarchical" rendezvous): the
/// nodes are the leaves, in order, of a tree in which each inner vertex has `fanout` children, and
/// the key goes down from the root by one rendezvous a level.
///
/// A child weighs what the leaves below it do; its number is rehash(rehash(hash, leaves it has room
/// for), its first leaf), and children are compared as of RendezvousScore, of equals the lower one:
/// so the shares are exactly those of the weights. Look-up O(m log_m n) for fanout m, 8 bytes a
/// node.
///
/// A node that comes makes all vertices above it heavier. What moves goes to one of these, but on
/// the way down not always to the new leaf: more than its share moves, and some of it between old
/// nodes.
class SkeletonMap final : public PerKeyMap<SkeletonMap> {
 public:
  explicit SkeletonMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const;
  std::uint64_t table_bytes() const override { return sums_.size() * sizeof(sums_[0]); }

 private:
  std::uint64_t weight(std::uint64_t first, std::uint64_t room) const;

  std::uint64_t fanout_;
  std::uint64_t room_ = 1;           ///< leaves that the tree has room for
  std::vector<std::uint64_t> sums_;  ///< of the weights before each node, and of all
};

/// A RendezvousMap, or with the option `fanout` above 0 a SkeletonMap.
std::unique_ptr<KeyMap> build_rendezvous(KeyMapRequest request);

/// Whether the fanout is 0 or at least 2.
Result<void> rendezvous_fits(const KeyMapRequest& request);

}  // namespace shardproof::distribution
