// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"
#include "core/coordinator/proposals.hpp"

namespace shardproof::test {
namespace {

using message::AdminKind;
using message::AdminOutcome;

const NodeId n0(0), n1(1), n2(2), n3(3);
const ShardId s0(0);

TEST(MembershipTest, DrainMovesEverythingOffAndRemovesTheNode) {
  Harness cluster(4, 1, NodeConfig{});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(enable(8, 2));
  cluster.run(seconds(1));
  ASSERT_GT(cluster.copies_on(n1), 0u);
  const std::uint64_t request = cluster.command(about(AdminKind::Drain, n1));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.node_state(n1) == NodeState::Removed; }));
  EXPECT_EQ(cluster.copies_on(n1), 0u);
  cluster.repeat(request);
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Done);
  for (const ShardInfo& shard : cluster.store.table().shards()) {
    EXPECT_EQ(shard.replicas.size(), 2u);
    EXPECT_TRUE(shard.fencing.is_none() || shard.fencing != n1);
  }
}

TEST(MembershipTest, DrainNeverTakesTheLastCopy) {
  Harness cluster(2);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(enable(4, 2));
  cluster.run(seconds(1));
  const auto refused = cluster.answer(cluster.command(about(AdminKind::Drain, n1)));
  EXPECT_EQ(refused.outcome, AdminOutcome::Refused);
  EXPECT_EQ(cluster.node_state(n1), NodeState::Active);

  Harness offline(3, 1, NodeConfig{});
  offline.add_shard({n1});
  ASSERT_TRUE(offline.run_into_office());
  offline.down = {n1};
  ASSERT_TRUE(offline.run_until([&] { return offline.shard().status == ShardStatus::Offline; }));
  offline.command(about(AdminKind::Drain, n1));
  offline.run(seconds(60));
  EXPECT_EQ(offline.node_state(n1), NodeState::Draining);
  EXPECT_EQ(offline.shard().replicas, (NodeList{n1}));
}

TEST(MembershipTest, OfDrainsAskedForAtOnceOnlyAsManyBeginAsCanEnd) {
  Harness cluster(4);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(enable(4, 2));
  cluster.run(seconds(1));
  std::vector<std::uint64_t> asked;
  // All are asked for before the coordinator hears of the first one's commit.
  cluster.store.is_mute = true;
  for (const NodeId node : {n0, n1, n2, n3}) {
    asked.push_back(cluster.command(about(AdminKind::Drain, node)));
  }
  cluster.store.is_mute = false;
  cluster.run(seconds(60));
  for (std::uint32_t i = 0; i < 4; ++i) {
    const NodeId node(i);
    const AdminOutcome outcome = cluster.answer(asked[i]).outcome;
    EXPECT_EQ(cluster.node_state(node) == NodeState::Active, outcome == AdminOutcome::Refused)
        << fmt::format("{}", node);
  }
  EXPECT_EQ(cluster.node_state(n2), NodeState::Active);
  EXPECT_EQ(cluster.node_state(n3), NodeState::Active);
}

TEST(MembershipTest, MaintenanceHandsLeadershipOverAndMovesNothing) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(enable(6, 2));
  cluster.run(seconds(1));
  const std::uint64_t request = cluster.command(about(AdminKind::BeginMaintenance, n1));
  ASSERT_TRUE(cluster.run_until([&] {
    cluster.repeat(request);
    return cluster.answer(request).outcome == AdminOutcome::Done;
  }));
  std::size_t copies = 0;
  for (const ShardInfo& shard : cluster.store.table().shards()) {
    EXPECT_NE(shard.leader, n1);
    EXPECT_FALSE(shard.migration);
    copies += contains(shard.replicas, n1);
  }
  EXPECT_GT(copies, 0u);
  const std::uint64_t end = cluster.command(about(AdminKind::EndMaintenance, n1));
  cluster.run(milliseconds(100));
  EXPECT_EQ(cluster.answer(end).outcome, AdminOutcome::Done);
}

TEST(MembershipTest, TheEndOfAMaintenanceThatIsAboutToBeginWaitsForItsBegin) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.store.is_deaf = true;
  cluster.command(about(AdminKind::BeginMaintenance, n1));
  const std::uint64_t end = cluster.command(about(AdminKind::EndMaintenance, n1));
  cluster.run(milliseconds(100));
  EXPECT_EQ(cluster.answer(end).text, "");
  cluster.store.is_deaf = false;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.answer(end).outcome == AdminOutcome::Done; }));
  cluster.run(seconds(1));
  EXPECT_EQ(cluster.node_state(n1), NodeState::Active);
}

