// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/scylla.hpp"

#include "core/base/check.hpp"
#include "core/base/wide.hpp"

namespace shardproof::sim::peers {

std::optional<double> overcommit(Loads loads, Loads capacities) {
  SHARDPROOF_CHECK(loads.size() == capacities.size());
  const double total = total_of(loads);
  if (loads.empty() || total == 0) return std::nullopt;
  const std::vector<double> ideal = shares_of(total, capacities);
  double most = 0;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    most = std::max(most, static_cast<double>(loads[i]) / ideal[i]);
  }
  return most;
}

std::vector<std::uint64_t> pack_largest_first(std::vector<Tablet> tablets, Loads capacities) {
  std::stable_sort(tablets.begin(), tablets.end(),
                   [](const Tablet& a, const Tablet& b) { return a.bytes > b.bytes; });
  std::vector<std::uint64_t> loads(capacities.size());
  std::vector<bool> has_one(capacities.size());
  // Fullness by capacity once the tablet is there, compared crosswise.
  const auto is_emptier = [&](std::size_t a, std::size_t b, std::uint64_t bytes) {
    return static_cast<UInt128>(loads[a] + bytes) * capacities[b] <
           static_cast<UInt128>(loads[b] + bytes) * capacities[a];
  };
  for (const Tablet& tablet : tablets) {
    std::fill(has_one.begin(), has_one.end(), false);
    for (std::uint32_t copy = 0; copy < tablet.copies && copy < loads.size(); ++copy) {
      std::size_t best = loads.size();
      for (std::size_t i = 0; i < loads.size(); ++i) {
        if (has_one[i]) continue;
        if (best == loads.size() || is_emptier(i, best, tablet.bytes)) best = i;
      }
      has_one[best] = true;
      loads[best] += tablet.bytes;
    }
  }
  return loads;
}

std::optional<double> best_overcommit(std::vector<Tablet> tablets, Loads capacities) {
  return overcommit(pack_largest_first(std::move(tablets), capacities), capacities);
}

std::optional<double> size_imbalance(Loads loads) {
  if (loads.empty() || total_of(loads) == 0) return std::nullopt;
  return (largest_of(loads) - smallest_of(loads)) / largest_of(loads);
}

}  // namespace shardproof::sim::peers
