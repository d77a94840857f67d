// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/cluster_settings.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"

namespace shardproof::test {
namespace {

using message::AdminKind;
using message::AdminOutcome;

const NodeId n0(0), n1(1), n2(2);

message::AdminReply ask(Harness& cluster, const message::AdminRequest& request) {
  const std::uint64_t number = cluster.command(request);
  cluster.run_until([&] { return !cluster.answer(number).text.empty(); });
  return cluster.answer(number);
}

message::AdminRequest limits(const OrderedLimits& ordered) {
  message::AdminRequest request = about(AdminKind::SetLimits, NodeId::none());
  request.limits = ordered;
  return request;
}

message::AdminRequest policy(const char* name) {
  message::AdminRequest request = about(AdminKind::SetPolicy, NodeId::none());
  request.policy = name;
  return request;
}

std::size_t migrations(const Harness& cluster) {
  const auto& shards = cluster.store.table().shards();
  return static_cast<std::size_t>(
      std::count_if(shards.begin(), shards.end(),
                    [](const ShardInfo& shard) { return shard.migration.has_value(); }));
}

TEST(SetLimitsTest, WhatIsNotOrderedStaysAsItWas) {
  Harness cluster(2);
  ASSERT_TRUE(cluster.run_into_office());
  OrderedLimits first;
  first.moves_per_node = 1;
  first.bandwidth = Bandwidth(1000);
  EXPECT_EQ(ask(cluster, limits(first)).outcome, AdminOutcome::Done);
  OrderedLimits second;
  second.moves_per_node = 0;
  EXPECT_EQ(ask(cluster, limits(second)).outcome, AdminOutcome::Done);
  const OrderedLimits& now = cluster.store.table().settings().limits;
  EXPECT_EQ(now.moves_per_node, 0u);
  EXPECT_EQ(now.bandwidth, Bandwidth(1000));
  EXPECT_FALSE(now.moves_cluster_wide);
  EXPECT_TRUE(cluster.store.table().settings().balancing_enabled);
}

TEST(SetLimitsTest, BindWhatBeginsAfterwards) {
  NodeConfig config;
  config.distribution.limits.moves_per_node = 0;
  config.distribution.limits.moves_cluster_wide = 1;
  Harness cluster(3, 1, config);
  for (int i = 0; i < 12; ++i) cluster.add_shard({n0});
  // Targets that never answer keep their moves in flight.
  cluster.idle = {n1, n2};
  ASSERT_TRUE(cluster.run_into_office());
  ASSERT_TRUE(cluster.run_until([&] { return migrations(cluster) > 0; }));
  cluster.run(seconds(2));
  EXPECT_EQ(migrations(cluster), 1u);
  OrderedLimits more;
  more.moves_cluster_wide = 3;
  ask(cluster, limits(more));
  cluster.run(seconds(2));
  EXPECT_EQ(migrations(cluster), 3u);
}

TEST(SetPolicyTest, PlansAreMadeByTheOneThatIsOrdered) {
  Harness cluster(3);
  for (int i = 0; i < 6; ++i) cluster.add_shard({n0});
  ASSERT_TRUE(cluster.run_into_office());
  ask(cluster, about(AdminKind::Rebalance, n0));
  cluster.run(seconds(10));
  EXPECT_EQ(cluster.copies_on(n0), 6u) << "the harness's own policy moves nothing";
  EXPECT_EQ(ask(cluster, policy("greedy")).outcome, AdminOutcome::Done);
  ask(cluster, about(AdminKind::Rebalance, n0));
  EXPECT_TRUE(cluster.run_until([&] { return cluster.copies_on(n0) == 2; }));
}

TEST(SetPolicyTest, OneThatNobodyKnowsIsRefused) {
  Harness cluster(2);
  ASSERT_TRUE(cluster.run_into_office());
  const message::AdminReply answer = ask(cluster, policy("cleverness"));
  EXPECT_EQ(answer.outcome, AdminOutcome::Refused);
  EXPECT_NE(answer.text.find("'cleverness' is not known"), std::string::npos);
  EXPECT_TRUE(cluster.store.table().settings().rebalance.empty());
}

TEST(ClusterSettingsTest, EachOrderIsInTheStatusAndChangesTheDigest) {
  Harness cluster(2);
  ASSERT_TRUE(cluster.run_into_office());
  const std::uint64_t before = record_digest(cluster.store.table().settings());
  OrderedLimits ordered;
  ordered.moves_per_node = 0;
  ask(cluster, limits(ordered));
  const std::uint64_t limited = record_digest(cluster.store.table().settings());
  ask(cluster, policy("upmap"));
  const std::uint64_t both = record_digest(cluster.store.table().settings());
  EXPECT_NE(limited, before);
  EXPECT_NE(both, limited);
  const std::string text = ask(cluster, about(AdminKind::ClusterStatus, NodeId::none())).text;
  EXPECT_NE(text.find("limits ordered: any number of moves per node"), std::string::npos) << text;
  EXPECT_NE(text.find("policy ordered: upmap"), std::string::npos) << text;
}

}  // namespace
}  // namespace shardproof::test
