// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/jump.hpp"
#include "core/distribution/keys/key_directory.hpp"
#include "core/distribution/keys/key_map.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

/// The power of d choices (Azar, Broder, Karlin, Upfal 1994; Mitzenmacher 1996) with a directory: a
/// key that comes first goes to the least loaded of its `choices` nodes, of equals to the earlier
/// choice, and a directory remembers it. Choice j is jump(rehash(hash, j), n), so that on more
/// nodes a choice stays or becomes a new node; choices may be the same node.
///
/// For m keys the fullest node has m / n + ln ln n / ln d + O(1), for one choice m / n +
/// Theta(sqrt(m ln n / n)). Equal nodes only. A key that comes O(d ln n), one that is known O(1);
/// memory as of KeyDirectory, and 8 bytes a node.
///
/// Where nodes go, their keys choose anew; where nodes come, a key of which a choice has become one
/// goes there if that is the less loaded by more than the key itself. Keys are asked in the order
/// in which they came; nothing moves between old nodes.
class TwoChoiceMap final : public KeyMap {
 public:
  explicit TwoChoiceMap(KeyMapRequest request_made)
      : KeyMap(std::move(request_made)), choices_(request().number("choices")), loads_(nodes()) {}

  void place(std::span<const Key> keys, std::span<std::uint32_t> owners) override;
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::uint64_t table_bytes() const override {
    return directory_.bytes() + loads_.size() * sizeof(loads_[0]);
  }

 private:
  std::uint32_t choice(std::uint64_t hash, std::uint64_t j) const {
    return jump_bucket(rehash(hash, j), nodes());
  }
  std::uint32_t owner(const Key& key);
  std::uint32_t least_loaded_choice(std::uint64_t hash) const;
  void choose_again(std::uint32_t nodes_before);

  std::uint64_t choices_;
  KeyDirectory directory_;
  std::vector<std::uint64_t> loads_;  ///< keys, by node
};

}  // namespace shardproof::distribution
