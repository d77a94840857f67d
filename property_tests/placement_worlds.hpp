// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <rapidcheck.h>

#include "core/distribution/keys/registry.hpp"
#include "property_tests/distribution_generators.hpp"

namespace shardproof::distribution {

using Counts = std::vector<std::uint64_t>;
using Owners = std::vector<std::uint32_t>;

/// Nodes, keys and a change of the nodes that an algorithm meets.
struct PlacementWorld {
  std::uint32_t nodes = 1;
  std::uint32_t nodes_after = 1;
  std::uint64_t seed = 0;
  Counts weights;  ///< of all nodes before or after; empty: equal
  std::vector<std::string> texts;
  std::vector<Key> keys;  ///< of the texts

  Counts weights_of(std::uint32_t count) const {
    if (weights.empty()) return {};
    return {weights.begin(), weights.begin() + count};
  }
};

/// So many that a share that is wrong by its half is told from chance on twenty nodes.
inline constexpr std::uint32_t kWorldKeys = 2000;

/// One to twenty nodes that become others; keys of random digits.
inline PlacementWorld any_placement_world(bool is_weighted) {
  PlacementWorld world;
  world.nodes = *rc::gen::inRange<std::uint32_t>(1, 21).as("nodes");
  world.nodes_after = *rc::gen::inRange<std::uint32_t>(1, 21).as("nodes after");
  Random random = any_stream();
  world.seed = random.below(4) == 0 ? 0 : random.next();
  if (is_weighted) {
    const std::uint64_t heaviest = *rc::gen::element<std::uint64_t>(1, 4, 50).as("heaviest");
    for (std::uint32_t i = 0; i < std::max(world.nodes, world.nodes_after); ++i) {
      world.weights.push_back(1 + random.below(heaviest));
    }
  }
  for (std::uint32_t i = 0; i < kWorldKeys; ++i) {
    world.texts.push_back(fmt::format("{:x}", random.next()));
  }
  for (const std::string& text : world.texts) world.keys.push_back({text, stable_hash(text)});
  return world;
}

using KeyMapOptions = std::vector<std::pair<std::string_view, Ratio>>;

inline std::unique_ptr<KeyMap> map_of(const KeyAlgorithm& algorithm, const PlacementWorld& world,
                                      const KeyMapOptions& options = {}) {
  KeyMapRequest request;
  request.nodes = world.nodes;
  request.nodes_later = world.nodes_after;
  request.keys = world.keys.size();
  request.seed = world.seed;
  request.weights = world.weights_of(world.nodes);
  request.options = options;
  auto map = build_key_map(algorithm, std::move(request));
  RC_ASSERT(map.has_value());
  return std::move(*map);
}

/// The map after the world's change.
inline std::unique_ptr<KeyMap> changed_map(const KeyMap& map, const PlacementWorld& world) {
  return map.resized(world.nodes_after, world.weights_of(world.nodes_after));
}

/// Where the keys are once all have come: asked twice, because those that remember keys may move
/// them while more come.
inline Owners owners_in(KeyMap& map, const PlacementWorld& world, bool remembers_keys) {
  Owners owners(world.keys.size());
  for (int round = 0; round < (remembers_keys ? 2 : 1); ++round) map.place(world.keys, owners);
  return owners;
}

inline Counts counts_in(const Owners& owners, std::uint32_t nodes) {
  Counts counts(nodes);
  for (const std::uint32_t owner : owners) {
    RC_ASSERT(owner < nodes);
    ++counts[owner];
  }
  return counts;
}

}  // namespace shardproof::distribution
