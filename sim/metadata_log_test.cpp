// SPDX-License-Identifier: Apache-2.0
#include "sim/metadata_log.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

ShardInfo shard(std::uint32_t id, std::uint64_t epoch) {
  ShardInfo info;
  info.id = ShardId(id);
  info.collection = CollectionId(0);
  info.epoch = Epoch(epoch);
  return info;
}

void commit(MetadataLog& log, std::vector<Record> records) {
  log.append(log.next(std::move(records)));
}

std::vector<TableDeltaRef> read_since(const MetadataLog& log, std::uint64_t revision) {
  std::vector<TableDeltaRef> deltas;
  log.read_since(Revision(revision), deltas);
  return deltas;
}

TEST(MetadataLog, AReaderGetsEachCommitItHasNotSeen) {
  MetadataLog log;
  commit(log, {ClusterSettings{}});
  commit(log, {shard(0, 1)});
  commit(log, {shard(0, 2), shard(1, 1)});
  EXPECT_EQ(read_since(log, 0).size(), 3u);
  const auto last = read_since(log, 2);
  ASSERT_EQ(last.size(), 1u);
  EXPECT_EQ(last[0]->revision, Revision(3));
  EXPECT_EQ(last[0]->records.size(), 2u);
  EXPECT_TRUE(read_since(log, 3).empty());
}

/// Enough commits to merge old ones several times.
MetadataLog long_log() {
  MetadataLog log;
  commit(log, {ClusterSettings{}, NodeRecord{NodeId(3), {}, {}, NodeState::Active}});
  for (std::uint64_t i = 1; i <= 20'000; ++i) {
    commit(log, {shard(static_cast<std::uint32_t>(i * i % 101), i)});
  }
  return log;
}

TEST(MetadataLog, AnyReaderEndsWithTheSameTable) {
  const MetadataLog log = long_log();
  for (const std::uint64_t known : {0, 1, 2, 777, 16'000, 19'999, 20'000, 20'001}) {
    ShardTable table;
    MetadataLog replay;
    commit(replay, {ClusterSettings{}, NodeRecord{NodeId(3), {}, {}, NodeState::Active}});
    for (std::uint64_t i = 1; i < known; ++i) {
      commit(replay, {shard(static_cast<std::uint32_t>(i * i % 101), i)});
    }
    if (known > 0) table = replay.table();
    for (const TableDeltaRef& delta : read_since(log, known)) table.apply(*delta);
    EXPECT_EQ(table.revision(), log.table().revision());
    EXPECT_EQ(table.digest(), log.table().digest());
    for (std::uint32_t id = 0; id < 101; ++id) {
      const RecordKey key{RecordKind::Shard, id};
      ASSERT_EQ(table.modified(key), log.table().modified(key)) << "shard " << id;
    }
  }
}

TEST(MetadataLog, OldCommitsAreMergedToTheLatestVersions) {
  const MetadataLog log = long_log();
  std::size_t records = 0;
  Revision last;
  for (const TableDeltaRef& delta : read_since(log, 0)) {
    EXPECT_GT(delta->revision, last);
    last = delta->revision;
    records += delta->records.size();
  }
  EXPECT_LT(records, 5000u);
}

}  // namespace
}  // namespace shardproof::sim
