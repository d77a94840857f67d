// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/ring.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "core/base/wide.hpp"

namespace shardproof::distribution {
namespace {

/// `vnodes` in the mean, in proportion to the node's weight, rounded to nearest.
std::uint64_t points_of(const KeyMapRequest& request, std::uint32_t node, std::uint64_t total) {
  const auto points =
      static_cast<UInt128>(request.number("vnodes")) * request.weight(node) * request.nodes * 2;
  return std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>((points + total) / (2 * static_cast<UInt128>(total))));
}

}  // namespace

RingMap::RingMap(KeyMapRequest request_made) : PerKeyMap(std::move(request_made)) {
  std::uint64_t total = 0;
  for (std::uint32_t node = 0; node < nodes(); ++node) total += request().weight(node);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> circle;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    const std::uint64_t count = points_of(request(), node, total);
    for (std::uint64_t j = 0; j < count; ++j) {
      circle.emplace_back(stable_hash(fmt::format("node-{}#{}", node, j), request().seed), node);
    }
  }
  std::sort(circle.begin(), circle.end());
  const auto same_point = [](const auto& a, const auto& b) { return a.first == b.first; };
  circle.erase(std::unique(circle.begin(), circle.end(), same_point), circle.end());
  for (const auto& [point, node] : circle) {
    points_.push_back(point);
    owners_.push_back(node);
  }
}

std::size_t RingMap::successor(std::uint64_t hash) const {
  const auto found = std::lower_bound(points_.begin(), points_.end(), hash);
  return found == points_.end() ? 0 : static_cast<std::size_t>(found - points_.begin());
}

std::vector<std::uint32_t> RingMap::distinct_from(std::size_t point, std::uint32_t count) const {
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < points_.size() && found.size() < count; ++i) {
    const std::uint32_t node = owners_[(point + i) % points_.size()];
    if (!shardproof::contains(found, node)) found.push_back(node);
  }
  return found;
}

std::optional<std::vector<std::uint64_t>> RingMap::shares() const {
  std::vector<std::uint64_t> arcs(nodes());
  if (nodes() == 1) {
    arcs[0] = ~std::uint64_t{0};
    return arcs;
  }
  std::uint64_t before = points_.back();
  for (std::size_t i = 0; i < points_.size(); ++i) {
    arcs[owners_[i]] += points_[i] - before;  // the first wraps
    before = points_[i];
  }
  return arcs;
}

}  // namespace shardproof::distribution
