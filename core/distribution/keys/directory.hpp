// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_directory.hpp"
#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// An explicit directory: a key that comes first goes to the node that has the least load with it,
/// keys over weight, of equals the lower one, and stays there (sticky, least-loaded greedy).
///
/// Where nodes come, go or change their weight, the fewest keys move so that all are balanced to
/// one key (see `balanced_targets`): the youngest keys of nodes that have too many, to the lowest
/// nodes that lack some. A key that comes O(log n), one that is known O(1); a resize O(K + n).
/// Memory as of KeyDirectory, and 12 bytes a node. Copies beyond the first are on nodes
/// rehash(hash, 0) mod n and so on, and count for no load.
class DirectoryMap final : public KeyMap {
 public:
  explicit DirectoryMap(KeyMapRequest request);

  void place(std::span<const Key> keys, std::span<std::uint32_t> owners) override;
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::uint64_t table_bytes() const override;

 private:
  std::uint32_t owner(const Key& key);
  /// Orders the heap: the node that is to take the next key is first.
  bool takes_later(std::uint32_t a, std::uint32_t b) const;
  std::uint32_t take_node();
  void make_heap();
  /// Moves what has to move for the loads that `loads_` says.
  void balance();

  KeyDirectory directory_;
  std::vector<std::uint64_t> loads_;  ///< keys, by node
  std::vector<std::uint32_t> heap_;   ///< of nodes
};

}  // namespace shardproof::distribution
