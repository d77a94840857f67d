// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/skew.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <vector>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

unsigned width_of(UInt128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  if (high != 0) return 64 + static_cast<unsigned>(std::bit_width(high));
  return static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(value)));
}

/// By how many bits loads of total `total` on `n` nodes are shifted so that n T^2 fits.
unsigned shift_for(UInt128 total, std::size_t n) {
  const unsigned width = 2 * width_of(total) + static_cast<unsigned>(std::bit_width(n));
  return width <= 128 ? 0 : (width - 128 + 1) / 2;
}

Skew skew_of_sorted(const std::vector<std::uint64_t>& sorted, UInt128 total) {
  const UInt128 n = sorted.size();
  UInt128 squares = 0;
  UInt128 below = 0;  // sum of (n + 1 - i) x_(i): what comes before, counted at each place
  UInt128 running = 0;
  for (const std::uint64_t load : sorted) {
    squares += static_cast<UInt128>(load) * load;
    running += load;
    below += running;
  }
  // sum (2i - n - 1) x_(i) = (n + 1) T - 2 sum (n + 1 - i) x_(i).
  const UInt128 gini = (n + 1) * total - 2 * below;
  return {ExactValue::fraction(n * sorted.back(), total),
          ExactValue::fraction(n * sorted.front(), total),
          ExactValue::square_root(n * squares - total * total, total * total),
          ExactValue::fraction(gini, n * total)};
}

}  // namespace

std::string_view to_string(SkewDimension dimension) {
  switch (dimension) {
    case SkewDimension::kShards: return "shards";
    case SkewDimension::kLeaders: return "leaders";
    case SkewDimension::kBytes: return "bytes";
    case SkewDimension::kRequests: return "requests";
  }
  SHARDPROOF_CHECK(false, "dimension {}", static_cast<int>(dimension));
  return {};
}

std::optional<Skew> skew_of(std::span<const std::uint64_t> loads) {
  std::vector<std::uint64_t> sorted(loads.begin(), loads.end());
  std::sort(sorted.begin(), sorted.end());
  const auto sum = [&] { return std::accumulate(sorted.begin(), sorted.end(), UInt128{0}); };
  const unsigned shift = shift_for(sum(), sorted.size());
  for (std::uint64_t& load : sorted) load >>= shift;
  const UInt128 total = sum();
  if (total == 0) return std::nullopt;
  return skew_of_sorted(sorted, total);
}

std::optional<Skew> weighted_skew_of(std::span<const std::uint64_t> loads,
                                     std::span<const std::uint64_t> weights) {
  SHARDPROOF_CHECK(loads.size() == weights.size());
  if (loads.empty()) return std::nullopt;
  const std::uint64_t widest = *std::max_element(weights.begin(), weights.end());
  std::vector<std::uint64_t> scaled;
  scaled.reserve(loads.size());
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const UInt128 load = static_cast<UInt128>(loads[i]) * widest / weights[i];
    SHARDPROOF_CHECK(load >> 64 == 0, "load {} of weight {}", loads[i], weights[i]);
    scaled.push_back(static_cast<std::uint64_t>(load));
  }
  return skew_of(scaled);
}

}  // namespace shardproof::sim
