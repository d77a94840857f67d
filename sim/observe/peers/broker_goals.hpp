// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/observe/peers/cruise_control.hpp"
#include "sim/observe/peers/peer_state.hpp"

namespace shardproof::sim::peers {

/// Which of Cruise Control's goals (analyzer.goals) the members are in breach of, in its order.
///
/// Hard: racks; at most 10,000 replicas of a broker; disks, networks in and out, and processors
/// used to 80 % at most. Then, every broker within 10 % of its share: replicas; what brokers would
/// send if they led all that they hold, which is to stay below 80 % of the network; use of disks,
/// of networks in and out, of processors; replicas of each topic, up to three times the mean;
/// leaders. What cannot be told is not among them: use of what has no limit, and use over time as
/// long as no time has passed. Bytes that come in to leaders are not told apart from those to
/// followers, so that the last goal, of leaders' bytes in, is not there.
///
/// Source: LinkedIn Cruise Control, thresholds 1.1, 0.8 and, of topics, 3.0. O(members * topics).
std::vector<Goal> broker_goals(const PeerState& state);

/// By member: bytes within `flow_window` that it would send if it led all that it holds.
std::vector<std::uint64_t> potential_nw_out(const PeerState& state);

}  // namespace shardproof::sim::peers
