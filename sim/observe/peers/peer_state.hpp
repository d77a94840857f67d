// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/units.hpp"
#include "sim/observe/exact_value.hpp"
#include "sim/observe/flow_tally.hpp"
#include "sim/observe/peers/fdb.hpp"
#include "sim/observe/peers/pd.hpp"
#include "sim/observe/peers/pd_transfers.hpp"
#include "sim/observe/peers/scylla.hpp"
#include "sim/observe/store_tally.hpp"

namespace shardproof::sim::peers {

/// One collection: what each member has of it.
struct Table {
  std::vector<std::uint64_t> copies;
  std::vector<std::uint64_t> bytes;
};

/// One shard: who has a copy in the table, by place among the members, and what flowed to and from
/// it within `flow_window`.
struct Region {
  std::optional<std::uint32_t> leader;
  std::vector<std::uint32_t> peers;  ///< learners too
  FlowTally::ShardFlow flow;
};

/// What a run came to.
struct RunCounts {
  std::uint64_t shards = 0;
  std::uint64_t misplaced = 0;  ///< whose in-sync set is another one than they began with
  std::uint64_t replica_movements = 0;
  std::uint64_t leader_movements = 0;
  std::uint64_t bytes_to_move = 0;
  std::uint64_t plans = 0;
  std::uint64_t planned_moves = 0;
  Relocations relocations;
  Latencies latencies;
  OvercommitHistory overcommit;
};

/// What other systems' figures are computed from. Vectors of members are all of the same length and
/// order.
struct PeerState {
  std::vector<std::uint64_t> copies;
  std::vector<std::uint64_t> leaders;
  std::vector<std::uint64_t> bytes;      ///< of documents
  std::vector<std::uint64_t> documents;  ///< how many, tombstones left out
  std::vector<std::uint64_t> requests;
  std::vector<std::uint64_t> cpu;  ///< nanoseconds that the processor was busy within `window`
  Nanoseconds window;
  std::vector<std::uint64_t> disk_used;
  std::vector<std::uint64_t> disks;  ///< sizes; empty if one is unlimited
  std::vector<Location> locations;
  std::vector<StoreTally::Store> stores;
  std::vector<std::uint64_t> recent_write_b;  ///< within `window`
  std::vector<std::uint64_t> network_in;      ///< bytes within `flow_window`
  std::vector<std::uint64_t> network_out;
  std::vector<std::uint64_t> networks;  ///< bandwidths; empty if one is unlimited
  Nanoseconds flow_window;
  std::vector<Table> tables;
  std::vector<Tablet> shards;
  /// By shard, members by their places that hold an in-sync copy.
  std::vector<std::vector<std::uint32_t>> replica_sets;
  std::vector<Region> regions;
  bool shares_domains = false;  ///< some shard's copies share a domain without need
  /// Of a run, or a plan: nothing of a mere state.
  std::optional<TransferCounter> transfers{};
  std::optional<std::uint64_t> bytes_moved{};
  std::optional<RunCounts> run{};
  std::optional<ExactValue> lease_thrash_pct{};
  std::optional<ExactValue> replica_thrash_pct{};
  std::optional<ExactValue> qps_thrash_pct{};
  std::optional<ExactValue> cpu_thrash_pct{};
};

/// Figures by the metric's name.
using PeerFigures = std::map<std::string, std::optional<ExactValue>, std::less<>>;

/// By the metric's name, "peers.SYSTEM.FIGURE"; nothing where it cannot be computed. Those that
/// weigh by capacity take the disks, or else the same for all; those that are of disks are nothing
/// without. A packing is only made of up to 10^8 copies times nodes. Otherwise O(n log n) in
/// members, shards and tables x members.
PeerFigures peer_figures(const PeerState& state);

}  // namespace shardproof::sim::peers