TEST(MembershipTest, OnlyAnEmptyOrDeadNodeIsRemoved) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  cluster.add_shard({n3});
  ASSERT_TRUE(cluster.run_into_office());
  const auto alive = cluster.answer(cluster.command(about(AdminKind::Remove, n2)));
  EXPECT_EQ(alive.outcome, AdminOutcome::Refused);
  const auto only = cluster.answer(cluster.command(about(AdminKind::Remove, n3)));
  EXPECT_EQ(only.outcome, AdminOutcome::Refused);
  EXPECT_NE(only.text.find("s1"), std::string::npos);
  cluster.down = {n2, n3};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.copies_on(n2) == 0; }));
  cluster.command(about(AdminKind::Remove, n2));
  cluster.run(seconds(1));
  EXPECT_EQ(cluster.node_state(n2), NodeState::Removed);
  EXPECT_EQ(cluster.answer(cluster.command(about(AdminKind::Remove, n3))).outcome,
            AdminOutcome::Refused);
}

message::AdminRequest by_force(NodeId node) {
  message::AdminRequest request = about(AdminKind::Remove, node);
  request.flag = true;
  return request;
}

TEST(MembershipTest, ByForceALiveNodeIsRemovedWhenItsLeasesHaveRunOut) {
  Harness cluster(4);
  cluster.add_shard({n2, n1});
  cluster.add_shard({n3});
  ASSERT_TRUE(cluster.run_into_office());
  EXPECT_EQ(cluster.answer(cluster.command(by_force(n3))).outcome, AdminOutcome::Refused);
  const Instant begun = cluster.now;
  const std::uint64_t remove = cluster.command(by_force(n2));
  EXPECT_EQ(cluster.answer(remove).outcome, AdminOutcome::Accepted) << cluster.answer(remove).text;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n1; }));
  // Its lease counts from its last heartbeat before.
  const Timing timing = quiet_config().timing;
  EXPECT_GE((cluster.now - begun).count(), (timing.node_lease - timing.heartbeat_interval).count());
  ASSERT_TRUE(cluster.run_until([&] { return cluster.node_state(n2) == NodeState::Removed; }));
  cluster.repeat(remove);
  cluster.run(milliseconds(100));
  EXPECT_EQ(cluster.answer(remove).outcome, AdminOutcome::Done);
  EXPECT_EQ(cluster.copies_on(n2), 0u);
}

TEST(MembershipTest, TheSourceOfAMigrationWhoseTargetIsLostIsNotRemovedByForce) {
  Harness cluster(4);
  cluster.add_shard({n1});
  cluster.mute = {n1};
  cluster.stuck = {MigrationPhase::Switch};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(move(ShardId(0), n1, n2));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
  cluster.positions.erase(n2);
  const std::uint64_t remove = cluster.command(by_force(n1));
  EXPECT_TRUE(cluster.run_until([&] {
    // It has come back with an empty disk, and says so as long as it leads.
    if (cluster.shard().leader == n2) {
      cluster.report(n2, {ShardId(0), cluster.shard().epoch, MigrationId::none(),
                          message::ShardEvent::Restarted, n2, Version(), 0});
    }
    cluster.repeat(remove);
    return cluster.answer(remove).outcome == AdminOutcome::Refused;
  }));
  EXPECT_EQ(cluster.answer(remove).text, "s0 cannot be served without n1");
}

TEST(MembershipTest, WhoCannotBeRemovedByForceAnyMoreIsHeardAgain) {
  Harness cluster(3);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  const std::uint64_t remove = cluster.command(by_force(n2));
  ASSERT_EQ(cluster.answer(remove).outcome, AdminOutcome::Accepted);
  cluster.down = {n1};
  EXPECT_TRUE(cluster.run_until([&] {
    cluster.repeat(remove);
    return cluster.answer(remove).outcome == AdminOutcome::Refused;
  }));
  EXPECT_NE(cluster.answer(remove).text.find("cannot be served without n2"), std::string::npos);
  EXPECT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
  EXPECT_EQ(cluster.node_state(n2), NodeState::Active);
}

bool is_named_in_table(NodeId node, const ShardTable& table) {
  return std::any_of(table.shards().begin(), table.shards().end(),
                     [&](const ShardInfo& shard) { return names(shard, node); });
}

