// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/load_tally.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

TEST(LoadTally, TheWindowIsTheTimeOfWhichItsSumsAre) {
  const NodeId node(0);
  LoadTally loads;
  Instant now;
  EXPECT_EQ(loads.window(now + milliseconds(5)), milliseconds(5)) << "since the beginning";
  for (std::size_t i = 1; i <= WindowedSums::kWindow * 2; ++i) {
    loads.on_input(node, CollectionId::none(), milliseconds(1));
    now = now + seconds(1);
    // One millisecond of each second: in all that is summed, and in nothing else.
    const auto busy = static_cast<std::int64_t>(loads.cpu().of(node));
    ASSERT_EQ(Nanoseconds(busy) * 1000, loads.window(now)) << i;
    loads.next_interval(now);
  }
  EXPECT_EQ(loads.window(now), seconds(WindowedSums::kWindow - 1));
}

}  // namespace
}  // namespace shardproof::sim
