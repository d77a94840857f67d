// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/distribution/rebalance/draft.hpp"
#include "core/distribution/rebalance/goals.hpp"
#include "core/distribution/test_views.hpp"

// The example of docs/policies.md, which a test of the documentation compares with what stands
// between the two marks; here it is compiled and has to do what the page says of it.
namespace shardproof::distribution {

// docs/policies.md: begin
/// Empties draining nodes; then one copy goes from the node that holds most to the one that holds
/// fewest, if they differ by two at least. O(nodes * copies of a node).
class OneAtATime final : public RebalancePolicy {
 public:
  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override {
    Draft draft(view, options);
    evacuate_draining(draft);
    NodeId most;
    NodeId fewest;
    for (const NodeView& node : view.nodes) {
      if (!draft.takes_copies(node.id)) continue;
      // Of equals the first stays: every order ends in an id.
      if (most.is_none() || draft.copy_count(node.id) > draft.copy_count(most)) most = node.id;
      if (fewest.is_none() || draft.copy_count(node.id) < draft.copy_count(fewest)) {
        fewest = node.id;
      }
    }
    if (most.is_none() || draft.copy_count(most) < draft.copy_count(fewest) + 2) {
      return draft.finish();
    }
    for (const CopyIndex copy : draft.copies_on(most)) {
      const bool may_leave = draft.is_whole(draft.shard_of(copy));
      if (!may_leave || !draft.may_move(copy, fewest, draft.collision(copy))) continue;
      draft.move(copy, fewest, MoveReason::Balance);
      break;
    }
    return draft.finish();
  }

  std::vector<LoadMeasure> measures() const override { return {LoadMeasure::Copies}; }
};
// docs/policies.md: end

namespace {

using test::add_shard;
using test::apply;
using test::make_view;
using test::nodes;

TEST(OwnPolicy, MovesOneCopyFromTheNodeWithMostToTheNodeWithFewest) {
  ClusterView view = make_view(3);
  for (int i = 0; i < 3; ++i) add_shard(view, nodes({1}));
  add_shard(view, nodes({0}));
  const Plan plan = OneAtATime().plan(view, {});
  ASSERT_EQ(plan.moves.size(), 1u);
  EXPECT_EQ(plan.moves[0].source, NodeId(1));
  EXPECT_EQ(plan.moves[0].target, NodeId(2));
}

TEST(OwnPolicy, IsQuietOnAnEvenState) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 6; ++i) add_shard(view, nodes({0}));
  for (int round = 0; round < 3; ++round) apply(view, OneAtATime().plan(view, {}));
  EXPECT_TRUE(OneAtATime().plan(view, {}).empty());
}

TEST(OwnPolicy, EmptiesADrainingNode) {
  ClusterView view = make_view(3);
  add_shard(view, nodes({0}));
  add_shard(view, nodes({0}));
  view.nodes[0].state = NodeState::Draining;
  apply(view, OneAtATime().plan(view, {}));
  EXPECT_EQ(test::copy_counts(view)[0], 0u);
}

}  // namespace
}  // namespace shardproof::distribution
