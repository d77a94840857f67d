// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/copysets.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/base/random.hpp"
#include "core/distribution/keys/jump.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

Copysets::Copysets(std::uint32_t nodes, std::uint32_t copies, std::vector<std::uint32_t> sets)
    : nodes_(nodes),
      copies_(copies),
      sets_(std::move(sets)),
      first_(nodes + std::size_t{1}),
      by_node_(sets_.size()) {
  for (const std::uint32_t node : sets_) ++first_[node + 1];
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    by_node_[next[sets_[i]]++] = static_cast<std::uint32_t>(i / copies_);
  }
}

std::vector<std::uint32_t> Copysets::copies_beside(std::uint32_t first, std::uint64_t hash,
                                                   std::uint32_t count) const {
  const auto sets = sets_of(first);
  const std::uint64_t chosen = sets.empty() ? 0 : rehash(hash, 0) % sets.size();
  std::vector<std::uint32_t> candidates;
  for (std::size_t i = 0; i < sets.size() && candidates.size() < count; ++i) {
    const auto nodes = set(sets[(chosen + i) % sets.size()]);
    candidates.insert(candidates.end(), nodes.begin(), nodes.end());
  }
  return distinct_nodes(first, count, nodes_, [&](std::uint64_t draw) {
    if (draw < candidates.size()) return candidates[draw];
    return static_cast<std::uint32_t>((first + draw - candidates.size() + 1) % nodes_);
  });
}

Copysets permuted_copysets(std::uint32_t nodes, std::uint32_t copies, std::uint64_t scatter,
                           std::uint64_t seed) {
  std::vector<std::uint32_t> sets;
  std::vector<std::uint32_t> permutation(nodes);
  const std::uint64_t permutations = (scatter + copies - 2) / (copies - 1);
  for (std::uint64_t p = 0; p < permutations; ++p) {
    Random random = Random::named(seed, "copysets", p, "permutation");
    std::iota(permutation.begin(), permutation.end(), 0u);
    for (std::uint32_t left = nodes; left > 1; --left) {
      std::swap(permutation[left - 1], permutation[random.below(left)]);
    }
    sets.insert(sets.end(), permutation.begin(),
                permutation.begin() + static_cast<std::ptrdiff_t>(nodes / copies * copies));
  }
  return {nodes, copies, std::move(sets)};
}

CopysetsMap::CopysetsMap(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)),
      sets_(permuted_copysets(nodes(), static_cast<std::uint32_t>(request().number("copies")),
                              request().number("scatter"), request().seed)) {}

std::uint32_t CopysetsMap::owner(const Key& key) const { return jump_bucket(key.hash, nodes()); }

std::vector<std::uint32_t> CopysetsMap::replicas(const Key& key, std::uint32_t count) {
  return sets_.copies_beside(owner(key), key.hash, count);
}

}  // namespace shardproof::distribution
