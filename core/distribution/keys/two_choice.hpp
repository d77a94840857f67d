// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/distribution/keys/crush/straw2_bucket.hpp"
#include "core/distribution/keys/jump.hpp"
#include "core/distribution/keys/key_directory.hpp"
#include "core/distribution/keys/key_map.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

/// The power of d choices (Azar, Broder, Karlin, Upfal 1994; Mitzenmacher 1996) with a directory: a
/// key that comes first goes to the one of its `choices` nodes that has the least load with it,
/// keys over weight, of equals to the earlier choice, and a directory remembers it. Choice j is
/// jump(rehash(hash, j), n), with unequal weights what a Straw2Bucket gives for try j: then a node
/// is chosen as often as its weight says (without that a heavy one would not be asked often enough;
/// Wieder 2007). Either way a choice stays on more nodes, or becomes a new node; choices may be the
/// same node.
///
/// For m keys and equal weights the fullest node has m / n + ln ln n / ln d + O(1), for one choice
/// m / n + Theta(sqrt(m ln n / n)). A key that comes O(d ln n), with weights O(d n), one that is
/// known O(1); memory as of KeyDirectory, and 8 bytes a node, with weights 24.
///
/// Where nodes go, their keys choose anew; where nodes come, a key of which a choice has become one
/// goes there if its load with the key is less than that of the key's node. Keys are asked in the
/// order in which they came; nothing moves between old nodes. A change of weights moves nothing:
/// only keys that come later heed it.
class TwoChoiceMap final : public KeyMap {
 public:
  explicit TwoChoiceMap(KeyMapRequest request);

  void place(std::span<const Key> keys, std::span<std::uint32_t> owners) override;
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::uint64_t table_bytes() const override;

 private:
  std::uint32_t choice(std::uint64_t hash, std::uint64_t j) const {
    return by_weight_ ? by_weight_->choose(hash, j) : jump_bucket(rehash(hash, j), nodes());
  }
  /// Whether `a` with one more key has less load than `b` with `more_on_b`.
  bool is_less_loaded(std::uint32_t a, std::uint32_t b, std::uint64_t more_on_b) const;
  std::uint32_t owner(const Key& key);
  std::uint32_t least_loaded_choice(std::uint64_t hash) const;
  void choose_again(std::uint32_t nodes_before);

  std::uint64_t choices_;
  std::optional<Straw2Bucket> by_weight_;  ///< of the nodes, if their weights are unequal
  KeyDirectory directory_;
  std::vector<std::uint64_t> loads_;  ///< keys, by node
};

}  // namespace shardproof::distribution
