// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/ketama.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/base/wide.hpp"
#include "core/distribution/keys/hash/md5.hpp"

namespace shardproof::distribution {
namespace {

using KetamaPoint = std::pair<std::uint32_t, std::uint32_t>;  // place, server

/// Four bytes from `first` on, the least one first.
std::uint32_t digest_word(const Md5Digest& digest, std::size_t first) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | digest[first + i];
  return value;
}

std::vector<KetamaServer> servers_of(const KeyMapRequest& request) {
  std::vector<KetamaServer> servers;
  for (std::uint32_t node = 0; node < request.nodes; ++node) {
    std::string name = fmt::format("node-{}", node);
    if (request.seed != 0) name += fmt::format("@{}", request.seed);
    servers.push_back({std::move(name), request.weight(node)});
  }
  return servers;
}

}  // namespace

KetamaContinuum::KetamaContinuum(std::span<const KetamaServer> servers) {
  std::uint64_t total = 0;
  for (const KetamaServer& server : servers) total += server.weight;
  std::vector<KetamaPoint> circle;
  for (std::uint32_t i = 0; i < servers.size(); ++i) {
    const UInt128 scaled = static_cast<UInt128>(40) * servers.size() * servers[i].weight;
    const auto digests = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(scaled / total));
    for (std::uint64_t j = 0; j < digests; ++j) {
      const Md5Digest digest = md5(fmt::format("{}-{}", servers[i].name, j));
      for (const std::size_t first : {0u, 4u, 8u, 12u})
        circle.emplace_back(digest_word(digest, first), i);
    }
  }
  std::sort(circle.begin(), circle.end());
  for (const auto& [point, server] : circle) {
    if (!points_.empty() && points_.back() == point) continue;
    points_.push_back(point);
    owners_.push_back(server);
  }
}

std::uint32_t KetamaContinuum::place_of(std::string_view key) { return digest_word(md5(key), 0); }

std::size_t KetamaContinuum::successor(std::uint32_t place) const {
  const auto found = std::lower_bound(points_.begin(), points_.end(), place);
  return found == points_.end() ? 0 : static_cast<std::size_t>(found - points_.begin());
}

KetamaMap::KetamaMap(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)), continuum_(servers_of(request())) {}

std::vector<std::uint32_t> KetamaMap::replicas(const Key& key, std::uint32_t count) {
  const std::size_t first = point_of(key);
  return distinct_nodes(continuum_.owner(first), count, nodes(), [&](std::uint64_t draw) {
    return continuum_.owner((first + draw + 1) % continuum_.size());
  });
}

std::optional<std::vector<std::uint64_t>> KetamaMap::shares() const {
  std::vector<std::uint64_t> arcs(nodes());
  std::uint32_t before = continuum_.point(continuum_.size() - 1);
  for (std::size_t i = 0; i < continuum_.size(); ++i) {
    // The first wraps.
    arcs[continuum_.owner(i)] += std::uint64_t{continuum_.point(i) - before} << 32;
    before = continuum_.point(i);
  }
  if (nodes() == 1) arcs[0] = ~std::uint64_t{0};
  return arcs;
}

}  // namespace shardproof::distribution
