// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/skew.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/fixed_log.hpp"
#include "sim/observe/skew_width.hpp"

namespace shardproof::sim {
namespace {

/// Weighed loads are given so many bits, so that small counts lose nothing that shows.
constexpr unsigned kScaledWidth = 50;

/// The square root of a b / (c d). Where a product does not fit, `b` and `d` lose their last bits,
/// of which they have more than 64 then.
ExactValue root_of_products(UInt128 a, UInt128 b, UInt128 c, UInt128 d) {
  while (width_of(a) + width_of(b) > 128 || width_of(c) + width_of(d) > 128) {
    b >>= 1;
    d >>= 1;
  }
  return ExactValue::square_root(a * b, c * d);
}

/// Sums over sorted loads, as far as n T^2 fits.
struct Sums {
  UInt128 total = 0;
  UInt128 squares = 0;
  UInt128 below = 0;  ///< sum of (n + 1 - i) x_(i): what comes before, counted at each place
  UInt128 above = 0;  ///< sum of n x_i - T over those above the mean
};

Sums sums_of(const std::vector<std::uint64_t>& sorted, UInt128 total) {
  Sums sums;
  sums.total = total;
  const UInt128 n = sorted.size();
  UInt128 running = 0;
  for (const std::uint64_t load : sorted) {
    sums.squares += static_cast<UInt128>(load) * load;
    running += load;
    sums.below += running;
    if (n * load > total) sums.above += n * load - total;
  }
  return sums;
}

Skew skew_of_sorted(const std::vector<std::uint64_t>& sorted, const Sums& sums, bool is_exact) {
  const UInt128 n = sorted.size();
  const UInt128 total = sums.total;
  const std::size_t p99 = (sorted.size() * 99 + 99) / 100 - 1;
  // n sum x^2 - T^2 = n sum (x - m)^2.
  const UInt128 spread = n * sums.squares - total * total;
  // sum (2i - n - 1) x_(i) = (n + 1) T - 2 sum (n + 1 - i) x_(i).
  const UInt128 gini = (n + 1) * total - 2 * sums.below;
  Skew skew{ExactValue::fraction(n * sorted.back(), total),
            ExactValue::fraction(n * sorted.front(), total),
            ExactValue::fraction(n * (sorted.back() - sorted.front()), total),
            ExactValue::fraction(n * sorted[p99], total),
            ExactValue::square_root(spread, total * total),
            ExactValue::fraction(gini, n * total),
            ExactValue::fraction(total * total, n * sums.squares),
            ExactValue::fraction(sums.above, n * total)};
  if (is_exact) skew.chi_square = ExactValue::fraction(spread, total);
  if (n == 1) return skew;
  skew.cv_sample = root_of_products(n, spread, n - 1, total * total);
  if (is_exact) skew.over_chance = ExactValue::fraction(spread, (n - 1) * total);
  return skew;
}

/// T fits into 64 bits, since n T^2 fits into 128; a logarithm needs 54.
void add_logarithms(Skew& skew, const std::vector<std::uint64_t>& sorted, UInt128 total) {
  const auto sum = static_cast<std::uint64_t>(total);
  UInt128 entropy_q48 = 0;
  for (const std::uint64_t load : sorted) {
    if (load == 0) continue;
    entropy_q48 += static_cast<UInt128>(load) * static_cast<std::uint64_t>(ln_ratio_q48(sum, load));
  }
  const auto most_q48 = static_cast<std::uint64_t>(ln_ratio_q48(sorted.size(), 1));
  const UInt128 most = total * most_q48;
  entropy_q48 = std::min(entropy_q48, most);  // roundings may lift it above ln n
  skew.theil = ExactValue::fraction(most - entropy_q48, total << 48);
  if (sorted.size() > 1) skew.entropy = ExactValue::fraction(entropy_q48, most);
}

std::optional<Skew> measured(std::span<const std::uint64_t> loads, SkewDetail detail,
                             bool are_counts) {
  std::vector<std::uint64_t> sorted(loads.begin(), loads.end());
  std::sort(sorted.begin(), sorted.end());
  const auto sum = [&] { return std::accumulate(sorted.begin(), sorted.end(), UInt128{0}); };
  const unsigned shift = shift_for(sum(), sorted.size());
  for (std::uint64_t& load : sorted) load >>= shift;
  const UInt128 total = sum();
  if (total == 0) return std::nullopt;
  Skew skew = skew_of_sorted(sorted, sums_of(sorted, total), are_counts && shift == 0);
  if (detail == SkewDetail::kLogarithms) add_logarithms(skew, sorted, total);
  return skew;
}

}  // namespace

std::optional<Skew> skew_of(std::span<const std::uint64_t> loads, SkewDetail detail) {
  return measured(loads, detail, true);
}

std::optional<ExactValue> figure_of(const Skew& skew, SkewMeasure measure) {
  switch (measure) {
    case SkewMeasure::kMaxOverMean: return skew.max_over_mean;
    case SkewMeasure::kMinOverMean: return skew.min_over_mean;
    case SkewMeasure::kRangeOverMean: return skew.range_over_mean;
    case SkewMeasure::kP99OverMean: return skew.p99_over_mean;
    case SkewMeasure::kCv: return skew.cv;
    case SkewMeasure::kCvSample: return skew.cv_sample;
    case SkewMeasure::kGini: return skew.gini;
    case SkewMeasure::kJain: return skew.jain;
    case SkewMeasure::kHoover: return skew.hoover;
    case SkewMeasure::kTheil: return skew.theil;
    case SkewMeasure::kEntropy: return skew.entropy;
    case SkewMeasure::kChiSquare: return skew.chi_square;
    case SkewMeasure::kOverChance: return skew.over_chance;
  }
  SHARDPROOF_CHECK(false, "measure {}", static_cast<int>(measure));
  return {};
}

std::optional<Skew> weighted_skew_of(std::span<const std::uint64_t> loads,
                                     std::span<const std::uint64_t> weights, SkewDetail detail) {
  SHARDPROOF_CHECK(loads.size() == weights.size());
  if (loads.empty()) return std::nullopt;
  const UInt128 widest = *std::max_element(weights.begin(), weights.end());
  UInt128 largest = 0;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    largest = std::max(largest, loads[i] * widest / weights[i]);
  }
  const unsigned width = width_of(largest);
  const unsigned shift = width < kScaledWidth ? kScaledWidth - width : 0;
  // A node far beyond what its weight is made for: all are made smaller together.
  const unsigned halved = width > 64 ? width - 64 : 0;
  std::vector<std::uint64_t> scaled;
  scaled.reserve(loads.size());
  for (std::size_t i = 0; i < loads.size(); ++i) {
    scaled.push_back(
        static_cast<std::uint64_t>(((loads[i] * widest << shift) / weights[i]) >> halved));
  }
  return measured(scaled, detail, false);
}

}  // namespace shardproof::sim
