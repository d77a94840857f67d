// SPDX-License-Identifier: Apache-2.0
//
// The computed optimum of movement against trying everything, and the laws that plans keep.

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/contains.hpp"
#include "core/distribution/bounds.hpp"
#include "core/distribution/optimum/flow_start.hpp"
#include "core/distribution/optimum/flow_state.hpp"
#include "core/distribution/optimum/minimum_flow.hpp"
#include "core/distribution/optimum/negative_cycles.hpp"
#include "core/distribution/optimum/optimum_rebalance.hpp"
#include "core/distribution/optimum/whole_network.hpp"
#include "core/distribution/rebalance/greedy.hpp"
#include "property_tests/distribution_generators.hpp"
#include "property_tests/flow_model.hpp"
#include "property_tests/plan_laws.hpp"

namespace shardproof::distribution {
namespace {

using Ends = std::vector<std::vector<NodeId>>;  // by shard: where its copies are

/// The least cost of all assignments that the model allows.
struct CheapestOfAll {
  const ClusterView& view;
  const FlowModel& model;
  std::vector<Ends> choices{};  // by shard
  Ends ends{};
  std::optional<FlowModel::Cost> best{};

  FlowModel::Cost find() {
    for (const ShardView& shard : view.shards) choices.push_back(model.ends_of(shard));
    try_from(0);
    return *best;
  }
  void try_from(std::size_t shard) {
    if (shard == choices.size()) {
      const auto cost = model.cost(ends);
      if (!best || cost < *best) best = cost;
      return;
    }
    for (const auto& end : choices[shard]) {
      ends.push_back(end);
      try_from(shard + 1);
      ends.pop_back();
    }
  }
};

Ends ends_of(const ClusterView& view) {
  Ends ends;
  for (const ShardView& shard : view.shards) ends.push_back(planned_copies(shard));
  return ends;
}

MinimumFlowRequest any_request(Random& random) {
  return {.cost = random.below(2) == 0 ? MoveCost::Copies : MoveCost::Bytes};
}

bool has_a_member(const ClusterView& view) { return contains(members_after_changes(view), true); }

RC_GTEST_PROP(MinimumFlowProperty, IsTheCheapestOfAllAssignments, ()) {
  Random random = any_stream();
  Shape shape;
  shape.nodes = *rc::gen::inRange<std::uint32_t>(1, 6);
  shape.zones = *rc::gen::inRange<std::uint32_t>(1, 5);
  shape.copies = *rc::gen::inRange<std::uint32_t>(1, std::min(shape.nodes, 3u) + 1);
  shape.shards = *rc::gen::inRange<std::uint32_t>(0, 6);
  ClusterView view = any_cluster(random, shape);
  for (ShardView& shard : view.shards) shard.bytes = Bytes(random.below(5));
  disturb(random, view);
  if (!has_a_member(view)) return;
  const MinimumFlowRequest request = any_request(random);
  const FlowModel model(view, request);
  const auto expected = CheapestOfAll{view, model}.find();
  const MinimumFlow flow = minimum_flow(view, request);
  RC_ASSERT(flow.is_proven);
  ClusterView after = view;
  test::apply(after, flow.plan);
  const Ends ends = ends_of(after);
  for (std::size_t i = 0; i < ends.size(); ++i) RC_ASSERT(model.is_legal(view.shards[i], ends[i]));
  RC_ASSERT(model.cost(ends) == expected);
}

RC_GTEST_PROP(MinimumFlowProperty, CostsWhatBoostGraphFindsOnTheWholeNetwork, ()) {
  Random random = any_stream();
  Shape shape = any_shape();
  shape.shards = std::min(shape.shards, 20u);
  ClusterView view = any_cluster(random, shape);
  for (NodeView& node : view.nodes) {
    if (random.below(6) == 0) node.state = NodeState::Draining;
  }
  if (!has_a_member(view)) return;
  const MinimumFlowRequest request{.cost = MoveCost::Bytes};
  const FlowModel model(view, request);
  ClusterView after = view;
  test::apply(after, minimum_flow(view, request).plan);
  RC_ASSERT(model.cost(ends_of(after)) == model.cost(solve_whole_network(view)));
}

RC_GTEST_PROP(MinimumFlowProperty, CancellingAloneComesToTheSameCost, ()) {
  Random random = any_stream();
  Shape shape = any_shape();
  shape.nodes = std::min(shape.nodes, 6u);
  shape.copies = std::min(shape.copies, shape.nodes);
  ClusterView view = any_cluster(random, shape);
  disturb(random, view);
  const MinimumFlowRequest request = any_request(random);
  FlowState from_scratch(view, request);
  FlowState filled(view, request);
  fill_from_fullest(filled);
  RC_ASSERT(cancel_negative_cycles(from_scratch, 10'000).is_proven);
  RC_ASSERT(cancel_negative_cycles(filled, 10'000).is_proven);
  RC_ASSERT(from_scratch.cost() == filled.cost());
}

RC_GTEST_PROP(MinimumFlowProperty, EveryStepIsLegalAndThePlannedStateNeedsNoPlan, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  disturb(random, view);
  if (random.below(2) == 0) give_roomy_disks(random, view);
  const MinimumFlowRequest request = any_request(random);
  const MinimumFlow flow = minimum_flow(view, request);
  RC_ASSERT(flow.is_proven || !has_a_member(view));
  check_every_step(view, flow.plan);
  RC_ASSERT(minimum_flow(view, request).plan.empty());
}

RC_GTEST_PROP(MinimumFlowProperty, NeverBelowTheRelaxationWhereTheTargetsAreReached, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  for (NodeView& node : view.nodes) node.domain = {};
  test::add_node(view).domain = {};
  const MigrationMinimum minimum = migration_minimum(view, members_after_changes(view));
  const MinimumFlow by_copies = minimum_flow(view);
  const MinimumFlow by_bytes = minimum_flow(view, {.cost = MoveCost::Bytes});
  RC_ASSERT(by_copies.copies >= minimum.copies);
  RC_ASSERT(by_bytes.bytes >= minimum.bytes);
  RC_ASSERT(by_bytes.bytes <= by_copies.bytes);
}

RC_GTEST_PROP(OptimumProperty, EveryStepIsLegalAndThePlannedStateNeedsNoPlan, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  disturb(random, view);
  if (random.below(2) == 0) give_roomy_disks(random, view);
  const Plan plan = OptimumRebalance().plan(view, {});
  check_every_step(view, plan);
  const Plan again = OptimumRebalance().plan(view, {});
  for (const Move& move : again.moves) RC_FAIL(fmt::format("planned again: {}", move));
}

/// Without domains both come to the same counts, and none moves fewer copies there.
RC_GTEST_PROP(OptimumProperty, MovesNoMoreCopiesThanGreedy, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  for (NodeView& node : view.nodes) node.domain = {};
  if (random.below(2) == 0) test::add_node(view).domain = {};
  const RebalanceOptions counts_only{.balance_bytes = false, .balance_leaders = false};
  const Plan greedy = GreedyRebalance().plan(view, counts_only);
  const Plan optimum = OptimumRebalance().plan(view, counts_only);
  RC_ASSERT(optimum.moves.size() <= greedy.moves.size());
  ClusterView after = view;
  test::apply(after, optimum);
  const auto counts = test::copy_counts(after);
  const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
  RC_ASSERT(*high - *low <= 1u);
}

RC_GTEST_PROP(OptimumProperty, EvenBytesCostNoCopies, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  disturb(random, view);
  const MinimumFlow plain = minimum_flow(view);
  const MinimumFlow even = minimum_flow(view, {.even_bytes = true});
  RC_ASSERT(plain.copies == even.copies);
  RC_ASSERT(plain.is_proven == even.is_proven);
}

}  // namespace
}  // namespace shardproof::distribution