TEST(MembershipTest, ANodeThatIsBeingRemovedGetsNoNewShard) {
  Harness cluster(4);
  ASSERT_TRUE(cluster.run_into_office());
  const std::uint64_t remove = cluster.command(about(AdminKind::Remove, n3));
  const std::uint64_t create = cluster.command(enable(8, 2));
  cluster.run(seconds(1));
  EXPECT_EQ(cluster.answer(remove).outcome, AdminOutcome::Done) << cluster.answer(remove).text;
  EXPECT_EQ(cluster.answer(create).outcome, AdminOutcome::Done) << cluster.answer(create).text;
  EXPECT_EQ(cluster.node_state(n3), NodeState::Removed);
  EXPECT_FALSE(is_named_in_table(n3, cluster.store.table()));
}

TEST(MembershipTest, ANodeThatNewShardsAreAboutToNameIsNotRemoved) {
  Harness cluster(4);
  ASSERT_TRUE(cluster.run_into_office());
  const std::uint64_t create = cluster.command(enable(8, 2));
  const std::uint64_t remove = cluster.command(about(AdminKind::Remove, n3));
  cluster.run(seconds(1));
  EXPECT_EQ(cluster.answer(create).outcome, AdminOutcome::Done) << cluster.answer(create).text;
  EXPECT_EQ(cluster.answer(remove).outcome, AdminOutcome::Refused);
  EXPECT_EQ(cluster.node_state(n3), NodeState::Active);
  EXPECT_TRUE(is_named_in_table(n3, cluster.store.table()));
}

/// n1 and n2 die. The coordinator that hears nobody leaves the office for a while, and is in it
/// again.
bool find_out_that_all_others_are_dead(Harness& cluster) {
  cluster.down = {n1, n2};
  cluster.run(seconds(60));
  return cluster.in_office() == n0;
}

TEST(MembershipTest, TheLastLiveMemberIsNotRemoved) {
  Harness cluster(3);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  ASSERT_TRUE(find_out_that_all_others_are_dead(cluster));
  const std::uint64_t request = cluster.command(about(AdminKind::Remove, n0));
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Refused);
  EXPECT_EQ(cluster.answer(request).text, "n0 is the last live member");
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
  const std::uint64_t again = cluster.command(about(AdminKind::Remove, n0));
  EXPECT_TRUE(cluster.run_until([&] { return cluster.node_state(n0) == NodeState::Removed; }))
      << cluster.answer(again).text;
}

TEST(MembershipTest, TheDrainOfTheLastLiveMemberWaitsForAnother) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  ASSERT_TRUE(find_out_that_all_others_are_dead(cluster));
  cluster.command(about(AdminKind::Drain, n0));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.node_state(n0) != NodeState::Active; }));
  cluster.run(seconds(30));
  EXPECT_EQ(cluster.node_state(n0), NodeState::Draining);
  cluster.down = {n2};
  EXPECT_TRUE(cluster.run_until([&] { return cluster.node_state(n0) == NodeState::Removed; }));
}

TEST(MembershipTest, RemovedNodeCanJoinAgain) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(about(AdminKind::Remove, n2));
  cluster.run(milliseconds(100));
  ASSERT_EQ(cluster.node_state(n2), NodeState::Removed);
  message::AdminRequest join = about(AdminKind::Join, n2);
  join.record.id = n2;
  const std::uint64_t request = cluster.command(join);
  cluster.run(milliseconds(100));
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Done);
  EXPECT_EQ(cluster.node_state(n2), NodeState::Active);
}

TEST(MovementTest, MoveThatCannotStartIsRefusedWithTheReason) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  const auto holder = cluster.answer(cluster.command(move(s0, n1, n2)));
  EXPECT_EQ(holder.outcome, AdminOutcome::Refused);
  EXPECT_EQ(holder.text, "target n2 has a copy of s0");
  const auto source = cluster.answer(cluster.command(move(s0, n3, n0)));
  EXPECT_EQ(source.text, "source n3 is not in sync for s0");
  const auto shard = cluster.answer(cluster.command(move(ShardId(9), n1, n0)));
  EXPECT_EQ(shard.text, "s9 does not exist");
}

TEST(MovementTest, AFullDiskIsNoTarget) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  cluster.loads[n3].disk_used = Bytes(1000);
  cluster.loads[n3].disk_capacity = Bytes(1000);
  ASSERT_TRUE(cluster.run_into_office());
  const auto full = cluster.answer(cluster.command(move(s0, n1, n3)));
  EXPECT_EQ(full.outcome, AdminOutcome::Refused);
  EXPECT_EQ(full.text, "the disk of target n3 is full");
}

