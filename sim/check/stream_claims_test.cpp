// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/findings_testing.hpp"
#include "sim/check/story_testing.hpp"

/// What holders tell the senders of streams.
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StreamClaimsTest : public ::testing::Test {
 protected:
  void stage(std::uint64_t stream, std::uint32_t number) {
    story.tell(kN3, fact::ChunkStaged{kS0, stream, number, Bytes(100)});
  }
  void say(std::uint64_t stream, std::uint32_t pieces) {
    story.suite.on_pieces_told(kS0, stream, pieces, story.at(kN3));
  }

  Story story;
};

TEST_F(StreamClaimsTest, WhatIsStagedMayBeTold) {
  say(7, 0);
  stage(7, 0);
  stage(7, 1);
  say(7, 1);
  say(7, 2);
  stage(8, 0);
  say(8, 1);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(StreamClaimsTest, FindsAPieceTooMany) {
  stage(7, 0);
  say(7, 2);
  ASSERT_THAT(numbers(story.suite), ElementsAre(26));
  EXPECT_THAT(story.suite.violations()[0].message,
              HasSubstr("n3 tells the sender of a copy of s0 that 2 pieces are on its disk, and it "
                        "has staged 1 of that stream"));
}

TEST_F(StreamClaimsTest, FindsPiecesOfAnotherStream) {
  stage(7, 0);
  stage(8, 0);
  say(7, 1);
  EXPECT_THAT(numbers(story.suite), ElementsAre(26));
}

}  // namespace
}  // namespace shardproof::sim::check
