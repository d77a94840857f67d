// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/campaign/failure.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim::campaign {

/// Whether a claim that failed in `original` still says the same in `candidate`. An invariant holds
/// in any cluster; an expectation is about the one that it was written for, and of another it may
/// be wrong for no interesting reason ("nodes.alive == 5" of three nodes). So what it is about
/// stays:
///
/// - the nodes and their domains, the collections, and the traffic if clients or their requests are
///   measured;
/// - where the value was too low from the start also the traffic, operators' orders and the
///   duration, without which nothing would ever raise it; only what may have been in the way can
///   go;
/// - of a claim about the end of the run the time between the last event and that end, in which it
///   was to come true.
///
/// Of an invariant, or what else is no expectation, everything may go. O(size of the scenarios).
bool is_within_scope(const ScenarioSpec& candidate, const ScenarioSpec& original,
                     const Failure& failure);

}  // namespace shardproof::sim::campaign
