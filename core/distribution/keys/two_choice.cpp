// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/two_choice.hpp"

#include <algorithm>
#include <utility>

#include "core/base/wide.hpp"
#include "core/distribution/keys/crush/crush_item.hpp"

namespace shardproof::distribution {

TwoChoiceMap::TwoChoiceMap(KeyMapRequest request_made)
    : KeyMap(std::move(request_made)), choices_(request().number("choices")), loads_(nodes()) {
  if (request().has_equal_weights()) return;
  std::vector<CrushItem> items;
  for (std::uint32_t node = 0; node < nodes(); ++node) items.push_back(crush_node(request(), node));
  by_weight_.emplace(std::move(items), request().seed);
}

bool TwoChoiceMap::is_less_loaded(std::uint32_t a, std::uint32_t b, std::uint64_t more_on_b) const {
  const UInt128 load_a = static_cast<UInt128>(loads_[a] + 1) * request().weight(b);
  const UInt128 load_b = static_cast<UInt128>(loads_[b] + more_on_b) * request().weight(a);
  return load_a < load_b;
}

std::uint32_t TwoChoiceMap::least_loaded_choice(std::uint64_t hash) const {
  std::uint32_t found = choice(hash, 0);
  for (std::uint64_t j = 1; j < choices_; ++j) {
    const std::uint32_t node = choice(hash, j);
    if (is_less_loaded(node, found, 1)) found = node;
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
      if (better < nodes_before || !is_less_loaded(better, node, 0)) continue;
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

std::uint64_t TwoChoiceMap::table_bytes() const {
  return directory_.bytes() + loads_.size() * sizeof(loads_[0]) +
         (by_weight_ ? by_weight_->bytes() : 0);
}

}  // namespace shardproof::distribution
