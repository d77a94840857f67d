// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/registry.hpp"

#include <gtest/gtest.h>

namespace shardproof::distribution {
namespace {

TEST(RegistryTest, EveryListedPolicyIsFoundAndDescribed) {
  for (const PolicyInfo& info : placement_policies()) {
    EXPECT_NE(find_placement_policy(info.name), nullptr) << info.name;
    EXPECT_FALSE(info.description.empty());
  }
  for (const PolicyInfo& info : rebalance_policies()) {
    EXPECT_NE(find_rebalance_policy(info.name), nullptr) << info.name;
    EXPECT_FALSE(info.description.empty());
  }
}

TEST(RegistryTest, UnknownNameIsNull) {
  EXPECT_EQ(find_placement_policy("greedy"), nullptr);
  EXPECT_EQ(find_rebalance_policy("rendezvous"), nullptr);
}

TEST(RegistryTest, OnlyGreedyDeclaresABound) {
  for (const PolicyInfo& info : rebalance_policies()) {
    EXPECT_EQ(find_rebalance_policy(info.name)->bound({}).has_value(), info.name == "greedy");
  }
}

TEST(RegistryTest, DefaultsComeFirst) {
  EXPECT_EQ(placement_policies().front().name, "rendezvous");
  EXPECT_EQ(rebalance_policies().front().name, "greedy");
}

}  // namespace
}  // namespace shardproof::distribution
