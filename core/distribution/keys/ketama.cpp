// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/ketama.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/wide.hpp"

namespace shardproof::distribution {
namespace {

using KetamaPoint = std::pair<std::uint32_t, std::uint32_t>;  // place, node

void add_digests(std::uint32_t node, std::uint64_t count, std::uint64_t seed,
                 std::vector<KetamaPoint>& circle) {
  for (std::uint64_t j = 0; j < count; ++j) {
    const std::string text = fmt::format("node-{}-{}", node, j);
    for (const std::uint64_t half : {std::uint64_t{0}, std::uint64_t{1}}) {
      const std::uint64_t hash = stable_hash(text, 2 * seed + half);
      circle.emplace_back(static_cast<std::uint32_t>(hash), node);
      circle.emplace_back(static_cast<std::uint32_t>(hash >> 32), node);
    }
  }
}

}  // namespace

KetamaMap::KetamaMap(KeyMapRequest request_made) : PerKeyMap(std::move(request_made)) {
  std::uint64_t total = 0;
  for (std::uint32_t node = 0; node < nodes(); ++node) total += request().weight(node);
  std::vector<KetamaPoint> circle;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    const UInt128 scaled = static_cast<UInt128>(40) * nodes() * request().weight(node);
    const auto digests = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(scaled / total));
    add_digests(node, digests, request().seed, circle);
  }
  std::sort(circle.begin(), circle.end());
  for (const auto& [point, node] : circle) {
    if (!points_.empty() && points_.back() == point) continue;
    points_.push_back(point);
    owners_.push_back(node);
  }
}

std::size_t KetamaMap::successor(std::uint64_t hash) const {
  const auto place = static_cast<std::uint32_t>(hash >> 32);
  const auto found = std::lower_bound(points_.begin(), points_.end(), place);
  return found == points_.end() ? 0 : static_cast<std::size_t>(found - points_.begin());
}

std::vector<std::uint32_t> KetamaMap::replicas(const Key& key, std::uint32_t count) {
  const std::size_t first = successor(key.hash);
  return distinct_nodes(owners_[first], count, nodes(), [&](std::uint64_t draw) {
    return owners_[(first + draw + 1) % points_.size()];
  });
}

std::optional<std::vector<std::uint64_t>> KetamaMap::shares() const {
  std::vector<std::uint64_t> arcs(nodes());
  std::uint32_t before = points_.back();
  for (std::size_t i = 0; i < points_.size(); ++i) {
    // The first wraps.
    arcs[owners_[i]] += std::uint64_t{points_[i] - before} << 32;
    before = points_[i];
  }
  if (nodes() == 1) arcs[0] = ~std::uint64_t{0};
  return arcs;
}

}  // namespace shardproof::distribution
