// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/shrink.hpp"

#include "sim/campaign/passes.hpp"

namespace shardproof::sim::campaign {
namespace {

/// Calls `passes` until they find nothing more.
template <typename Passes>
void repeat(Search& search, Passes&& passes) {
  std::uint64_t steps = 0;
  do {
    steps = search.steps();
    passes();
  } while (search.steps() != steps && !search.is_over());
}

/// Only what happens. A bug that shows by chance gets rarer with less load and fewer nodes, so
/// these stay as long as there are events that can go.
void reduce_events(Search& search) {
  repeat(search, [&] {
    order_ties(search);
    truncate(search);
    drop_expectations(search);
    drop_events(search);
    drop_chaos(search);
  });
}

/// All passes, those that cut much first.
void reduce(Search& search) {
  repeat(search, [&] {
    truncate(search);
    drop_expectations(search);
    drop_events(search);
    drop_chaos(search);
    drop_versions(search);
    drop_traffic(search);
    drop_collections(search);
    reset_settings(search);
    drop_nodes(search);
    simplify_versions(search);
    simplify_traffic(search);
    simplify_conditions(search);
    simplify_chaos(search);
    lower_numbers(search);
    close_gaps(search);
  });
}

}  // namespace

Shrunk shrink(const ScenarioSpec& spec, std::optional<Nanoseconds> failed_at,
              const Reproduces& reproduces, const ShrinkOptions& options) {
  Search search(spec, failed_at, reproduces, options);
  search.use_other_seeds(true);
  reduce_events(search);
  search.use_other_seeds(false);
  reduce(search);
  search.use_other_seeds(true);
  reduce(search);
  round_times(search);
  truncate(search);
  return {search.current(), search.runs(), !search.is_over()};
}

}  // namespace shardproof::sim::campaign
