// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/passes.hpp"

namespace shardproof::sim::campaign {
namespace {

/// An edit of the faults of one family, if there still are some.
template <typename Change>
Edit of_family(std::size_t family, Change change) {
  return [family, change](ScenarioSpec& spec) {
    if (spec.chaos.faults[family]) change(*spec.chaos.faults[family]);
  };
}

/// Faults half as often, as long as the scenario fails and one is to be expected.
void halve_rate(Search& search, std::size_t family) {
  const auto is_rare = [&](const ChaosFault& fault) {
    return static_cast<Int128>(fault.rate.count) * search.current().duration.count() <=
           fault.rate.per.count();
  };
  std::uint64_t steps = 0;
  do {
    steps = search.steps();
    const auto& fault = search.current().chaos.faults[family];
    if (!fault || is_rare(*fault)) return;
    search.try_edit(of_family(
        family, [](ChaosFault& one) { one.rate = Rate::of(one.rate.count, one.rate.per * 2); }));
  } while (search.steps() != steps && !search.is_over());
}

}  // namespace

void drop_chaos(Search& search) {
  if (search.current().chaos.empty()) return;
  search.try_edit([](ScenarioSpec& spec) { spec.chaos = ChaosSpec{}; }, search.seeds_for(2));
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    edits.push_back([i](ScenarioSpec& spec) { spec.chaos.faults[i].reset(); });
  }
  search.try_each(edits, search.seeds_for(kChaosFamilies));
}

void simplify_chaos(Search& search) {
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    if (!search.current().chaos.faults[i]) continue;
    halve_rate(search, i);
    search.try_edit(of_family(i, [](ChaosFault& fault) {
      fault.duration = DelayDistribution::constant(mean(fault.duration));
    }));
    search.try_edit(of_family(i, [](ChaosFault& fault) { fault.calm = Nanoseconds(0); }));
  }
}

}  // namespace shardproof::sim::campaign
