// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/simpler_conditions.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shardproof::sim::campaign {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> simpler(const char* text) {
  std::vector<std::string> texts;
  for (const Condition& condition : simpler_conditions(parse_condition(text).value())) {
    texts.push_back(to_string(condition));
  }
  return texts;
}

TEST(SimplerConditions, EachOperatorGivesWayToEitherOperand) {
  EXPECT_THAT(simpler("nodes.alive < 4"), IsEmpty());
  EXPECT_THAT(simpler("nodes.alive < 4 and nodes.total > 5"),
              ElementsAre("nodes.alive < 4", "nodes.total > 5"));
  EXPECT_THAT(simpler("(nodes.alive < 4 or nodes.total > 5) and migrations.completed >= 3"),
              ElementsAre("nodes.alive < 4 and migrations.completed >= 3",
                          "nodes.total > 5 and migrations.completed >= 3",
                          "nodes.alive < 4 or nodes.total > 5", "migrations.completed >= 3"));
}

}  // namespace
}  // namespace shardproof::sim::campaign
