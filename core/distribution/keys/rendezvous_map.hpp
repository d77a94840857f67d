// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Rendezvous hashing (highest random weight; Thaler and Ravishankar 1998): the node with the
/// largest XXH64 of the key's bytes, seeded with XXH64 of `node-<i>`; of equals the lower one. With
/// weights by the order of `rendezvous_order`. Look-up O(n), 8 bytes a node; the R best are the
/// replicas.
///
/// A node that comes takes its share of the keys, all to itself, and a change of one weight moves
/// keys only to or from that node.
class RendezvousMap final : public PerKeyMap<RendezvousMap> {
 public:
  explicit RendezvousMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const {
    return is_weighted_ ? best_by_weight(key) : best_by_hash(key);
  }
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::uint64_t table_bytes() const override {
    return seeds_.size() * sizeof(seeds_[0]) * (is_weighted_ ? 2 : 1);
  }

 private:
  std::uint32_t best_by_hash(const Key& key) const;
  std::uint32_t best_by_weight(const Key& key) const;

  std::vector<std::uint64_t> seeds_;  ///< by node
  bool is_weighted_ = false;
};

}  // namespace shardproof::distribution
