// SPDX-License-Identifier: Apache-2.0
#include "reports/client_lanes.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/golden_testing.hpp"
#include "reports/sample_testing.hpp"

namespace shardproof::reports {
namespace {

TEST(ClientLanes, AreAsAgreed) {
  testing::expect_golden("lanes.txt", lanes_text(testing::stale_read_lanes(), {}));
}

TEST(ClientLanes, OfThreeClientsFitATerminal) {
  sim::ClientLanes lanes;
  lanes.document = "k0000000012";
  for (std::uint32_t i = 0; i < 8; ++i) {
    const Instant asked(seconds(10'000 + i));
    lanes.operations.push_back({ClientId(100 + i % 3), "swap #310 for #311", "refused: has #309",
                                asked, asked + milliseconds(1500), true});
  }
  std::istringstream lines(lanes_text(lanes, {}));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(line.size(), 100u) << line;
  EXPECT_LE(count, 20);
}

TEST(ClientLanes, AnAnswerComesBeforeAQuestionOfTheSameTime) {
  const Instant now(seconds(1));
  sim::ClientLanes lanes{"a",
                         {{ClientId(1), "first", "ok", Instant(), now, true},
                          {ClientId(1), "second", "ok", now, now + seconds(1), true}}};
  const std::string text = lanes_text(lanes, {});
  EXPECT_LT(text.find("> ok"), text.find("> second"));
}

}  // namespace
}  // namespace shardproof::reports
