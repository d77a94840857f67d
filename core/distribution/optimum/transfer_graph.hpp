// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof::distribution {

/// One copy that goes from one node to another one.
struct Transfer {
  NodeId source{};
  NodeId target{};
  Bytes bytes{};
};

/// What is to be scheduled: a multigraph whose edges are transfers and whose vertices are nodes, by
/// node index. A node takes part in at most `capacities` transfers at once, as source or target;
/// each is at least 1.
struct TransferGraph {
  std::vector<std::uint32_t> capacities;
  std::vector<Transfer> transfers;
};

/// The transfers of the plan in its order, without the leader transfers, which copy nothing; every
/// node with the same capacity. That the moves of one shard follow each other is not in the graph.
TransferGraph transfer_graph(const Plan& plan, std::size_t nodes, std::uint32_t capacity);

/// Number of transfers of each node, by node index. O(nodes + transfers).
std::vector<std::uint32_t> degrees(const TransferGraph& graph);

/// Transfers by index in the graph, in rounds that take one unit of time each.
struct RoundSchedule {
  std::vector<std::vector<std::uint32_t>> rounds;

  std::size_t length() const { return rounds.size(); }
};

/// The rounds of a colouring: transfer i is in round colours[i] of `count`, the empty ones left
/// out. Inside a round in the order of the transfers.
RoundSchedule rounds_of(const std::vector<std::uint32_t>& colours, std::size_t count);

/// What is wrong with the schedule: a transfer that is missing or there twice, or a round in which
/// a node is over its capacity; empty if it is valid. O(nodes * rounds + transfers).
std::string flaw_of(const TransferGraph& graph, const RoundSchedule& schedule);

}  // namespace shardproof::distribution
