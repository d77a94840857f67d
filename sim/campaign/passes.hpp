// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/campaign/search.hpp"

/// The passes of shrinking: each tries one kind of simplification all over the current scenario.
namespace shardproof::sim::campaign {

// Parts (part_passes.cpp).

/// Events of the same time in the order of their scheduling. Where that is drawn, whatever is cut
/// off changes all draws behind it.
void order_ties(Search& search);
/// Ends the run just behind the failure, if it is one that shows before the end.
void truncate(Search& search);
void drop_expectations(Search& search);
/// All events at once, all events of one action, then delta debugging.
void drop_events(Search& search);
/// All random faults at once, then those of each family.
void drop_chaos(Search& search);
/// All versions of the software but the first, then each.
void drop_versions(Search& search);
void drop_traffic(Search& search);
void drop_collections(Search& search);
void drop_nodes(Search& search);

// Values (value_passes.cpp).

/// Whole tables of the world and the policy, then single keys, of events' actions too.
void reset_settings(Search& search);
/// Versions of the software that differ in less from what the scenario says.
void simplify_versions(Search& search);
void simplify_traffic(Search& search);
void simplify_conditions(Search& search);
/// Fewer random faults, and such of a fixed duration (chaos_passes.cpp).
void simplify_chaos(Search& search);
void lower_numbers(Search& search);
/// Brings the `[[at]]` events closer to the start and to each other.
void close_gaps(Search& search);
/// Gives times fewer digits. Does not go with `close_gaps` in a loop, which it may undo.
void round_times(Search& search);

}  // namespace shardproof::sim::campaign
