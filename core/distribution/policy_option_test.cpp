// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/policy_option.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/registry.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::make_view;
using test::n;
using test::nodes;
using test::view_of_counts;

constexpr PolicyOption kWhole{"moves", "of a plan", {10, 1}, 1, 100};
constexpr PolicyOption kPart{"band", "of the share", {5, 100}, 0, 1, false};

std::string why_not(const PolicyOption& option, Ratio value) {
  const auto fine = check_option("policy", option, value);
  return fine ? "" : fine.error().message;
}

TEST(PolicyOption, HasARangeAndSteps) {
  EXPECT_EQ(why_not(kWhole, Ratio(100, 1)), "");
  EXPECT_EQ(why_not(kWhole, Ratio(101, 1)), "option moves of policy is from 1 to 100");
  EXPECT_EQ(why_not(kWhole, Ratio(0, 1)), "option moves of policy is from 1 to 100");
  EXPECT_EQ(why_not(kWhole, Ratio(5, 2)), "option moves of policy is a whole number");
  EXPECT_EQ(why_not(kPart, Ratio(1, 1)), "");
  EXPECT_EQ(why_not(kPart, Ratio(1, kOptionSteps)), "");
  EXPECT_EQ(why_not(kPart, Ratio(1, 3)), "option band of policy has at most 11 decimals");
  EXPECT_EQ(why_not(kPart, Ratio(11, 10)), "option band of policy is from 0 to 1");
}

TEST(PolicyOption, UnknownOnesAreNamedWithThoseThatThereAre) {
  const auto unknown = check_option("policy", {kWhole, kPart}, "move", Ratio(1, 1));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "policy has no option move; it has moves, band");
  const auto of_none = check_option("policy", std::vector<PolicyOption>{}, "move", Ratio(1, 1));
  ASSERT_FALSE(of_none);
  EXPECT_EQ(of_none.error().message, "policy has no option move; it has none");
}

TEST(PolicyOption, WhatIsNotSetHasItsInitialValue) {
  EXPECT_EQ(value_of(kWhole, {}), Ratio(10, 1));
  EXPECT_EQ(value_of(kWhole, {{"moves", Ratio(3, 1)}}), Ratio(3, 1));
  EXPECT_TRUE(values_of("greedy", {}).empty());
}

TEST(PolicyOption, InitialValuesAreInTheirRangesAndNamesAreDistinct) {
  for (const PolicyInfo& policy : policies_with_options()) {
    std::set<std::string_view> names;
    for (const PolicyOption& option : policy.options) {
      EXPECT_EQ(why_not(option, option.initial), "") << policy.name << " " << option.name;
      EXPECT_FALSE(option.meaning.empty());
      EXPECT_TRUE(names.insert(option.name).second) << policy.name << " " << option.name;
    }
  }
}

