// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/pd.hpp"

#include <cmath>

#include "core/base/fixed_log.hpp"

namespace shardproof::sim::peers {
namespace {

constexpr std::uint64_t kGib = std::uint64_t{1} << 30;

double gib(std::uint64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(kGib); }

/// Of a number of GiB.
double ln_gib(std::uint64_t bytes) {
  return std::ldexp(static_cast<double>(ln_ratio_q48(bytes, kGib)), -48);
}

}  // namespace

double leader_score(double leaders, double delta, double weight) {
  return (leaders + delta) / weight;
}

double region_score(double region_mib, const RegionSpace& space) {
  constexpr double kK = 1;
  constexpr double kM = 256;
  constexpr double kB = 1e10;
  const std::uint64_t capacity = space.capacity.count();
  const std::uint64_t available = space.available.count();
  if (available >= capacity || capacity < kGib) return region_mib / space.weight;
  const std::uint64_t low = capacity - space.low_space_ratio.of(capacity);
  const std::uint64_t full = std::max(50 * kGib, low);
  const double c = gib(capacity);
  const double a = gib(available);
  const double f = gib(full);
  if (available > full) {
    const double steep = (ln_gib(capacity) - ln_gib(available - full + kGib)) / (c - a + f - 1);
    return (kK + kM * steep) * region_mib / space.weight;
  }
  return ((kK + kM * ln_gib(capacity) / c) * region_mib + kB * (f - a) / f) / space.weight;
}

std::optional<bool> is_uniform(Loads loads) {
  if (loads.empty() || total_of(loads) == 0) return std::nullopt;
  const double mean = mean_of(loads);
  return largest_of(loads) <= 1.05 * mean && smallest_of(loads) >= 0.95 * mean;
}

std::optional<std::uint64_t> hot_difference(Loads hot_regions) {
  if (hot_regions.empty()) return std::nullopt;
  const auto [least, most] = std::minmax_element(hot_regions.begin(), hot_regions.end());
  return *most - *least;
}

std::optional<double> import_deviation(Loads loads) {
  const double total = total_of(loads);
  if (loads.size() != 10 || total == 0) return std::nullopt;
  double sum = 0;
  for (const std::uint64_t load : loads) {
    const double off = 100 * static_cast<double>(load) / total - 10;
    sum += off * off;
  }
  return sum / 100;
}

}  // namespace shardproof::sim::peers
