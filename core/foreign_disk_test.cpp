// SPDX-License-Identifier: Apache-2.0
//
// What a store makes of a disk on which another node has written.
#include "core/store_test_fixture.hpp"

namespace shardproof {
namespace {

using test::DocumentStoreTest;
using test::entry;
using test::kShard;

/// The disk of n0, which `store` has written, in the place of n1's.
class ForeignDiskTest : public DocumentStoreTest {
 protected:
  static DocumentStore store_of_n1(RuleSet rules = {}) {
    return DocumentStore({}, {}, rules, NodeId(1));
  }
  /// n0 has a copy with three entries, maybe behind a checkpoint.
  void write(bool with_checkpoint) {
    capacity = Bytes(0);
    store.create(kShard, effects);
    if (with_checkpoint) store.compact_soon();
    for (std::uint64_t index = 1; index <= 3; ++index) {
      carry_out_all();
      store.append(kShard, entry(index), LogIndex(index), effects);
    }
    carry_out_all();
  }
  void carry_out(const DiskOp& operation) {
    finish(operation);
    if (operation.kind == DiskOpKind::Remove) files.erase(operation.file);
  }
  void carry_out_all() {
    while (!effects.disk_ops().empty()) {
      for (const DiskOp& operation : take_all()) carry_out(operation);
    }
  }
  /// The power fails before a file of the other one is removed.
  void carry_out_appends() {
    for (const DiskOp& operation : take_all()) {
      if (operation.kind == DiskOpKind::Append) carry_out(operation);
    }
  }
  DiskImage swapped() const {
    DiskImage found = image();
    found.is_replacement = true;
    return found;
  }
  /// To n1 it is one.
  void expect_empty_replacement() const {
    DocumentStore found = store_of_n1();
    Effects boot;
    found.recover(swapped(), boot);
    EXPECT_TRUE(found.copies().empty());
    EXPECT_TRUE(found.has_lost_data());
    EXPECT_EQ(found.durable(), StorePosition{0});
    EXPECT_TRUE(boot.facts().empty());
    EXPECT_EQ(boot.hits(), std::vector{Probe::ForeignDiskFound});
    const storage::RecoveryReport& report = found.recovery_report();
    EXPECT_EQ(report.foreign_files, files.size());
    EXPECT_EQ(report.records + report.bad_tails + report.bad_checkpoints, 0u);
    EXPECT_EQ(report.gaps + report.damages, 0u) << "nothing was promised of it";
  }
};

TEST_F(ForeignDiskTest, ALogOfAnotherNodeIsAnEmptyReplacement) {
  write(false);
  expect_empty_replacement();
}

TEST_F(ForeignDiskTest, ACheckpointOfAnotherNodeIsAnEmptyReplacement) {
  write(true);
  ASSERT_GE(files.size(), 2u) << "a checkpoint and a segment";
  const auto& [id, data] = *files.begin();
  ASSERT_TRUE(storage::read_checkpoint({id, NodeId(0)}, data).has_value());
  expect_empty_replacement();
}

TEST_F(ForeignDiskTest, TheFilesOfAnotherNodeAreRemovedAndTheirNumbersNotUsedAgain) {
  write(true);
  const std::size_t foreign = files.size();
  const FileId newest = files.rbegin()->first;
  store = store_of_n1();
  store.recover(swapped(), effects);
  store.create(ShardId(5), effects);
  std::size_t removed = 0;
  while (!effects.disk_ops().empty()) {
    for (const DiskOp& operation : take_all()) {
      removed += operation.kind == DiskOpKind::Remove ? 1 : 0;
      EXPECT_EQ(operation.kind == DiskOpKind::Append, operation.file > newest);
      carry_out(operation);
    }
  }
  EXPECT_EQ(removed, foreign);
  EXPECT_EQ(files.size(), 1u);
}

TEST_F(ForeignDiskTest, LaterBootsFindWhatTheNodeHasWrittenBehindTheFilesOfTheOther) {
  write(true);
  store = store_of_n1();
  store.recover(swapped(), effects);
  store.create(ShardId(5), effects);
  carry_out_appends();
  for (int boots = 0; boots < 3; ++boots) {
    store = store_of_n1();
    effects.clear();
    store.recover(swapped(), effects);
    EXPECT_TRUE(store.has_lost_data()) << "what it had before the swap is gone";
    EXPECT_EQ(store.copies().front(), ShardId(5));
    EXPECT_EQ(store.copies().size(), 1u + static_cast<std::size_t>(boots));
    EXPECT_EQ(store.recovery_report().gaps + store.recovery_report().damages, 0u);
    EXPECT_EQ(store.recovery_report().bad_tails, 0u);
    store.create(ShardId(static_cast<std::uint32_t>(10 + boots)), effects);
    carry_out_appends();
  }
}

TEST_F(ForeignDiskTest, DamageOfItsOwnRecordsBehindThoseOfTheOtherIsStillFound) {
  write(false);
  const FileId newest = files.rbegin()->first;
  store = store_of_n1();
  store.recover(swapped(), effects);
  for (const ShardId shard : {ShardId(5), ShardId(6)}) {
    store.create(shard, effects);
    carry_out_all();
  }
  ASSERT_GT(files.rbegin()->first, newest);
  char& byte = files.rbegin()->second[storage::kRecordHeader];
  byte = static_cast<char>(byte ^ 1);
  DocumentStore found = store_of_n1();
  found.recover(swapped(), effects);
  EXPECT_EQ(found.recovery_report().damages, 1u);
  EXPECT_TRUE(found.copies().empty());
}

TEST_F(ForeignDiskTest, WithoutTheRuleTheLogOfAnotherNodeIsTakenForItsOwn) {
  write(true);
  RuleSet rules;
  rules.switch_off(Rule::OwnRecordsOnly);
  DocumentStore found = store_of_n1(rules);
  Effects boot;
  found.recover(swapped(), boot);
  EXPECT_EQ(found.copies(), std::vector{kShard});
  EXPECT_EQ(found.state(kShard).applied.index, LogIndex(3));
  EXPECT_TRUE(boot.hits().empty());
}

}  // namespace
}  // namespace shardproof