/// Something for every policy to do: two collections, uneven copies, leaders, bytes and requests.
ClusterView uneven() {
  ClusterView view = make_view(6);
  for (std::uint32_t i = 0; i < 120; ++i) {
    const std::uint32_t node = i % 7 % 5;
    ShardView& shard = add_shard(view, nodes({node, (node + 1 + i % 3) % 6}));
    shard.collection = CollectionId(i % 3 / 2);
    shard.bytes = Bytes(50 + i * 37 % 900);
    shard.requests_per_second = i * i % 1700;
  }
  for (NodeView& node : view.nodes) node.load.disk_used = Bytes();
  for (const ShardView& shard : view.shards) {
    for (const NodeId node : shard.replicas) view.nodes[node.value()].load.disk_used += shard.bytes;
  }
  test::give_disks(view, 40'000);
  return view;
}

std::vector<Move> plan_with(const RebalancePolicy& policy, const ClusterView& view,
                            const OptionValues& values) {
  return policy.plan(view, with_values({.disk_watermark = Ratio(2, 1)}, values)).moves;
}

/// The option at its bounds; what has no bound that can be reached has a large number.
std::vector<Ratio> extremes(const PolicyOption& option) {
  return {Ratio(option.min, 1), Ratio(std::min<std::uint64_t>(option.max, 1'000'000), 1)};
}

/// An option that no plan goes by would be a promise that is not kept.
TEST(PolicyOption, EachOfARebalancePolicyChangesSomePlan) {
  std::vector<ClusterView> views{uneven(), view_of_counts({30, 0, 4}), view_of_counts({2, 0, 0}),
                                 view_of_counts({9, 0, 0}, 0)};
  views.push_back(uneven());  // nearly full
  test::give_disks(views.back(), 17'000);
  // So large that they are not whole copies' worth of reserve.
  views.push_back(uneven());
  for (ShardView& shard : views.back().shards) shard.bytes = shard.bytes * (std::uint64_t{1} << 30);
  for (NodeView& node : views.back().nodes) {
    node.capacity.disk = Bytes(std::uint64_t{30'000} << 30);
    node.load.disk_used = Bytes(node.load.disk_used.count() << 30);
  }
  views.push_back(uneven());
  views.back().counted_over = seconds(1);
  for (const PolicyInfo& info : rebalance_policies()) {
    const RebalancePolicy& policy = *find_rebalance_policy(info.name);
    for (const PolicyOption& option : info.options) {
      bool matters = false;
      for (const ClusterView& view : views) {
        const std::vector<Move> usual = plan_with(policy, view, {});
        for (const Ratio value : extremes(option)) {
          matters =
              matters || plan_with(policy, view, {{std::string(option.name), value}}) != usual;
        }
      }
      EXPECT_TRUE(matters) << info.name << " " << option.name;
    }
  }
}

TEST(PolicyOption, SettingTheInitialValueChangesNoPlan) {
  const ClusterView view = uneven();
  for (const PolicyInfo& info : rebalance_policies()) {
    const RebalancePolicy& policy = *find_rebalance_policy(info.name);
    OptionValues all;
    for (const PolicyOption& option : info.options) {
      all.emplace(option.name, option.initial);
    }
    EXPECT_EQ(plan_with(policy, view, all), plan_with(policy, view, {})) << info.name;
  }
}

TEST(PolicyOption, OfAPlacementGoToTheAlgorithm) {
  const PlacementPolicy& ring = *find_placement_policy("ring");
  ASSERT_NE(find_option(ring.options(), "vnodes"), nullptr);
  std::vector<NewShard> shards;
  for (std::uint32_t i = 0; i < 60; ++i) shards.push_back({ShardId(i), CollectionId(0), Bytes(0)});
  const ClusterView view = make_view(5);
  const auto usual = ring.place_all(view, shards, {});
  const auto coarse = ring.place_all(view, shards, {.values = {{"vnodes", Ratio(1, 1)}}});
  ASSERT_TRUE(usual && coarse);
  EXPECT_NE(*usual, *coarse);
}

TEST(PolicyOption, TheReplicationFactorIsNoOptionOfAPlacement) {
  for (const PolicyInfo& info : placement_policies()) {
    EXPECT_EQ(find_option(info.options, "copies"), nullptr) << info.name;
  }
}

TEST(PolicyOption, LabelsSayWhatIsSet) {
  EXPECT_EQ(policy_label("upmap", {}), "upmap");
  EXPECT_EQ(policy_label("upmap", {{"moves", Ratio(20, 1)}, {"deviation", Ratio(5, 1)}}),
            "upmap (deviation=5, moves=20)");
  EXPECT_EQ(policy_label("weighted_sum", {{"bytes", Ratio(3, kOptionSteps)},
                                          {"threshold", Ratio(3, 2)},
                                          {"write_load", Ratio(0, 1)}}),
            "weighted_sum (bytes=0.00000000003, threshold=1.5, write_load=0)");
}

TEST(PolicyOption, GreedyIsHeldToWhatIsSet) {
  const RebalancePolicy& greedy = *find_rebalance_policy("greedy");
  const OptionValues values{{"count_gap", Ratio(3, 1)}, {"bytes_band", Ratio(1, 2)}};
  const auto bound = greedy.bound(with_values({}, values));
  ASSERT_TRUE(bound);
  EXPECT_EQ(bound->count_gap, 3u);
  EXPECT_EQ(bound->bytes_band, Ratio(1, 2));
}

}  // namespace
}  // namespace shardproof::distribution
