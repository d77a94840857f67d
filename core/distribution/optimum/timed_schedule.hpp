// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/units.hpp"
#include "core/distribution/cluster_view.hpp"
#include "core/distribution/optimum/transfer_graph.hpp"

namespace shardproof::distribution {

/// What limits transfers that take as long as their size. Bandwidths may be unlimited; a node's is
/// at least as many bytes per second as it takes part in transfers at once.
struct TransferRates {
  std::vector<Bandwidth> out;  ///< of each node, by index
  std::vector<Bandwidth> in;
  /// Of a domain towards the others, and of the others towards it.
  Bandwidth domain_out{};
  Bandwidth domain_in{};
  DomainLevel domain_level = DomainLevel::Zone;
};

/// The same rate out of and into each of `nodes` nodes, and no limit between domains.
TransferRates equal_rates(std::size_t nodes, Bandwidth each);

/// No schedule ends before any of these, whatever rates it gives to whom.
struct TimeBounds {
  Nanoseconds node_out{};  ///< the longest time that a node's outgoing bytes take
  Nanoseconds node_in{};
  Nanoseconds domain_out{};  ///< the same of the bytes that leave a domain, and arrive in it
  Nanoseconds domain_in{};
  Nanoseconds longest{};  ///< of the single transfers, alone on both of its nodes

  Nanoseconds time() const;
};

/// O(transfers + nodes). `view` is asked for domains only.
TimeBounds time_bounds(const TransferGraph& graph, const TransferRates& rates,
                       const ClusterView& view);

enum class TransferOrder : std::uint8_t {
  AsGiven,
  LargestFirst,  ///< of equal sizes, as given
};

struct TimedTransfer {
  Nanoseconds start{};
  Nanoseconds end{};
};

struct TimedSchedule {
  std::vector<TimedTransfer> transfers;  ///< by transfer
  Nanoseconds makespan{};
};

/// List scheduling without preemption: whenever nodes have a free place, the first waiting transfer
/// in the order that finds one at both of its nodes starts. Each has a fixed share: a c-th of what
/// a node of capacity c can send or receive, the lesser of both ends, so that no node is over its
/// bandwidth or its capacity. A transfer that nothing limits takes no time. Domains are not obeyed:
/// their bounds say whether they matter.
///
/// At every moment until the end a place of each waiting transfer's nodes is taken, so the makespan
/// is below the sum of two nodes' busy times: list scheduling of file transfers (Coffman, Garey,
/// Johnson, LaPaugh 1985). O(m log m + m w), w the transfers waiting at a node that are looked at
/// when a place becomes free.
TimedSchedule timed_schedule(const TransferGraph& graph, const TransferRates& rates,
                             TransferOrder order);

/// What is wrong with it: a node over its capacity at some moment, or a transfer faster than its
/// share; empty if it is valid. O(m log m).
std::string flaw_of(const TransferGraph& graph, const TransferRates& rates,
                    const TimedSchedule& schedule);

}  // namespace shardproof::distribution
