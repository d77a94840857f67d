// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Multi-probe consistent hashing (Appleton, O'Reilly 2015) on a circle of 2^64: each node has one
/// point, XXH64 of `node-<i>`; a key has `probes` places, its hash and rehash(hash, j) for j = 0 to
/// probes - 2, and belongs to the node whose point is nearest at or after one of them, wrapping. Of
/// equal distances the first probe's node has it, of equal points the lower node.
///
/// Build O(n log n), look-up O(k log n) for k probes, 12 bytes a node. max/mean is k / (k - 1) and
/// the CV 1 / sqrt(2 k - 1) for many nodes. Equal nodes only. A node that comes takes about its
/// share, and nothing else moves.
class MultiProbeMap final : public PerKeyMap<MultiProbeMap> {
 public:
  explicit MultiProbeMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const;
  std::uint64_t table_bytes() const override {
    return points_.size() * (sizeof(points_[0]) + sizeof(owners_[0]));
  }

 private:
  std::uint64_t probes_;
  std::vector<std::uint64_t> points_;  ///< ascending
  std::vector<std::uint32_t> owners_;  ///< of each point
};

}  // namespace shardproof::distribution
