// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/directory.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/wide.hpp"
#include "core/distribution/keys/movement.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

DirectoryMap::DirectoryMap(KeyMapRequest request_made)
    : KeyMap(std::move(request_made)), loads_(nodes()) {
  make_heap();
}

bool DirectoryMap::takes_later(std::uint32_t a, std::uint32_t b) const {
  const UInt128 load_a = static_cast<UInt128>(loads_[a] + 1) * request().weight(b);
  const UInt128 load_b = static_cast<UInt128>(loads_[b] + 1) * request().weight(a);
  return load_a != load_b ? load_a > load_b : a > b;
}

void DirectoryMap::make_heap() {
  heap_.resize(nodes());
  std::iota(heap_.begin(), heap_.end(), 0u);
  std::make_heap(heap_.begin(), heap_.end(),
                 [this](std::uint32_t a, std::uint32_t b) { return takes_later(a, b); });
}

std::uint32_t DirectoryMap::take_node() {
  const auto later = [this](std::uint32_t a, std::uint32_t b) { return takes_later(a, b); };
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const std::uint32_t node = heap_.back();
  ++loads_[node];
  std::push_heap(heap_.begin(), heap_.end(), later);
  return node;
}

std::uint32_t DirectoryMap::owner(const Key& key) {
  if (const auto entry = directory_.find(key.hash)) return directory_.node(*entry);
  const std::uint32_t node = take_node();
  directory_.add(key.hash, node);
  return node;
}

void DirectoryMap::place(std::span<const Key> keys, std::span<std::uint32_t> owners) {
  for (std::size_t i = 0; i < keys.size(); ++i) owners[i] = owner(keys[i]);
}

std::vector<std::uint32_t> DirectoryMap::replicas(const Key& key, std::uint32_t count) {
  return distinct_nodes(owner(key), count, nodes(), [&](std::uint64_t draw) {
    return static_cast<std::uint32_t>(rehash(key.hash, draw) % nodes());
  });
}

void DirectoryMap::balance() {
  auto targets = balanced_targets(directory_.size(), loads_, nodes(), request().weights);
  targets.resize(loads_.size());
  std::uint32_t taker = 0;
  for (std::size_t entry = directory_.size(); entry-- > 0;) {
    const std::uint32_t node = directory_.node(entry);
    if (loads_[node] <= targets[node]) continue;
    while (loads_[taker] >= targets[taker]) ++taker;
    directory_.move(entry, taker);
    --loads_[node];
    ++loads_[taker];
  }
}

std::unique_ptr<KeyMap> DirectoryMap::resized(std::uint32_t nodes,
                                              std::vector<std::uint64_t> weights) const {
  auto changed = std::make_unique<DirectoryMap>(request().with_nodes(nodes, std::move(weights)));
  changed->directory_ = directory_;
  changed->loads_ = loads_;
  changed->loads_.resize(std::max(nodes, this->nodes()));
  changed->balance();
  changed->loads_.resize(nodes);
  changed->make_heap();
  return changed;
}

std::uint64_t DirectoryMap::table_bytes() const {
  return directory_.bytes() + nodes() * (sizeof(loads_[0]) + sizeof(heap_[0]));
}

}  // namespace shardproof::distribution
