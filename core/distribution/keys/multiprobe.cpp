// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/multiprobe.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

MultiProbeMap::MultiProbeMap(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)), probes_(request().number("probes")) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> circle;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    circle.emplace_back(stable_hash(fmt::format("node-{}", node), request().seed), node);
  }
  std::sort(circle.begin(), circle.end());
  for (const auto& [point, node] : circle) {
    points_.push_back(point);
    owners_.push_back(node);
  }
}

std::uint32_t MultiProbeMap::owner(const Key& key) const {
  std::uint32_t found = 0;
  std::uint64_t nearest = 0;
  for (std::uint64_t probe = 0; probe < probes_; ++probe) {
    const std::uint64_t place = probe == 0 ? key.hash : rehash(key.hash, probe - 1);
    auto point = std::lower_bound(points_.begin(), points_.end(), place);
    if (point == points_.end()) point = points_.begin();
    const std::uint64_t distance = *point - place;  // modulo 2^64, so right across the wrap
    if (probe > 0 && distance >= nearest) continue;
    nearest = distance;
    found = owners_[static_cast<std::size_t>(point - points_.begin())];
  }
  return found;
}

}  // namespace shardproof::distribution
