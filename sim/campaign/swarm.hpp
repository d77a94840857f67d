// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// The scenario of a seed: a small cluster of any shape, some data and traffic, a few of the faults
/// and operators' commands that there are, and timings to fit. Each kind of fault is left out of
/// half of the scenarios, so that some do much of one thing that in a mixture of everything would
/// not come about (swarm testing: Groce, Zhang, Eide, Chen, Regehr, ISSTA 2012, section 3).
///
/// It is one that the reader accepts when it is printed: names and numbers are of things that
/// exist, faults end before the run does or with it. Clocks drift within what
/// `protocol.clock_error` allows for a lease, and one disk at most is lost or damaged, where each
/// shard has other copies: whatever a check finds in it is a bug, in the core or in the check.
///
/// Draws from the streams ("swarm", i, purpose) of the seed; the run itself has `seed` as its own.
ScenarioSpec make_swarm(std::uint64_t seed);

/// The same with a safety rule switched off (`core/rules.hpp`): something should fall.
ScenarioSpec make_swarm_without(std::string_view rule, std::uint64_t seed);

/// The same faults, commands, network, disks, clocks and tie order around a scenario's own cluster,
/// data, traffic, timings and events. Its expectations are left out: they are of another
/// experiment.
ScenarioSpec make_swarm_around(const ScenarioSpec& base, std::uint64_t seed);

}  // namespace shardproof::sim
