// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {

/// The invariant has fallen at this very fact, by this node.
inline void expect_found(const Story& story, std::uint32_t number, NodeId offender) {
  const ViolationRecord* found = find(story.suite, number);
  ASSERT_NE(found, nullptr) << texts(story.suite);
  EXPECT_EQ(found->shard, kS0);
  ASSERT_THAT(found->nodes, ::testing::Not(::testing::IsEmpty()));
  EXPECT_EQ(found->nodes.front(), offender) << found->message;
  EXPECT_THAT(found->epochs, ::testing::Not(::testing::IsEmpty()));
  EXPECT_EQ(found->event, story.event);
  EXPECT_EQ(found->time, story.now);
  EXPECT_THAT(found->last_events, ::testing::Not(::testing::IsEmpty()));
}

}  // namespace shardproof::sim::check
