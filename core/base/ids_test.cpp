// SPDX-License-Identifier: Apache-2.0
#include "core/base/ids.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

namespace shardproof {
namespace {

static_assert(!std::is_convertible_v<int, NodeId>);
static_assert(!std::is_convertible_v<NodeId, std::uint32_t>);
static_assert(!std::is_constructible_v<NodeId, ShardId>);
static_assert(std::is_trivially_copyable_v<NodeId>);
static_assert(sizeof(NodeId) == 4 && sizeof(MigrationId) == 8 && sizeof(Epoch) == 8);

TEST(Ids, PrintTheirLetterAndNumber) {
  EXPECT_EQ(fmt::format("{} {} {} {} {}", NodeId(3), ShardId(7), CollectionId(0), ClientId(5),
                        MigrationId(std::uint64_t{7} << 32 | 12)),
            "n3 s7 c0 k5 s7@e12");
  EXPECT_EQ(fmt::format("{}", MigrationId::none()), "m-");
  EXPECT_EQ(fmt::format("{} {} {} {}", Epoch(12), Revision(40), Term(3), LogIndex(99)),
            "e12 r40 T3 i99");
}

TEST(Ids, NoneIsTheDefaultAndPrintsADash) {
  EXPECT_TRUE(NodeId().is_none());
  EXPECT_FALSE(NodeId().has_value());
  EXPECT_EQ(NodeId(), NodeId::none());
  EXPECT_EQ(fmt::format("{}", NodeId::none()), "n-");
  EXPECT_FALSE(NodeId(0).is_none());
}

TEST(Ids, OrderIsTheNumbersWithNoneLast) {
  std::vector<ShardId> ids = {ShardId::none(), ShardId(2), ShardId(0), ShardId(10)};
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids, (std::vector<ShardId>{ShardId(0), ShardId(2), ShardId(10), ShardId::none()}));
}

TEST(Counters, StartAtZeroAndRiseByOne) {
  EXPECT_EQ(Epoch().value(), 0u);
  EXPECT_EQ(Epoch(4).next(), Epoch(5));
  EXPECT_LT(Epoch(9), Epoch(10));
}

}  // namespace
}  // namespace shardproof
