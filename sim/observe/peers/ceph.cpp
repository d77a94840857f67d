// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/ceph.hpp"

#include <cmath>
#include <numbers>

#include "core/base/check.hpp"

namespace shardproof::sim::peers {

std::optional<PgStats> pg_stats(Loads pgs) {
  if (pgs.empty() || total_of(pgs) == 0) return std::nullopt;
  const auto n = static_cast<double>(pgs.size());
  PgStats stats;
  stats.avg = mean_of(pgs);
  double squares = 0;
  for (const std::uint64_t count : pgs) {
    const double off = static_cast<double>(count) - stats.avg;
    squares += off * off;
  }
  stats.stddev = std::sqrt(squares / n);
  stats.stddev_over_avg = stats.stddev / stats.avg;
  stats.expected_stddev = std::sqrt(stats.avg * (1 - 1 / n));
  stats.min = smallest_of(pgs);
  stats.max = largest_of(pgs);
  return stats;
}

std::optional<double> upmap_deviation(Loads pgs, Loads weights) {
  SHARDPROOF_CHECK(pgs.size() == weights.size());
  if (pgs.empty()) return std::nullopt;
  const std::vector<double> target = shares_of(total_of(pgs), weights);
  double most = 0;
  for (std::size_t i = 0; i < pgs.size(); ++i) {
    most = std::max(most, std::fabs(static_cast<double>(pgs[i]) - target[i]));
  }
  return most;
}

std::optional<double> read_balance_score(Loads primaries) {
  if (primaries.empty() || total_of(primaries) == 0) return std::nullopt;
  return largest_of(primaries) / mean_of(primaries);
}

double error_function(double x) {
  if (x >= 6) return 1;
  // 2/sqrt(pi) e^(-x^2) sum (2x^2)^k x / (1 3 5 .. (2k + 1)) has positive terms only; here without
  // the exponential, whose series is the sum of x^(2k) / k!, so that nothing cancels.
  double term = x;
  double sum = x;
  double power = 1;
  double exponential = 1;
  for (int k = 1; k < 200; ++k) {
    term *= 2 * x * x / (2 * k + 1);
    sum += term;
    power *= x * x / k;
    exponential += power;
  }
  return 2 * std::numbers::inv_sqrtpi * sum / exponential;
}

double mgr_score(Loads loads, Loads weights) {
  SHARDPROOF_CHECK(loads.size() == weights.size());
  const double total = total_of(loads);
  if (total == 0) return 0;
  const double all_weights = total_of(weights);
  double score = 0;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const double part = static_cast<double>(weights[i]) / all_weights;
    const double above = static_cast<double>(loads[i]) / (part * total) - 1;
    if (above <= 0) continue;
    score += part * error_function(above * std::numbers::sqrt2 / 2);
  }
  // The module divides by max(sum of these parts, 1), which is 1.
  return score;
}

double misplaced_ratio(std::span<const std::vector<std::uint32_t>> before,
                       std::span<const std::vector<std::uint32_t>> after) {
  SHARDPROOF_CHECK(before.size() == after.size());
  std::uint64_t misplaced = 0;
  for (std::size_t i = 0; i < before.size(); ++i) misplaced += before[i] != after[i] ? 1 : 0;
  return misplaced_ratio(misplaced, before.size());
}

double misplaced_ratio(std::uint64_t misplaced, std::uint64_t pgs) {
  return pgs == 0 ? 0 : static_cast<double>(misplaced) / static_cast<double>(pgs);
}

}  // namespace shardproof::sim::peers
