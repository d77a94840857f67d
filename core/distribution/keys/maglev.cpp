// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/maglev.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "core/distribution/keys/prime.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();

/// One node that fills the table.
struct Claimant {
  std::uint64_t next = 0;  ///< slot, the next preferred
  std::uint64_t skip = 1;
  std::uint64_t weight = 1;
  std::uint64_t credit = 0;  ///< of weight, below the largest weight between turns

  std::uint64_t take_free(const std::vector<std::uint32_t>& slots) {
    std::uint64_t slot = next;
    while (slots[slot] != kFree) slot = (slot + skip) % slots.size();
    next = (slot + skip) % slots.size();
    return slot;
  }
};

}  // namespace

Result<void> maglev_fits(const KeyMapRequest& request) {
  const std::uint64_t size = request.number("table");
  if (!is_prime(size)) {
    return fail("option table: {} is not prime; the next prime is {}", size, prime_above(size));
  }
  if (size < request.nodes_max()) {
    return fail("option table: {} slots are fewer than {} nodes", size, request.nodes_max());
  }
  return {};
}

std::vector<std::uint32_t> maglev_table(const std::vector<MaglevPreference>& preferences,
                                        const std::vector<std::uint64_t>& weights,
                                        std::uint64_t size) {
  const std::uint64_t largest = *std::max_element(weights.begin(), weights.end());
  std::vector<Claimant> claimants;
  for (std::size_t i = 0; i < preferences.size(); ++i) {
    claimants.push_back({preferences[i].offset, preferences[i].skip, weights[i]});
  }
  std::vector<std::uint32_t> slots(size, kFree);
  std::uint64_t filled = 0;
  while (true) {
    for (std::uint32_t node = 0; node < claimants.size(); ++node) {
      Claimant& claimant = claimants[node];
      claimant.credit += claimant.weight;
      if (claimant.credit < largest) continue;
      claimant.credit -= largest;
      slots[claimant.take_free(slots)] = node;
      if (++filled == size) return slots;
    }
  }
}

MaglevMap::MaglevMap(KeyMapRequest request_made) : PerKeyMap(std::move(request_made)) {
  const std::uint64_t size = request().number("table");
  std::vector<MaglevPreference> preferences;
  std::vector<std::uint64_t> weights;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    const std::string name = fmt::format("node-{}", node);
    preferences.push_back({stable_hash(name, 2 * request().seed) % size,
                           stable_hash(name, 2 * request().seed + 1) % (size - 1) + 1});
    weights.push_back(request().weight(node));
  }
  slots_ = maglev_table(preferences, weights, size);
}

std::optional<std::vector<std::uint64_t>> MaglevMap::shares() const {
  std::vector<std::uint64_t> shares(nodes());
  const std::uint64_t slot = ~std::uint64_t{0} / slots_.size();
  for (const std::uint32_t node : slots_) shares[node] += slot;
  return shares;
}

}  // namespace shardproof::distribution
