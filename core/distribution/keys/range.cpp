// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/range.hpp"

#include <algorithm>
#include <iterator>

#include "core/base/wide.hpp"

namespace shardproof::distribution {

bool RangeTable::is_less_loaded(std::uint32_t a, std::uint64_t more_on_a, std::uint32_t b,
                                std::uint64_t more_on_b) const {
  const UInt128 load_a = static_cast<UInt128>(loads_[a] + more_on_a) * weights_[b];
  const UInt128 load_b = static_cast<UInt128>(loads_[b] + more_on_b) * weights_[a];
  return load_a < load_b;
}

std::uint32_t RangeTable::emptiest_node(std::uint64_t more) const {
  std::uint32_t found = 0;
  for (std::uint32_t node = 1; node < loads_.size(); ++node) {
    if (is_less_loaded(node, more, found, more)) found = node;
  }
  return found;
}

std::uint32_t RangeTable::fullest_node() const {
  std::uint32_t found = 0;
  for (std::uint32_t node = 1; node < loads_.size(); ++node) {
    if (is_less_loaded(found, 0, node, 0)) found = node;
  }
  return found;
}

void RangeTable::insert(std::string_view key) {
  Shard& shard = shard_of(key)->second;
  if (!shard.keys.emplace(key).second) return;
  ++loads_[shard.node];
  if (shard.keys.size() > split_above_) split(shard);
}

void RangeTable::split(Shard& shard) {
  const auto median =
      std::next(shard.keys.begin(), static_cast<std::ptrdiff_t>(shard.keys.size() / 2));
  Shard upper;
  upper.node = shard.node;
  for (auto key = median; key != shard.keys.end();) {
    upper.keys.insert(upper.keys.end(), shard.keys.extract(key++));
  }
  Shard& made = shards_[*upper.keys.begin()];
  made = std::move(upper);
  loads_[made.node] -= made.keys.size();
  made.node = emptiest_node(made.keys.size());
  loads_[made.node] += made.keys.size();
}

void RangeTable::erase(std::string_view key) {
  const auto shard = shard_of(key);
  const auto found = shard->second.keys.find(key);
  if (found == shard->second.keys.end()) return;
  shard->second.keys.erase(found);
  --loads_[shard->second.node];
  if (!merge_with_next(shard) && shard != shards_.begin()) merge_with_next(std::prev(shard));
}

bool RangeTable::merge_with_next(Shards::iterator shard) {
  const auto next = std::next(shard);
  if (next == shards_.end()) return false;
  Shard& lower = shard->second;
  Shard& upper = next->second;
  if (lower.keys.size() + upper.keys.size() >= merge_below_) return false;
  const std::uint32_t node = upper.keys.size() > lower.keys.size() ? upper.node : lower.node;
  move(lower, node);
  move(upper, node);
  lower.keys.merge(upper.keys);
  shards_.erase(next);
  return true;
}

void RangeTable::move(Shard& shard, std::uint32_t node) {
  loads_[shard.node] -= shard.keys.size();
  loads_[node] += shard.keys.size();
  shard.node = node;
}

void RangeTable::resize(std::vector<std::uint64_t> weights) {
  weights_ = std::move(weights);
  loads_.resize(weights_.size());
  for (auto& [start, shard] : shards_) {
    if (shard.node < loads_.size()) continue;
    shard.node = emptiest_node(shard.keys.size());
    loads_[shard.node] += shard.keys.size();
  }
  while (even_out()) {
  }
}

bool RangeTable::even_out() {
  const std::uint32_t fullest = fullest_node();
  const std::uint32_t emptiest = emptiest_node(0);
  Shard* best = nullptr;
  for (auto& [start, shard] : shards_) {
    if (shard.node != fullest || shard.keys.empty()) continue;
    if (!is_less_loaded(emptiest, shard.keys.size(), fullest, 0)) continue;
    if (best == nullptr || shard.keys.size() > best->keys.size()) best = &shard;
  }
  if (best == nullptr) return false;
  move(*best, emptiest);
  return true;
}

std::vector<std::uint64_t> RangeTable::sizes() const {
  std::vector<std::uint64_t> sizes;
  for (const auto& [start, shard] : shards_) sizes.push_back(shard.keys.size());
  return sizes;
}

std::uint64_t RangeTable::bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& [start, shard] : shards_) bytes += start.size() + sizeof(shard.node);
  return bytes;
}

void RangeMap::place(std::span<const Key> keys, std::span<std::uint32_t> owners) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    table_.insert(keys[i].bytes);
    owners[i] = table_.owner(keys[i].bytes);
  }
}

std::vector<std::uint32_t> RangeMap::replicas(const Key& key, std::uint32_t count) {
  table_.insert(key.bytes);
  const std::uint32_t first = table_.owner(key.bytes);
  return distinct_nodes(first, count, nodes(), [&](std::uint64_t draw) {
    return static_cast<std::uint32_t>((first + draw + 1) % nodes());
  });
}

std::unique_ptr<KeyMap> RangeMap::resized(std::uint32_t nodes,
                                          std::vector<std::uint64_t> weights) const {
  auto changed = std::make_unique<RangeMap>(request().with_nodes(nodes, std::move(weights)));
  changed->table_ = table_;
  changed->table_.resize(changed->request().all_weights());
  return changed;
}

}  // namespace shardproof::distribution
