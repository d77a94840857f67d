// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/straw2.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

Straw2Map::Straw2Map(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)),
      domain_nodes_(static_cast<std::uint32_t>(request().number("domain"))) {
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    const std::uint64_t seed = stable_hash(fmt::format("node-{}", node), request().seed);
    items_.push_back({seed, request().weight(node)});
  }
  const auto are_even = [](const std::vector<Item>& items) {
    return std::all_of(items.begin(), items.end(),
                       [&](const Item& item) { return item.weight == items.front().weight; });
  };
  nodes_are_even_ = are_even(items_);
  if (domain_nodes_ == 1) return;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    const std::uint32_t domain = domain_of(node);
    if (domain == domains_.size()) {
      domains_.push_back({stable_hash(fmt::format("domain-{}", domain), request().seed), 0});
    }
    domains_.back().weight += items_[node].weight;
  }
  domains_are_even_ = are_even(domains_);
}

RendezvousScore Straw2Map::straw(const Item& item, bool is_even, std::uint64_t hash,
                                 std::uint64_t r) {
  const std::uint64_t draw = rehash(hash ^ item.seed, r);
  return is_even ? RendezvousScore::unweighted(draw) : RendezvousScore(draw, item.weight);
}

std::uint32_t Straw2Map::longest(std::span<const Item> items, bool is_even, std::uint64_t hash,
                                 std::uint64_t r) {
  std::uint32_t found = 0;
  RendezvousScore best = straw(items[0], is_even, hash, r);
  for (std::uint32_t i = 1; i < items.size(); ++i) {
    const RendezvousScore score = straw(items[i], is_even, hash, r);
    if (!score.beats(best)) continue;
    best = score;
    found = i;
  }
  return found;
}

std::uint32_t Straw2Map::chosen(std::uint64_t hash, std::uint64_t r) const {
  if (domains_.empty()) return longest(items_, nodes_are_even_, hash, r);
  const std::uint32_t first = longest(domains_, domains_are_even_, hash, r) * domain_nodes_;
  const std::uint32_t count = std::min(domain_nodes_, nodes() - first);
  return first + longest(std::span(items_).subspan(first, count), nodes_are_even_, hash, r);
}

std::vector<std::uint32_t> Straw2Map::replicas(const Key& key, std::uint32_t count) {
  constexpr std::uint64_t kRetries = 50;  // choose_total_tries of Ceph
  const std::uint32_t wanted = std::min(count, nodes());
  std::vector<std::uint32_t> found;
  for (std::uint64_t r = 0; found.size() < wanted && r < wanted + kRetries; ++r) {
    const std::uint32_t node = chosen(key.hash, r);
    const bool collides = std::any_of(found.begin(), found.end(), [&](std::uint32_t there) {
      return domain_of(there) == domain_of(node);
    });
    if (!collides) found.push_back(node);
  }
  if (found.size() < wanted) fill(key, wanted, found);
  return found;
}

void Straw2Map::fill(const Key& key, std::uint32_t wanted,
                     std::vector<std::uint32_t>& found) const {
  std::vector<std::pair<RendezvousScore, std::uint32_t>> rest;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    if (!shardproof::contains(found, node))
      rest.emplace_back(straw(items_[node], nodes_are_even_, key.hash, 0), node);
  }
  std::stable_sort(rest.begin(), rest.end(),
                   [](const auto& a, const auto& b) { return a.first.beats(b.first); });
  for (const auto& [score, node] : rest) {
    if (found.size() == wanted) return;
    found.push_back(node);
  }
}

}  // namespace shardproof::distribution
