// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/crush/crush_map.hpp"

#include <fmt/format.h>

#include "core/distribution/keys/crush/straw2_bucket.hpp"

namespace shardproof::distribution {

Result<void> crush_domains_fit(const KeyMapRequest& request) {
  const std::uint64_t domain = request.number("domain");
  for (const std::uint32_t nodes : {request.nodes, request.nodes_later}) {
    if (nodes % domain != 0) {
      return fail("option domain: {} nodes are no whole number of domains of {}", nodes, domain);
    }
  }
  return {};
}

namespace detail {

std::uint64_t crush_domain_seed(const KeyMapRequest& request, std::uint32_t domain) {
  return stable_hash(fmt::format("domain-{}", domain), request.seed);
}

void fill_by_straws(const KeyMapRequest& request, std::uint64_t hash, std::uint32_t wanted,
                    std::vector<std::uint32_t>& found) {
  std::vector<std::pair<RendezvousScore, std::uint32_t>> rest;
  for (std::uint32_t node = 0; node < request.nodes; ++node) {
    if (shardproof::contains(found, node)) continue;
    rest.emplace_back(Straw2Bucket::straw(crush_node(request, node), false, hash, 0), node);
  }
  std::stable_sort(rest.begin(), rest.end(),
                   [](const auto& a, const auto& b) { return a.first.beats(b.first); });
  for (const auto& [score, node] : rest) {
    if (found.size() == wanted) return;
    found.push_back(node);
  }
}

}  // namespace detail
}  // namespace shardproof::distribution
