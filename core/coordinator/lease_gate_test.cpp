// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/lease_gate.hpp"

#include <gtest/gtest.h>

#include "core/coordinator/shard_changes.hpp"
#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

const NodeId kBack(1);

class LeaseGateTest : public testing::Test {
 protected:
  LeaseGateTest() { bench.commit({test::shard(Epoch(1), {NodeId(0)})}); }

  const ShardInfo& committed() { return *bench.watcher.table().find_shard(test::kShard); }
  Revision revision() { return bench.watcher.table().revision(); }
  void propose() {
    Step step = bench.step();
    proposals.propose(change::sealed(committed(), committed()), "test", step);
  }
  /// What was proposed takes effect.
  void settle() {
    TableDelta delta;
    delta.records = {change::sealed(committed(), committed())};
    bench.commit(delta.records);
    Step step = bench.step();
    proposals.on_table_change(delta, step);
  }
  bool may_grant(Revision known) {
    return gate.may_grant(kBack, known, proposals, bench.watcher.table());
  }

  test::ReplicaBench bench{0};
  Proposals proposals{Term(1)};
  LeaseGate gate;
};

TEST_F(LeaseGateTest, WhoWasNeverAwayNeedsNoTable) { EXPECT_TRUE(may_grant(Revision())); }

TEST_F(LeaseGateTest, WhoComesBackNeedsTheTableAsOfThen) {
  gate.on_return(kBack, proposals);
  const Revision needed = revision();
  EXPECT_FALSE(may_grant(Revision(needed.value() - 1)));
  settle();
  EXPECT_FALSE(may_grant(Revision(needed.value() - 1)));
  EXPECT_TRUE(may_grant(needed)) << "what was committed since does not count on its being dead";
  EXPECT_TRUE(may_grant(Revision())) << "it is held back once";
}

TEST_F(LeaseGateTest, AChangeUnderWayWhenItCameBackMustBeSettledAndKnown) {
  propose();
  gate.on_return(kBack, proposals);
  const Revision before = revision();
  EXPECT_FALSE(may_grant(before)) << "the change may give its shards away";
  settle();
  EXPECT_FALSE(may_grant(before));
  EXPECT_TRUE(may_grant(revision()));
}

TEST_F(LeaseGateTest, AChangeProposedAfterItsReturnIsNotWaitedFor) {
  gate.on_return(kBack, proposals);
  propose();
  EXPECT_TRUE(may_grant(revision()));
}

}  // namespace
}  // namespace shardproof
