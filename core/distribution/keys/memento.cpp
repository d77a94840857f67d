// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/memento.hpp"

#include <numeric>

#include "core/base/random.hpp"
#include "core/distribution/keys/jump.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

std::uint32_t MementoTable::bucket(std::uint64_t hash) const {
  std::uint32_t bucket = jump_bucket(hash, size_);
  if (gone_.empty()) return bucket;
  auto gone = gone_.find(bucket);
  while (gone != gone_.end()) {
    const std::uint32_t worked = gone->second.replacer;
    bucket = static_cast<std::uint32_t>(rehash(hash, bucket) % worked);
    gone = gone_.find(bucket);
    while (gone != gone_.end() && gone->second.replacer >= worked) {
      bucket = gone->second.replacer;
      gone = gone_.find(bucket);
    }
  }
  return bucket;
}

void MementoTable::remove(std::uint32_t bucket) {
  SHARDPROOF_CHECK(working() > 1 && bucket < size_ && !gone_.contains(bucket));
  if (gone_.empty() && bucket + 1 == size_) {
    last_removed_ = --size_;
    return;
  }
  const Gone gone{working() - 1, last_removed_};  // before it counts as gone
  gone_.emplace(bucket, gone);
  last_removed_ = bucket;
}

std::uint32_t MementoTable::add() {
  const std::uint32_t bucket = last_removed_;
  if (gone_.empty()) {
    last_removed_ = ++size_;
    return bucket;
  }
  last_removed_ = gone_.at(bucket).previous;
  gone_.erase(bucket);
  return bucket;
}

MementoMap::MementoMap(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)),
      table_(nodes() + static_cast<std::uint32_t>(request().number("removed"))) {
  if (table_.size() > nodes()) remove_at_random(table_.size() - nodes());
}

void MementoMap::remove_at_random(std::uint64_t count) {
  Random random = Random::named(request().seed, "memento", 0, "removed");
  nodes_.resize(table_.size());
  std::vector<std::uint32_t> working(table_.size());
  std::iota(working.begin(), working.end(), 0u);
  for (; count > 0; --count) {
    std::uint32_t& chosen = working[random.below(working.size())];
    table_.remove(chosen);
    chosen = working.back();
    working.pop_back();
  }
  std::sort(working.begin(), working.end());
  for (std::uint32_t node = 0; node < working.size(); ++node) nodes_[working[node]] = node;
  buckets_ = std::move(working);
}

void MementoMap::remove_last_node() {
  if (buckets_.empty()) return table_.remove(table_.working() - 1);
  table_.remove(buckets_.back());
  buckets_.pop_back();
}

void MementoMap::add_node() {
  const std::uint32_t bucket = table_.add();
  if (buckets_.empty()) return;
  if (bucket >= nodes_.size()) nodes_.resize(bucket + 1);
  nodes_[bucket] = static_cast<std::uint32_t>(buckets_.size());
  buckets_.push_back(bucket);
}

std::unique_ptr<KeyMap> MementoMap::resized(std::uint32_t nodes,
                                            std::vector<std::uint64_t> weights) const {
  auto changed = std::make_unique<MementoMap>(request().with_nodes(nodes, std::move(weights)));
  changed->table_ = table_;
  changed->nodes_ = nodes_;
  changed->buckets_ = buckets_;
  while (changed->table_.working() > nodes) changed->remove_last_node();
  while (changed->table_.working() < nodes) changed->add_node();
  return changed;
}

}  // namespace shardproof::distribution
