// SPDX-License-Identifier: Apache-2.0
#include "core/scan_gather.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

ScanPartRef part(std::uint32_t shard, std::uint64_t count) {
  auto made = std::make_shared<ScanPart>();
  made->shard = ShardId(shard);
  made->count = count;
  return made;
}

class ScanGatherTest : public testing::Test {
 protected:
  static CollectionConfig three_shards() {
    CollectionConfig config = test::collection(3);
    config.first_shard = ShardId(5);
    return config;
  }
  ScanGather gather{{}, Endpoint::client(ClientId(0)), three_shards(), Instant(seconds(1))};
};

TEST_F(ScanGatherTest, ItIsCompleteWithEveryShardAndNotBefore) {
  gather.add(part(7, 1), Epoch(1));
  gather.add(part(5, 2), Epoch(1));
  EXPECT_FALSE(gather.is_complete());
  gather.add(part(6, 4), Epoch(1));
  EXPECT_TRUE(gather.is_complete());
  const ScanResultRef result = gather.result(Revision(3));
  EXPECT_EQ(result->count, 7u);
  EXPECT_EQ(result->revision, Revision(3));
  ASSERT_EQ(result->parts.size(), 3u);
  EXPECT_EQ(result->parts[0]->shard, ShardId(5));
  EXPECT_EQ(result->parts[2]->shard, ShardId(7));
}

TEST_F(ScanGatherTest, ASecondPartOfOneShardReplacesTheFirst) {
  gather.add(part(5, 2), Epoch(1));
  gather.add(part(5, 3), Epoch(2));
  EXPECT_FALSE(gather.is_complete());
  EXPECT_EQ(gather.result(Revision(1))->count, 3u);
}

TEST_F(ScanGatherTest, WhatIsMissingIsNamedInOrder) {
  gather.add(part(6, 1), Epoch(1));
  EXPECT_EQ(gather.result(Revision(1))->missing, (std::vector<ShardId>{ShardId(5), ShardId(7)}));
}

TEST_F(ScanGatherTest, APartOfAnOlderEpochIsForgotten) {
  ShardTable table;
  TableDelta delta{Revision(1), {}};
  for (std::uint32_t id = 5; id < 8; ++id) {
    ShardInfo info = test::shard(Epoch(id == 6 ? 2 : 1), {NodeId(0)});
    info.id = ShardId(id);
    delta.records.push_back(info);
  }
  table.apply(delta);
  for (std::uint32_t id = 5; id < 8; ++id) gather.add(part(id, 1), Epoch(1));
  EXPECT_EQ(gather.forget_outdated(table), std::vector<ShardId>{ShardId(6)});
  EXPECT_FALSE(gather.is_complete());
}

}  // namespace
}  // namespace shardproof
