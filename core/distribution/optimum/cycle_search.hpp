// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <queue>
#include <tuple>
#include <vector>

#include "core/distribution/optimum/flow_state.hpp"

namespace shardproof::distribution {

/// One copy of the shard goes from one node to another: an arc of the residual network between
/// nodes, through the tree of the shard.
struct Pass {
  std::uint32_t shard = 0;
  std::uint32_t source = 0;
  std::uint32_t target = 0;
};

/// Passes, each from where the one before it arrives or, through the sink, from elsewhere.
using PassCycle = std::vector<Pass>;

/// One search for negative cycles in the residual network of a flow: rounds of relaxation over the
/// nodes and the sink, all from distance zero, until nothing changes (then there is no negative
/// cycle) or the predecessors of some nodes form cycles, which are negative.
///
/// An arc from node a to node b is the cheapest copy on a that may go to b. There are too many to
/// list. A round takes the copies of all nodes in the order of the distance that they would give
/// their target, from a heap of the nodes' sorted copies, only as far as some node is improved by
/// one that it may have.
class CycleSearch {
 public:
  explicit CycleSearch(const FlowState& flow);

  /// Negative cycles without a common node; none if there is none at all.
  std::vector<PassCycle> run();

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  struct Candidate {
    FlowCost distance;  ///< of whoever receives it
    std::uint32_t copy = 0;
  };
  /// How a node's distance came about: by a copy, or through the sink.
  struct Predecessor {
    std::uint32_t node = kNone;
    std::uint32_t copy = kNone;
  };
  /// The next copy that a node offers: first those that have moved, then its own.
  struct Offer {
    FlowCost distance;
    std::uint32_t copy = 0;
    std::uint32_t node = 0;
    std::uint32_t index = 0;  ///< in arrived, then in candidates

    friend bool operator>(const Offer& a, const Offer& b) {
      return std::tie(a.distance, a.copy) > std::tie(b.distance, b.copy);
    }
  };

  bool relax();
  void relax_through_sink();
  void relax_candidates();
  void relax_rack(const std::vector<std::uint32_t>& nodes);
  FlowCost furthest_of(const std::vector<std::uint32_t>& nodes) const;
  void relax_returns();
  bool improve(std::uint32_t node, FlowCost distance, Predecessor by);
  const Candidate* candidate(std::size_t rank);
  std::optional<Offer> offer(std::uint32_t node, std::uint32_t index) const;
  std::vector<PassCycle> cycles_of_predecessors() const;
  PassCycle passes_of(std::uint32_t on_cycle) const;

  const FlowState& flow_;
  const std::uint32_t sink_;
  std::vector<std::vector<std::uint32_t>> receivers_;  // the nodes that receive, by rack
  // By node, the sink last.
  std::vector<FlowCost> distances_;
  std::vector<FlowCost> previous_;
  std::vector<Predecessor> predecessors_;
  /// In the round before: only from there can others be improved.
  std::vector<char> has_changed_;
  bool is_first_round_ = true;

  std::priority_queue<Offer, std::vector<Offer>, std::greater<>> offers_;
  std::vector<Candidate> candidates_;  // taken from the offers in this round, nearest first
};

}  // namespace shardproof::distribution
