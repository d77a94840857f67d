// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/stream_uses.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

StreamUses uses(std::vector<std::uint64_t> marks, std::vector<StreamUse> streams) {
  return {std::move(marks), std::move(streams)};
}

TEST(StreamUses, RunsThatDrewTheSameDoNotPart) {
  const StreamUses run = uses({64, 100}, {{"disk.latency", "n0", {3, 5}}});
  EXPECT_FALSE(part(run, run));
}

TEST(StreamUses, TheFirstMarkWithADifferenceIsTheOne) {
  const StreamUses recorded = uses({64, 128, 256}, {{"disk.latency", "n0", {3, 5, 9}},  //
                                                    {"network.loss", "n1", {1, 2, 7}}});
  const StreamUses now = uses({64, 128, 256}, {{"disk.latency", "n0", {3, 6, 9}},  //
                                               {"network.loss", "n1", {1, 2, 8}}});
  const auto found = part(recorded, now);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->same_until, 64u);
  EXPECT_EQ(found->by_event, 128u);
  ASSERT_EQ(found->streams.size(), 1u);
  EXPECT_EQ(found->streams[0].site, "disk.latency");
  EXPECT_EQ(found->streams[0].recorded, 5u);
  EXPECT_EQ(found->streams[0].now, 6u);
}

TEST(StreamUses, StreamsThatOnlyOneRunHasAreToldApart) {
  const StreamUses recorded = uses({64}, {{"disk.latency", "n0", {3}}});
  const StreamUses now = uses({64}, {{"disk.lag", "n0", {4}}});
  const auto found = part(recorded, now);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->streams.size(), 2u);
  EXPECT_EQ(found->streams[0].recorded, 3u);
  EXPECT_FALSE(found->streams[0].now);
  EXPECT_FALSE(found->streams[1].recorded);
  EXPECT_EQ(found->streams[1].now, 4u);
}

TEST(StreamUses, AStreamOfWhichNothingWasDrawnNeedNotBeThere) {
  EXPECT_FALSE(part(uses({64}, {{"network.loss", "k1", {0}}}), uses({64}, {})));
}

TEST(StreamUses, OnlyMarksThatBothHaveAreCompared) {
  const StreamUses recorded = uses({64, 90}, {{"disk.latency", "n0", {3, 5}}});
  const StreamUses now = uses({64, 80}, {{"disk.latency", "n0", {3, 4}}});
  EXPECT_FALSE(part(recorded, now));
}

}  // namespace
}  // namespace shardproof::sim
