// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// AnchorHash (Mendelson, Vargaftik, Barabash, Lorenz, Keslassy, Orda: ToN 2021, algorithm 3): any
/// of the `capacity` buckets may be removed; they come back last in, first out.
///
/// The arrays are the paper's: A[b] is 0 for a working bucket, else how many worked after its
/// removal; K[b] is the bucket that took its place; W lists the working buckets and L says where
/// each stands in it. Look-up: b = hash mod capacity, and while b is removed the bucket that
/// rehash(hash, b) mod A[b] meant when b was removed. 1 + ln(capacity / working) rounds in the
/// mean; 16 bytes a bucket, and 4 for each removed one. Removing and adding: O(1).
class AnchorTable {
 public:
  /// Buckets 0..working-1 work, 1 <= working <= capacity.
  AnchorTable(std::uint32_t capacity, std::uint32_t working);

  std::uint32_t bucket(std::uint64_t hash) const;
  /// A working bucket goes, which is not the last one.
  void remove(std::uint32_t bucket);
  /// The bucket that was removed last works again; there is one. Returns it.
  std::uint32_t add();

  std::uint32_t capacity() const { return static_cast<std::uint32_t>(removal_.size()); }
  std::uint32_t working() const { return working_; }
  std::uint64_t bytes() const {
    return sizeof(std::uint32_t) * (4 * removal_.size() + removed_.size());
  }

 private:
  std::uint32_t working_;
  std::vector<std::uint32_t> removal_;    ///< A
  std::vector<std::uint32_t> list_;       ///< W
  std::vector<std::uint32_t> place_;      ///< L
  std::vector<std::uint32_t> successor_;  ///< K
  std::vector<std::uint32_t> removed_;    ///< R, the last one at the end
};

/// AnchorHash of the key's hash: node i is bucket i. Equal nodes only. A node that comes takes its
/// share, one that goes gives its keys evenly to the others, and nothing else moves, up to
/// `capacity` nodes: beyond that all is built anew with the capacity doubled.
class AnchorMap final : public PerKeyMap<AnchorMap> {
 public:
  explicit AnchorMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const { return table_.bucket(key.hash); }
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::uint64_t table_bytes() const override { return table_.bytes(); }

 private:
  AnchorTable table_;
};

}  // namespace shardproof::distribution
