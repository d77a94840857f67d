// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/dx.hpp"

#include "core/distribution/keys/capacity.hpp"

namespace shardproof::distribution {

DxMap::DxMap(KeyMapRequest request_made) : PerKeyMap(std::move(request_made)) {
  build(std::bit_ceil(std::uint64_t{capacity_of(request())}));
}

void DxMap::build(std::uint64_t capacity) {
  mask_ = capacity - 1;
  draws_max_ = 64 * (capacity / nodes() + 1);
  alive_.assign(capacity / 64 + 1, 0);
  for (std::uint64_t node = 0; node < nodes(); ++node) {
    alive_[node / 64] |= std::uint64_t{1} << (node % 64);
  }
}

std::unique_ptr<KeyMap> DxMap::resized(std::uint32_t nodes,
                                       std::vector<std::uint64_t> weights) const {
  auto changed = std::make_unique<DxMap>(request().with_nodes(nodes, std::move(weights)));
  if (nodes <= mask_ + 1) changed->build(mask_ + 1);
  return changed;
}

}  // namespace shardproof::distribution
