// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/undecided.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

using ::testing::ElementsAre;

TEST(Undecided, WhatDiffersFromRunToRunIsNotInTheKind) {
  RunResult result;
  result.simulated = result.duration = seconds(1);
  result.checks = {{1, "a", 5, 0}};
  result.fired = {{"at 1s: crash = { node = 0 }", 0, "n13 was down already"},
                  {"at 2s: crash = { node = 4 }", 0, "n4 was down already"},
                  {"when nodes.total >= 50: lose_disk = { node = 0 }", 0, ""},
                  {"at 3s: crash = { node = 1 }", 1, ""}};
  result.expectations.resize(2);
  judge(result);
  ASSERT_EQ(result.undecided.size(), 5u);
  EXPECT_THAT(undecided_kinds(result),
              ElementsAre("an expectation was never evaluated", "crash: n# was down already",
                          "lose_disk: its condition never became true"));
}

}  // namespace
}  // namespace shardproof::sim
