// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/comparison_result.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

/// P(X <= k) of X ~ Bin(n, 1/2), term by term from the largest, so that nothing overflows.
double half_binomial_tail(std::uint64_t k, std::uint64_t n) {
  // 2^-n as repeated halves would vanish beyond n = 1074: the terms are scaled as they grow.
  double term = 1;  // C(n, 0), over `scale`
  double sum = 1;
  std::uint64_t halves = n;
  for (std::uint64_t i = 1; i <= k; ++i) {
    term *= static_cast<double>(n - i + 1) / static_cast<double>(i);
    sum += term;
    while (sum > 1 && halves > 0) {
      term /= 2;
      sum /= 2;
      --halves;
    }
  }
  for (; halves > 0 && sum > 0; --halves) sum /= 2;
  return sum;
}

}  // namespace

PairedDifference paired_difference(const std::vector<std::optional<double>>& a,
                                   const std::vector<std::optional<double>>& b) {
  SHARDPROOF_CHECK(a.size() == b.size());
  PairedDifference difference;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a[i] || !b[i]) continue;
    difference.lower += *a[i] < *b[i];
    difference.higher += *a[i] > *b[i];
    difference.same += *a[i] == *b[i];
  }
  const std::uint64_t n = difference.lower + difference.higher;
  if (n == 0) return difference;
  const std::uint64_t fewer = std::min(difference.lower, difference.higher);
  difference.p = std::min(1.0, 2 * half_binomial_tail(fewer, n));
  return difference;
}

std::optional<double> median_of(std::vector<std::optional<double>> values) {
  std::erase(values, std::nullopt);
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  if (values.size() % 2 == 1) return values[half];
  return (*values[half - 1] + *values[half]) / 2;
}

std::vector<std::optional<double>> values_of(const ComparedSide& side, std::size_t metric) {
  std::vector<std::optional<double>> values;
  for (const ComparedRun& run : side.runs) values.push_back(run.values.at(metric));
  return values;
}

}  // namespace shardproof::sim
