// SPDX-License-Identifier: Apache-2.0
#include "property_tests/placement_shares.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "core/distribution/keys/multiprobe_testing.hpp"

namespace shardproof::distribution {
namespace {

using Parts = std::vector<double>;

Counts weights_in(const PlacementWorld& world, const KeyMap& map) {
  return world.weights.empty() ? Counts(map.nodes(), 1) : world.weights_of(map.nodes());
}

Parts parts_by_weight(const PlacementWorld& world, const KeyMap& map) {
  const Counts weights = weights_in(world, map);
  const auto total =
      static_cast<double>(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}));
  Parts parts;
  for (const std::uint64_t weight : weights) parts.push_back(static_cast<double>(weight) / total);
  return parts;
}

Parts stated_parts(const KeyMap& map) {
  Parts parts;
  const auto shares = map.shares();
  for (const std::uint64_t share : *shares) {
    parts.push_back(std::ldexp(static_cast<double>(share), -64));
  }
  return parts;
}

/// By Bernstein's inequality a binomial count is further from what is expected once in 10^8 times.
double chance(double expected) { return 6 * std::sqrt(expected) + 12; }

void check_by_chance(const Parts& parts, const Counts& counts) {
  for (std::size_t node = 0; node < counts.size(); ++node) {
    const double expected = parts[node] * kWorldKeys;
    if (std::abs(static_cast<double>(counts[node]) - expected) <= chance(expected)) continue;
    RC_FAIL(fmt::format("node {} has {} keys, not about {}", node, counts[node], expected));
  }
}

void check_stated_near(const Parts& stated, const Parts& parts, double tolerance) {
  for (std::size_t node = 0; node < parts.size(); ++node) {
    if (std::abs(stated[node] - parts[node]) <= tolerance) continue;
    RC_FAIL(fmt::format("node {} owns {}, not {}", node, stated[node], parts[node]));
  }
}

}  // namespace

void share_by_weight(const PlacementWorld& world, const KeyMap& map, const Counts& counts, bool) {
  check_by_chance(parts_by_weight(world, map), counts);
}

void share_as_stated(const PlacementWorld&, const KeyMap& map, const Counts& counts, bool) {
  const Parts stated = stated_parts(map);
  RC_ASSERT(std::abs(std::accumulate(stated.begin(), stated.end(), 0.0) - 1) < 1e-9);
  check_by_chance(stated, counts);
}

void share_as_stated_by_weight(const PlacementWorld& world, const KeyMap& map, const Counts& counts,
                               bool is_changed) {
  share_as_stated(world, map, counts, is_changed);
  check_stated_near(stated_parts(map), parts_by_weight(world, map), 1e-15);
}

void share_of_slots(const PlacementWorld& world, const KeyMap& map, const Counts& counts,
                    bool is_changed) {
  share_as_stated(world, map, counts, is_changed);
  check_stated_near(stated_parts(map), parts_by_weight(world, map), 1.0 / 16'384);
}

void share_of_maglev(const PlacementWorld& world, const KeyMap& map, const Counts& counts,
                     bool is_changed) {
  share_as_stated(world, map, counts, is_changed);
  const Parts stated = stated_parts(map);
  const Parts parts = parts_by_weight(world, map);
  for (std::size_t node = 0; node < parts.size(); ++node) {
    const double slots = world.weights.empty() ? 1 : 1 + map.nodes() * parts[node];
    RC_ASSERT(std::abs(stated[node] - parts[node]) <= slots / 4099);
  }
}

void share_of_binomial(const PlacementWorld&, const KeyMap& map, const Counts& counts, bool) {
  const double nodes = map.nodes();
  const auto half = std::bit_ceil(map.nodes()) / 2;
  const double lower = half;
  const double missed = half == 0 ? 0 : std::pow((2 * lower - nodes) / (2 * lower), 5);
  Parts parts;
  for (std::uint32_t node = 0; node < map.nodes(); ++node) {
    const double bias = half == 0 ? 0 : node >= half ? -missed : (nodes - lower) / lower * missed;
    parts.push_back((1 + bias) / nodes);
  }
  check_by_chance(parts, counts);
}

void share_of_multiprobe(const PlacementWorld& world, const KeyMap& map, const Counts& counts,
                         bool) {
  check_by_chance(multiprobe_parts(map.nodes(), 21, world.seed), counts);
}

void share_of_tiers(const PlacementWorld&, const KeyMap& map, const Counts& counts, bool) {
  const std::uint32_t primary = map.nodes() - map.nodes() / 3;
  Parts parts;
  for (std::uint32_t node = 0; node < map.nodes(); ++node) {
    parts.push_back(node % 3 == 2 ? 0 : 1.0 / primary);
    RC_ASSERT(node % 3 != 2 || counts[node] == 0u);
  }
  check_by_chance(parts, counts);
}

void share_within_capacity(const PlacementWorld& world, const KeyMap& map, const Counts& counts,
                           bool) {
  const Counts weights = weights_in(world, map);
  const std::uint64_t total = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  for (std::uint32_t node = 0; node < map.nodes(); ++node) {
    const std::uint64_t scaled = std::uint64_t{kWorldKeys} * weights[node] * 21;
    RC_ASSERT(counts[node] <= (scaled + 20 * total - 1) / (20 * total));
  }
}

void share_of_two_choices(const PlacementWorld& world, const KeyMap& map, const Counts& counts,
                          bool is_changed) {
  const Parts parts = parts_by_weight(world, map);
  const double lightest = *std::min_element(parts.begin(), parts.end());
  for (std::size_t node = 0; node < counts.size(); ++node) {
    const double expected = parts[node] * kWorldKeys;
    const double above = static_cast<double>(counts[node]) - expected;
    RC_ASSERT(above <= (is_changed ? chance(expected) : 1 + 5 * parts[node] / lightest));
  }
}

void share_of_directory(const PlacementWorld& world, const KeyMap& map, const Counts& counts,
                        bool is_changed) {
  const Parts parts = parts_by_weight(world, map);
  for (std::size_t node = 0; node < counts.size(); ++node) {
    const double off = static_cast<double>(counts[node]) - parts[node] * kWorldKeys;
    RC_ASSERT(off > -1 - 1e-9);
    if (is_changed || world.weights.empty()) RC_ASSERT(off < 1 + 1e-9);
  }
}

void share_of_ranges(const PlacementWorld& world, const KeyMap& map, const Counts& counts,
                     bool is_changed) {
  if (!is_changed) return;
  const Counts weights = weights_in(world, map);
  std::size_t emptiest = 0;
  for (std::size_t node = 1; node < counts.size(); ++node) {
    if (counts[node] * weights[emptiest] < counts[emptiest] * weights[node]) emptiest = node;
  }
  for (std::size_t node = 0; node < counts.size(); ++node) {
    RC_ASSERT(counts[node] * weights[emptiest] <= (counts[emptiest] + 50) * weights[node]);
  }
}

}  // namespace shardproof::distribution
