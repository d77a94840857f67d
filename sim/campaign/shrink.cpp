// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/shrink.hpp"

#include "sim/campaign/passes.hpp"

namespace shardproof::sim::campaign {
namespace {

/// All passes, cheap ones that cut much first, until none finds anything.
void reduce(Search& search) {
  std::uint64_t steps = 0;
  do {
    steps = search.steps();
    truncate(search);
    drop_expectations(search);
    drop_events(search);
    drop_traffic(search);
    drop_collections(search);
    reset_settings(search);
    drop_nodes(search);
    simplify_traffic(search);
    simplify_conditions(search);
    lower_numbers(search);
    close_gaps(search);
  } while (search.steps() != steps && !search.is_over());
}

}  // namespace

Shrunk shrink(const ScenarioSpec& spec, std::optional<Nanoseconds> failed_at,
              const Reproduces& reproduces, const ShrinkOptions& options) {
  Search search(spec, failed_at, reproduces, options);
  reduce(search);
  search.use_other_seeds();
  reduce(search);
  round_times(search);
  truncate(search);
  return {search.current(), search.runs(), !search.is_over()};
}

}  // namespace shardproof::sim::campaign