TEST(MovementTest, ASharedDomainIsNoTargetWhileAnotherIsFree) {
  Harness cluster(4);
  for (std::uint32_t i = 0; i < 3; ++i) cluster.set_zone(NodeId(i), static_cast<std::uint16_t>(i));
  cluster.set_zone(n3, 2);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  const auto shared = cluster.answer(cluster.command(move(s0, n1, n3)));
  EXPECT_EQ(shared.outcome, AdminOutcome::Refused);
  EXPECT_EQ(shared.text, "target n3 shares a failure domain with another copy of s0");
  cluster.set_node(n0, NodeState::Maintenance);
  cluster.command(move(s0, n1, n3));
  EXPECT_TRUE(cluster.run_until([&] { return contains(cluster.shard().replicas, n3); }))
      << "with nowhere better to go it may";
}

/// Another term begins, which knows nothing of what was answered in the present one.
void change_office(Harness& cluster) {
  cluster.store.refuses_campaigns = true;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().is_none(); }));
  cluster.store.refuses_campaigns = false;
  ASSERT_TRUE(cluster.run_into_office());
}

TEST(MaintenanceTest, ACommandForTheCoordinatorOfAnotherTermIsNotCarriedOut) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  const Term term = cluster.store.term();
  const std::uint64_t begin = cluster.command(about(AdminKind::BeginMaintenance, n2));
  cluster.run(seconds(1));
  cluster.command(about(AdminKind::EndMaintenance, n2));
  cluster.run(seconds(1));
  ASSERT_EQ(cluster.node_state(n2), NodeState::Active);
  change_office(cluster);
  ASSERT_NE(cluster.store.term(), term);
  cluster.repeat(begin, 0, {}, term);
  EXPECT_EQ(cluster.answer(begin).outcome, AdminOutcome::NotCoordinator);
  cluster.run(seconds(1));
  EXPECT_EQ(cluster.node_state(n2), NodeState::Active) << "a late copy undid what came after it";
}

TEST(MaintenanceTest, ALateCopyOfACommandThatHasEndedUndoesNothing) {
  for (const int told : {0, 1, 2}) {
    Harness cluster(3);
    ASSERT_TRUE(cluster.run_into_office());
    const std::uint64_t begin = cluster.command(about(AdminKind::BeginMaintenance, n2));
    cluster.run(seconds(1));
    const std::uint64_t end = cluster.command(about(AdminKind::EndMaintenance, n2));
    cluster.run(seconds(1));
    change_office(cluster);
    if (told == 0) cluster.repeat(end, begin);
    if (told == 1) cluster.repeat(end, end);
    if (told == 2) cluster.repeat(end, begin, {begin});
    cluster.repeat(begin);
    cluster.run(seconds(1));
    EXPECT_EQ(cluster.node_state(n2) == NodeState::Active, told != 0);
  }
}

TEST(MaintenanceTest, ALateCopyOfASettledCommandUndoesNothingInTheSameOffice) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  const std::uint64_t begin = cluster.command(about(AdminKind::BeginMaintenance, n2));
  cluster.run(seconds(1));
  const std::uint64_t end = cluster.command(about(AdminKind::EndMaintenance, n2));
  cluster.run(seconds(1));
  cluster.repeat(begin, begin);
  EXPECT_EQ(cluster.answer(begin).outcome, AdminOutcome::Done) << "it may not have been heard";
  cluster.repeat(end, end);
  cluster.repeat(begin);
  cluster.run(seconds(1));
  EXPECT_EQ(cluster.node_state(n2), NodeState::Active);
}

TEST(StatusTest, SaysWhatATiredEngineerNeeds) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.stuck = {MigrationPhase::Copy};
  cluster.command(move(s0, n1, n3));
  ASSERT_TRUE(cluster.run_until([&] {
    return cluster.shard().migration && cluster.shard().migration->phase == MigrationPhase::Copy;
  }));
  const auto status = cluster.answer(cluster.command(about(AdminKind::ClusterStatus, n0)));
  EXPECT_EQ(status.outcome, AdminOutcome::Done);
  EXPECT_NE(status.text.find("coordinator n0 T1"), std::string::npos) << status.text;
  EXPECT_NE(status.text.find("0 active, 1 migrating, 0 syncing, 0 offline"), std::string::npos)
      << status.text;
  message::AdminRequest shard = about(AdminKind::ShardStatus, n0);
  shard.shard = s0;
  const std::string one = cluster.answer(cluster.command(shard)).text;
  EXPECT_NE(one.find("s0 of db.c0: Migrating, epoch e3, leader n1"), std::string::npos) << one;
  const std::string moves =
      cluster.answer(cluster.command(about(AdminKind::MigrationStatus, n0))).text;
  EXPECT_NE(moves.find("n1 -> n3 (manual, queue) Copy"), std::string::npos) << moves;
  EXPECT_NE(moves.find("waits for target n3 to have a complete copy"), std::string::npos) << moves;
}

}  // namespace
}  // namespace shardproof::test
