// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/two_choice.hpp"

#include <algorithm>

namespace shardproof::distribution {

std::uint32_t TwoChoiceMap::least_loaded_choice(std::uint64_t hash) const {
  std::uint32_t found = choice(hash, 0);
  for (std::uint64_t j = 1; j < choices_; ++j) {
    const std::uint32_t node = choice(hash, j);
    if (loads_[node] < loads_[found]) found = node;
  }
  return found;
}

std::uint32_t TwoChoiceMap::owner(const Key& key) {
  if (const auto entry = directory_.find(key.hash)) return directory_.node(*entry);
  const std::uint32_t node = least_loaded_choice(key.hash);
  ++loads_[node];
  directory_.add(key.hash, node);
  return node;
}

void TwoChoiceMap::place(std::span<const Key> keys, std::span<std::uint32_t> owners) {
  for (std::size_t i = 0; i < keys.size(); ++i) owners[i] = owner(keys[i]);
}

std::vector<std::uint32_t> TwoChoiceMap::replicas(const Key& key, std::uint32_t count) {
  return distinct_nodes(owner(key), count, nodes(),
                        [&](std::uint64_t draw) { return choice(key.hash, draw); });
}

void TwoChoiceMap::choose_again(std::uint32_t nodes_before) {
  for (std::size_t entry = 0; entry < directory_.size(); ++entry) {
    const std::uint32_t node = directory_.node(entry);
    const std::uint32_t better = least_loaded_choice(directory_.hash(entry));
    if (node < nodes()) {
      if (better < nodes_before || loads_[better] + 1 >= loads_[node]) continue;
      --loads_[node];
    }
    ++loads_[better];
    directory_.move(entry, better);
  }
}

std::unique_ptr<KeyMap> TwoChoiceMap::resized(std::uint32_t nodes,
                                              std::vector<std::uint64_t> weights) const {
  auto changed = std::make_unique<TwoChoiceMap>(request().with_nodes(nodes, std::move(weights)));
  changed->directory_ = directory_;
  std::copy_n(loads_.begin(), std::min(nodes, this->nodes()), changed->loads_.begin());
  changed->choose_again(this->nodes());
  return changed;
}

}  // namespace shardproof::distribution
