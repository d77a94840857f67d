// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/distribution/keys/key_stream.hpp"
#include "core/distribution/keys/registry.hpp"

/// What the tests of all algorithms need.
namespace shardproof::distribution {

inline std::unique_ptr<KeyMap> key_map(const std::string& algorithm, std::uint32_t nodes,
                                       std::uint64_t seed = 0,
                                       std::vector<std::pair<std::string_view, Ratio>> options = {},
                                       std::vector<std::uint64_t> weights = {},
                                       std::uint64_t keys = 0) {
  KeyMapRequest request;
  request.nodes = nodes;
  request.seed = seed;
  request.options = std::move(options);
  request.weights = std::move(weights);
  request.keys = keys;
  auto map = build_key_map(*find_key_algorithm(algorithm), std::move(request));
  EXPECT_TRUE(map) << (map ? "" : map.error().message);
  return std::move(*map);
}

/// The node of each of the keys key-0, key-1, ....
inline std::vector<std::uint32_t> owners_of(KeyMap& map, std::uint64_t keys,
                                            std::uint64_t seed = 0) {
  KeyStream stream(*KeyFormat::parse("key-%d"), keys, seed);
  std::vector<std::uint32_t> owners;
  for (auto batch = stream.next(); !batch.empty(); batch = stream.next()) {
    owners.resize(owners.size() + batch.size());
    map.place(batch, std::span(owners).last(batch.size()));
  }
  return owners;
}

inline std::vector<std::uint64_t> counts_of(const std::vector<std::uint32_t>& owners,
                                            std::uint32_t nodes) {
  std::vector<std::uint64_t> counts(nodes);
  for (const std::uint32_t owner : owners) ++counts.at(owner);
  return counts;
}

/// Of all keys, the part that each node has.
inline std::vector<double> parts_of(const std::vector<std::uint64_t>& counts) {
  const auto all =
      static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  std::vector<double> parts;
  for (const std::uint64_t count : counts) parts.push_back(static_cast<double>(count) / all);
  return parts;
}

/// Of the key space, the part that each node says it has.
inline std::vector<double> shares_of(const KeyMap& map) {
  const std::vector<std::uint64_t> shares = *map.shares();
  std::vector<double> parts;
  for (const std::uint64_t share : shares) {
    parts.push_back(std::ldexp(static_cast<double>(share), -64));
  }
  return parts;
}

/// How many standard deviations chi-square of the counts against shares in proportion to `weights`
/// (empty: equal) is above its mean: sum (c - e)^2 / e has mean n - 1 and variance 2 (n - 1).
inline double chi_square_z(const std::vector<std::uint64_t>& counts,
                           std::vector<std::uint64_t> weights = {}) {
  if (weights.empty()) weights.assign(counts.size(), 1);
  const auto sum = [](const auto& list) {
    return static_cast<double>(std::accumulate(list.begin(), list.end(), std::uint64_t{0}));
  };
  const double keys = sum(counts);
  const double total = sum(weights);
  double chi = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = keys * static_cast<double>(weights[i]) / total;
    const double off = static_cast<double>(counts[i]) - expected;
    chi += off * off / expected;
  }
  const double freedom = static_cast<double>(counts.size()) - 1;
  return (chi - freedom) / std::sqrt(2 * freedom);
}

/// The z of `found` successes in `tries` of which each has `chance`.
inline double binomial_z(std::uint64_t found, std::uint64_t tries, double chance) {
  const auto n = static_cast<double>(tries);
  return (static_cast<double>(found) - n * chance) / std::sqrt(n * chance * (1 - chance));
}

/// What moved from `before` to `after`.
struct Moves {
  std::uint64_t all = 0;
  std::uint64_t between_old = 0;  ///< neither from a node that goes nor to one that comes
};
inline Moves moves_of(const std::vector<std::uint32_t>& before,
                      const std::vector<std::uint32_t>& after, std::uint32_t nodes_before,
                      std::uint32_t nodes_after) {
  Moves moves;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    ++moves.all;
    if (before[i] < nodes_after && after[i] < nodes_before) ++moves.between_old;
  }
  return moves;
}

}  // namespace shardproof::distribution
