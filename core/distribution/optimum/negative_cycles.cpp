// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/negative_cycles.hpp"

#include <algorithm>

#include "core/distribution/optimum/cycle_search.hpp"

namespace shardproof::distribution {
namespace {

void apply(FlowState& flow, const Pass& pass) {
  flow.move(flow.copy_on(pass.shard, pass.source), pass.target);
}

bool holds(const FlowState& flow, std::uint32_t shard, std::uint32_t node) {
  const auto places = flow.places_of(shard);
  return std::find(places.begin(), places.end(), node) != places.end();
}

bool is_legal(const FlowState& flow, const Pass& pass) {
  return holds(flow, pass.shard, pass.source) &&
         flow.may_go(flow.copy_on(pass.shard, pass.source), pass.target);
}

/// Applies the passes if each is legal after those before it and the cost falls; else nothing has
/// changed.
bool apply_if_better(FlowState& flow, const PassCycle& cycle) {
  const FlowCost before = flow.cost();
  std::size_t done = 0;
  while (done < cycle.size() && is_legal(flow, cycle[done])) apply(flow, cycle[done++]);
  if (done == cycle.size() && flow.cost() < before) return true;
  while (done > 0) {
    const Pass& pass = cycle[--done];
    apply(flow, {pass.shard, pass.target, pass.source});
  }
  return false;
}

/// The two cycles that a cycle falls into where it uses a shard twice: in each, one source of the
/// shard's goes on to the other's target.
std::pair<PassCycle, PassCycle> cut(const PassCycle& cycle, std::size_t first, std::size_t second) {
  const auto at = [&](std::size_t i) { return cycle.begin() + static_cast<std::ptrdiff_t>(i); };
  PassCycle outer(cycle.begin(), at(first));
  outer.push_back({cycle[first].shard, cycle[first].source, cycle[second].target});
  outer.insert(outer.end(), at(second + 1), cycle.end());
  PassCycle inner(at(first + 1), at(second));
  inner.push_back({cycle[first].shard, cycle[second].source, cycle[first].target});
  return {outer, inner};
}

/// Cancels the cycle, or one that is part of it: where two passes of a shard use the same room of a
/// domain, the walk is not simple in the network, and one of the two cycles it consists of is
/// negative. O(passes^2) where that happens.
bool cancel(FlowState& flow, const PassCycle& cycle) {
  if (apply_if_better(flow, cycle)) return true;
  for (std::size_t first = 0; first < cycle.size(); ++first) {
    for (std::size_t second = first + 1; second < cycle.size(); ++second) {
      if (cycle[first].shard != cycle[second].shard) continue;
      const auto [outer, inner] = cut(cycle, first, second);
      if (cancel(flow, outer) || cancel(flow, inner)) return true;
    }
  }
  return false;
}

}  // namespace

CycleCancelling cancel_negative_cycles(FlowState& flow, std::uint64_t searches_max) {
  CycleCancelling result;
  while (result.searches < searches_max) {
    ++result.searches;
    const std::vector<PassCycle> cycles = CycleSearch(flow).run();
    result.is_proven = cycles.empty();
    bool cancelled = false;
    for (const PassCycle& cycle : cycles) cancelled |= cancel(flow, cycle);
    if (!cancelled) break;
  }
  return result;
}

}  // namespace shardproof::distribution
