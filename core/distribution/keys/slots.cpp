// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/slots.hpp"

#include <algorithm>

#include "core/distribution/keys/hash/crc16.hpp"
#include "core/distribution/keys/movement.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

std::string_view hash_tag(std::string_view key) {
  const std::size_t open = key.find('{');
  if (open == std::string_view::npos) return key;
  const std::size_t close = key.find('}', open + 1);
  if (close == std::string_view::npos || close == open + 1) return key;
  return key.substr(open + 1, close - open - 1);
}

std::uint32_t slot_of(std::string_view key, std::uint32_t slots) {
  return crc16(hash_tag(key)) % slots;
}

SlotsMap::SlotsMap(KeyMapRequest request_made) : PerKeyMap(std::move(request_made)) {
  const std::uint64_t count = request().number("slots");
  const auto targets = balanced_targets(count, {}, nodes(), request().weights);
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    slots_.insert(slots_.end(), targets[node], node);
  }
}

std::vector<std::uint32_t> SlotsMap::replicas(const Key& key, std::uint32_t wanted) {
  const std::uint32_t slot = slot_of(key.bytes, count());
  return distinct_nodes(slots_[slot], wanted, nodes(), [&](std::uint64_t attempt) {
    return slots_[rehash(slot, attempt) % count()];
  });
}

std::unique_ptr<KeyMap> SlotsMap::resized(std::uint32_t nodes,
                                          std::vector<std::uint64_t> weights) const {
  auto changed = std::make_unique<SlotsMap>(request().with_nodes(nodes, std::move(weights)));
  std::vector<std::uint64_t> held(std::max(nodes, this->nodes()));
  for (const std::uint32_t node : slots_) ++held[node];
  auto targets = balanced_targets(slots_.size(), held, nodes, changed->request().weights);
  targets.resize(held.size());
  changed->slots_ = slots_;
  std::vector<std::size_t> given;
  for (std::size_t slot = slots_.size(); slot-- > 0;) {
    const std::uint32_t node = slots_[slot];
    if (held[node] <= targets[node]) continue;
    --held[node];
    given.push_back(slot);
  }
  for (std::uint32_t taker = 0; !given.empty();) {
    if (held[taker] >= targets[taker]) {
      ++taker;
      continue;
    }
    ++held[taker];
    changed->slots_[given.back()] = taker;
    given.pop_back();
  }
  return changed;
}

std::optional<std::vector<std::uint64_t>> SlotsMap::shares() const {
  std::vector<std::uint64_t> shares(nodes());
  const std::uint64_t slot = ~std::uint64_t{0} / slots_.size();
  for (const std::uint32_t node : slots_) shares[node] += slot;
  return shares;
}

}  // namespace shardproof::distribution
