// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/pd.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/wide.hpp"
#include "core/distribution/rebalance/region_score.hpp"

namespace shardproof::sim::peers {

double leader_score(double leaders, double delta, double weight) {
  return (leaders + delta) / weight;
}

double region_score(Bytes regions, Bytes capacity, Bytes available, double weight) {
  const auto score = static_cast<double>(distribution::region_score(capacity, available, regions));
  return std::ldexp(score, -52) / weight;
}

std::uint64_t distinct_score(std::span<const Location> others, const Location& store) {
  constexpr std::uint64_t kReplicaBaseScore = 100;
  std::uint64_t score = 0;
  for (const Location& other : others) {
    const auto [differs, ignored] = std::mismatch(other.begin(), other.end(), store.begin());
    if (differs == other.end()) continue;
    std::uint64_t part = 1;
    for (auto label = differs + 1; label != other.end(); ++label) part *= kReplicaBaseScore;
    score += part;
  }
  return score;
}

std::optional<bool> is_uniform(Loads loads) {
  if (loads.empty() || total_of(loads) == 0) return std::nullopt;
  const double mean = mean_of(loads);
  return largest_of(loads) <= 1.05 * mean && smallest_of(loads) >= 0.95 * mean;
}

namespace {

bool is_at_least(std::uint64_t amount, std::uint64_t per_second, Nanoseconds window) {
  return static_cast<UInt128>(amount) * 1'000'000'000 >=
         static_cast<UInt128>(per_second) * static_cast<UInt128>(window.count());
}

}  // namespace

bool is_hot_read(const FlowTally::ShardFlow& flow, Nanoseconds window) {
  return is_at_least(flow.reads, 128, window) || is_at_least(flow.read_b, 8 * 1024, window);
}

bool is_hot_write(const FlowTally::ShardFlow& flow, Nanoseconds window) {
  return is_at_least(flow.writes, 32, window) || is_at_least(flow.write_b, 1024, window);
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
