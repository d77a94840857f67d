// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "core/distribution/keys/registry.hpp"

/// The entries of the registry, a family of algorithms each.
namespace shardproof::distribution {

/// A number of the hash: mod and the constant-time hashes.
std::vector<KeyAlgorithm> bucket_algorithms();
/// Points of nodes, or scores of nodes, that keys are compared with.
std::vector<KeyAlgorithm> point_algorithms();
/// Trees of buckets that choose among nodes or failure domains.
std::vector<KeyAlgorithm> crush_algorithms();
/// Tables of slots or slices.
std::vector<KeyAlgorithm> table_algorithms();

/// A memory of keys and loads.
std::vector<KeyAlgorithm> load_algorithms();

/// Groups of nodes that copies or tenants have to themselves.
std::vector<KeyAlgorithm> group_algorithms();

/// The `build` of an algorithm that is a class.
template <typename Map>
std::unique_ptr<KeyMap> built(KeyMapRequest request) {
  return std::make_unique<Map>(std::move(request));
}

}  // namespace shardproof::distribution
