// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/rendezvous_map.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/distribution/placement/rendezvous.hpp"

namespace shardproof::distribution {

RendezvousMap::RendezvousMap(KeyMapRequest request_made) : PerKeyMap(std::move(request_made)) {
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    seeds_.push_back(stable_hash(fmt::format("node-{}", node), request().seed));
  }
  is_weighted_ = !request().has_equal_weights();
}

std::uint32_t RendezvousMap::best_by_hash(const Key& key) const {
  std::uint32_t best = 0;
  std::uint64_t highest = stable_hash(key.bytes, seeds_[0]);
  for (std::uint32_t node = 1; node < nodes(); ++node) {
    const std::uint64_t hash = stable_hash(key.bytes, seeds_[node]);
    if (hash <= highest) continue;
    best = node;
    highest = hash;
  }
  return best;
}

std::uint32_t RendezvousMap::best_by_weight(const Key& key) const {
  RendezvousScore best(stable_hash(key.bytes, seeds_[0]), request().weight(0));
  std::uint32_t found = 0;
  for (std::uint32_t node = 1; node < nodes(); ++node) {
    const RendezvousScore score(stable_hash(key.bytes, seeds_[node]), request().weight(node));
    if (!score.beats(best)) continue;
    best = score;
    found = node;
  }
  return found;
}

std::vector<std::uint32_t> RendezvousMap::replicas(const Key& key, std::uint32_t count) {
  std::vector<RendezvousNode> candidates;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    candidates.push_back({NodeId(node), seeds_[node], request().weight(node)});
  }
  std::vector<std::uint32_t> found;
  for (const NodeId node : rendezvous_order(key.bytes, candidates)) {
    if (found.size() == count) break;
    found.push_back(node.value());
  }
  return found;
}

}  // namespace shardproof::distribution
