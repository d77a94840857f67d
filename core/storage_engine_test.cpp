// SPDX-License-Identifier: Apache-2.0
#include "core/store_test_fixture.hpp"

namespace shardproof {
namespace {

using test::DocumentStoreTest;
using test::entry;
using test::kShard;

TEST_F(DocumentStoreTest, AnAppendOnAnIdleDiskIsIssuedAtOnce) {
  store.create(kShard, effects);
  const DiskOp operation = take();
  EXPECT_EQ(operation.kind, DiskOpKind::Append);
  EXPECT_TRUE(operation.sync);
  EXPECT_EQ(store.durable(), StorePosition{0});
  finish(operation);
  EXPECT_EQ(store.durable(), StorePosition{1});
}

TEST_F(DocumentStoreTest, RecordsGatherWhileTheDiskIsBusyAndGoTogether) {
  store.create(kShard, effects);
  const DiskOp first = take();
  store.append(kShard, entry(1), {}, effects);
  store.append(kShard, entry(2), {}, effects);
  EXPECT_TRUE(effects.disk_ops().empty());
  finish(first);
  const DiskOp second = take();
  EXPECT_EQ(second.size, Bytes(second.data.size() + 2000));
  finish(second);
  EXPECT_EQ(store.durable(), StorePosition{3});
}

TEST_F(DocumentStoreTest, AFailedAppendStallsAndIsRepeatedByTheTimerWithGrowingPauses) {
  store.create(kShard, effects);
  DiskOp operation = take();
  const std::string data = operation.data;
  std::vector<std::int64_t> pauses;
  for (int attempt = 0; attempt < 9; ++attempt) {
    finish(operation, DiskOutcome::Failed);
    EXPECT_TRUE(store.is_stalled());
    ASSERT_FALSE(effects.timers().empty());
    EXPECT_EQ(effects.timers().back().kind, TimerKind::Store);
    pauses.push_back(effects.timers().back().delay.count() / 1'000'000);
    effects.timers().clear();
    store.on_timer(effects);
    operation = take();
    EXPECT_EQ(operation.data, data);
  }
  EXPECT_EQ(pauses, (std::vector<std::int64_t>{10, 20, 40, 80, 160, 320, 640, 1000, 1000}));
  finish(operation);
  EXPECT_FALSE(store.is_stalled());
  EXPECT_EQ(store.durable(), StorePosition{1});
}

TEST_F(DocumentStoreTest, AnAppendOfUnknownOutcomeThatHappenedCountsOnce) {
  store.create(kShard, effects);
  finish(take());
  store.append(kShard, entry(1), LogIndex(1), effects);
  const DiskOp first = take();
  files[first.file] += first.data;
  finish(first, DiskOutcome::Unknown);
  store.on_timer(effects);
  finish(take());
  DocumentStore recovered;
  recovered.recover(image(), effects);
  EXPECT_EQ(recovered.durable(), StorePosition{2});
  EXPECT_EQ(recovered.state(kShard).applied, (Version{Epoch(1), LogIndex(1)}));
}

TEST_F(DocumentStoreTest, RecoveryAppliesAsFarAsTheLogKnowsEntriesCommitted) {
  store.create(kShard, effects);
  finish(take());
  for (std::uint64_t index = 1; index <= 5; ++index) {
    // The leader knows more to be committed than it has sent yet; entry 5 is not known to be.
    store.append(kShard, entry(index), LogIndex(index == 4 ? 100 : index / 2), effects);
    finish(take());
  }
  effects.clear();
  DocumentStore recovered;
  recovered.recover(image(), effects);
  const CopyState state = recovered.state(kShard);
  EXPECT_EQ(state.applied.index, LogIndex(4));
  ASSERT_EQ(state.tail.size(), 1u);
  EXPECT_EQ(state.tail[0]->index(), LogIndex(5));
  ASSERT_EQ(effects.facts().size(), 1u);
  const auto& found = std::get<fact::CopyRecovered>(effects.facts()[0]);
  EXPECT_EQ(found.last.index, LogIndex(5));
  EXPECT_EQ(found.digest, state.summary.digest);
}

TEST_F(DocumentStoreTest, ATornTailIsDroppedAndTheLogGoesOnInANewFile) {
  store.create(kShard, effects);
  finish(take());
  store.append(kShard, entry(1), {}, effects);
  const DiskOp torn = take();
  files[torn.file] += torn.data.substr(0, torn.data.size() - 1);
  DocumentStore recovered;
  effects.clear();
  recovered.recover(image(), effects);
  EXPECT_EQ(recovered.durable(), StorePosition{1});
  EXPECT_EQ(recovered.recovery_report().bad_tails, 1u);
  recovered.append(kShard, entry(1, "b"), LogIndex(1), effects);
  const DiskOp next = take();
  EXPECT_GT(next.file, torn.file);
  files[next.file] = next.data;
  DocumentStore again;
  again.recover(image(), effects);
  EXPECT_EQ(again.durable(), StorePosition{2});
  EXPECT_NE(again.get(kShard, "b").document, nullptr);
  EXPECT_EQ(again.recovery_report().gaps, 0u);
}

TEST_F(DocumentStoreTest, ASegmentBehindMissingRecordsMeansThatDataIsLost) {
  store.create(kShard, effects);
  const DiskOp first = take();
  finish(first);
  store.append(kShard, entry(1), {}, effects);
  finish(take());
  store.append(kShard, entry(2), {}, effects);
  const FileId later{first.file.value + 5};
  files[later] = take().data;
  storage::readdress_records(files[later], {later, NodeId(0)});
  files[first.file][30] = static_cast<char>(files[first.file][30] ^ 1);
  DocumentStore recovered;
  recovered.recover(image(), effects);
  EXPECT_TRUE(recovered.copies().empty());
  EXPECT_TRUE(recovered.has_lost_data());
  EXPECT_EQ(recovered.recovery_report().gaps, 1u);
  EXPECT_EQ(recovered.recovery_report().bad_tails, 1u);
}

// --- Damage -------------------------------------------------------------------------------------

/// Flips a bit in the first record of the file, behind its header.
void damage(DiskImage& image, std::size_t file, std::size_t at = storage::kRecordHeader) {
  image.files[file].data[at] = static_cast<char>(image.files[file].data[at] ^ 1);
}

TEST_F(DocumentStoreTest, ARecordDamagedBeforeALaterBatchCostsEverything) {
  store.create(kShard, effects);
  finish(take());
  store.append(kShard, entry(1), LogIndex(1), effects);
  finish(take());
  DiskImage found = image();
  damage(found, 0);
  DocumentStore recovered;
  Effects boot;
  recovered.recover(found, boot);
  EXPECT_TRUE(recovered.has_lost_data());
  EXPECT_TRUE(recovered.copies().empty());
  EXPECT_TRUE(boot.facts().empty());
  EXPECT_EQ(recovered.recovery_report().damages, 1u);
}

TEST_F(DocumentStoreTest, ACheckpointInThePlaceOfASegmentIsDamageAndNotTheState) {
  capacity = Bytes(0);
  store.create(kShard, effects);
  store.compact_soon();
  finish(take());
  const DiskOp checkpoint = take();
  finish(checkpoint);
  const DiskOp removal = take();
  ASSERT_EQ(removal.kind, DiskOpKind::Remove);
  files.erase(removal.file);
  store.on_disk_done({removal.id, DiskOutcome::Ok, Bytes(10), capacity}, effects);
  for (std::uint64_t index = 1; index <= 4; ++index) {
    store.append(kShard, entry(index), LogIndex(index), effects);
    finish(take());
  }
  std::string& segment = files.rbegin()->second;
  ASSERT_GT(files.rbegin()->first, checkpoint.file);
  ASSERT_LT(checkpoint.data.size(), segment.size());
  // The checkpoint's only sector is where the segment's first one was.
  segment.replace(0, checkpoint.data.size(), checkpoint.data);
  DocumentStore recovered;
  recovered.recover(image(), effects);
  EXPECT_TRUE(recovered.has_lost_data());
  EXPECT_TRUE(recovered.copies().empty());
}

TEST_F(DocumentStoreTest, RecordsThatGatheredBeforeACheckpointAreReadInTheNewFile) {
  capacity = Bytes(0);
  store.create(kShard, effects);
  store.compact_soon();
  const DiskOp first = take();
  store.append(kShard, entry(1), LogIndex(1), effects);
  finish(first);
  for (const DiskOp& operation : take_all()) finish(operation);
  ASSERT_EQ(files.size(), 3u) << "a segment, a checkpoint and a segment";
  DocumentStore recovered;
  recovered.recover(image(), effects);
  EXPECT_EQ(recovered.state(kShard).applied.index, LogIndex(1));
}

TEST_F(DocumentStoreTest, ItNamesTheFilesThatItNeedsAndNoOthers) {
  capacity = Bytes(0);
  store.create(kShard, effects);
  const DiskOp first = take();
  EXPECT_EQ(store.files(), std::vector<FileId>{first.file});
  store.compact_soon();
  finish(first);
  EXPECT_EQ(store.files().size(), 3u) << "the log, the checkpoint and the log behind it";
  for (auto operations = take_all(); !operations.empty(); operations = take_all()) {
    for (const DiskOp& operation : operations) {
      finish(operation);
      if (operation.kind == DiskOpKind::Remove) files.erase(operation.file);
    }
  }
  const std::vector<FileId> needed = store.files();
  EXPECT_EQ(needed.size(), 2u);
  EXPECT_EQ(std::count(needed.begin(), needed.end(), first.file), 0);
  for (const auto& [file, data] : files) {
    EXPECT_EQ(std::count(needed.begin(), needed.end(), file), 1) << file.value;
  }
}

TEST_F(DocumentStoreTest, ADamagedLastBatchIsTakenForATornOne) {
  store.create(kShard, effects);
  finish(take());
  store.append(kShard, entry(1), LogIndex(1), effects);
  const DiskOp last = take();
  const std::size_t begin = files[last.file].size();
  finish(last);
  DiskImage found = image();
  damage(found, 0, begin + storage::kRecordHeader);
  DocumentStore recovered;
  recovered.recover(found, effects);
  EXPECT_FALSE(recovered.has_lost_data());
  EXPECT_TRUE(recovered.holds(kShard));
}

TEST_F(DocumentStoreTest, ABatchRepeatedBehindATornFirstTryIsNoDamage) {
  store.create(kShard, effects);
  finish(take());
  store.append(kShard, entry(1), LogIndex(1), effects);
  const DiskOp batch = take();
  files[batch.file] += batch.data.substr(0, batch.data.size() / 2);
  finish(batch, DiskOutcome::Unknown);
  store.on_timer(effects);
  files[batch.file] += take().data;
  DocumentStore recovered;
  recovered.recover(image(), effects);
  EXPECT_FALSE(recovered.has_lost_data());
  EXPECT_TRUE(recovered.holds(kShard));
}

TEST_F(DocumentStoreTest, WhatComesAfterDamageIsKeptByLaterBoots) {
  store.create(kShard, effects);
  finish(take());
  store.append(kShard, entry(1), LogIndex(1), effects);
  finish(take());
  damage_first_file();
  store = DocumentStore();
  store.recover(image(), effects);
  // The damaged file is not removed yet when the power fails.
  for (const DiskOp& operation : take_all()) {
    if (operation.kind == DiskOpKind::Append) finish(operation);
  }
  store.create(ShardId(5), effects);
  for (const DiskOp& operation : take_all()) finish(operation);
  store = DocumentStore();
  store.recover(image(), effects);
  EXPECT_EQ(store.copies(), std::vector{ShardId(5)});
  EXPECT_TRUE(store.has_lost_data());
  EXPECT_EQ(store.recovery_report().damages + store.recovery_report().gaps, 0u);
}

TEST_F(DocumentStoreTest, DamagedFilesAreRemovedOnlyWhenItIsOnDiskThatTheyDoNotCount) {
  store.create(kShard, effects);
  finish(take());
  store.append(kShard, entry(1), LogIndex(1), effects);
  finish(take());
  damage_first_file();
  const FileId damaged = files.begin()->first;
  store = DocumentStore();
  store.recover(image(), effects);
  const DiskOp reset = take();
  EXPECT_EQ(reset.kind, DiskOpKind::Append);
  finish(reset);
  const DiskOp removal = take();
  EXPECT_EQ(removal.kind, DiskOpKind::Remove);
  EXPECT_EQ(removal.file, damaged);
}

TEST(DocumentStoreDamage, AReplacedDiskHasLostData) {
  DiskImage image;
  image.is_replacement = true;
  DocumentStore store;
  Effects effects;
  store.recover(image, effects);
  EXPECT_TRUE(store.has_lost_data());
}

TEST_F(DocumentStoreTest, ApplyingStatesEachEntryOnce) {
  store.create(kShard, effects);
  for (std::uint64_t index = 1; index <= 3; ++index)
    store.append(kShard, entry(index), {}, effects);
  store.apply(kShard, LogIndex(2), effects);
  store.apply(kShard, LogIndex(2), effects);
  ASSERT_EQ(effects.facts().size(), 2u);
  EXPECT_EQ(std::get<fact::EntryApplied>(effects.facts()[1]).entry->index(), LogIndex(2));
  EXPECT_EQ(store.find_session(kShard, ClientId(0))->request.sequence, 2u);
}

TEST_F(DocumentStoreTest, AnInstallIsStatedWhenItIsDurable) {
  store.create(kShard, effects);
  finish(take());
  store.append(kShard, entry(1), {}, effects);
  finish(take());
  store.apply(kShard, LogIndex(1), effects);
  ChunkCursor cursor = 0;
  const ChunkRef chunk = store.read_chunk(kShard, cursor, Bytes(10'000));
  const ShardId other(9);
  store.begin_stage(other, effects);
  const DiskOp begin = take();
  store.stage(other, chunk, effects);
  effects.clear();
  store.install_stage(other, Epoch(4), {Epoch(1), LogIndex(1)}, effects);
  EXPECT_TRUE(store.holds(other));
  EXPECT_TRUE(effects.facts().empty());
  finish(begin);
  EXPECT_TRUE(effects.facts().empty());
  finish(take());
  ASSERT_EQ(effects.facts().size(), 1u);
  const auto& installed = std::get<fact::CopyInstalled>(effects.facts()[0]);
  EXPECT_EQ(installed.epoch, Epoch(4));
  EXPECT_EQ(installed.digest, store.summary(kShard).digest);
  EXPECT_EQ(installed.bytes, Bytes(1000));
}

TEST_F(DocumentStoreTest, AnInstallThatIsDroppedBeforeItIsDurableIsNotStated) {
  store.begin_stage(kShard, effects);
  const DiskOp begin = take();
  store.install_stage(kShard, Epoch(4), {Epoch(1), LogIndex(1)}, effects);
  store.drop(kShard, effects);
  finish(begin);
  finish(take());
  EXPECT_FALSE(store.holds(kShard));
  EXPECT_TRUE(effects.facts().empty());
}

TEST_F(DocumentStoreTest, AStageThatWasNotInstalledIsGoneAfterACrash) {
  store.begin_stage(kShard, effects);
  finish(take());
  DocumentStore recovered;
  recovered.recover(image(), effects);
  EXPECT_FALSE(recovered.has_stage(kShard));
  EXPECT_FALSE(recovered.holds(kShard));
}

TEST_F(DocumentStoreTest, FreeSpaceCountsWhatIsOnItsWay) {
  EXPECT_EQ(store.disk_free(), Bytes::max());
  store.create(kShard, effects);
  finish(take());
  EXPECT_EQ(store.disk_free(), Bytes(990));
  store.append(kShard, entry(1), {}, effects);
  EXPECT_EQ(store.disk_free(), Bytes(0));
}

TEST_F(DocumentStoreTest, ALimitedDiskIsLookedAtWhileNothingIsWritten) {
  store.create(kShard, effects);
  store.on_disk_done({take().id, DiskOutcome::Ok, Bytes(990), Bytes(1000)}, effects);
  EXPECT_EQ(store.disk_free(), Bytes(10));
  for (const Bytes used : {Bytes(950), Bytes(10)}) {
    ASSERT_EQ(effects.timers().size(), 1u) << "nobody would ask the disk anything";
    effects.timers().clear();
    store.on_timer(effects);
    const DiskOp look = take();
    EXPECT_EQ(look.kind, DiskOpKind::Sync);
    store.on_disk_done({look.id, DiskOutcome::Ok, used, Bytes(1000)}, effects);
    EXPECT_EQ(store.disk_free(), Bytes(1000) - used);
  }
  EXPECT_EQ(effects.timers().size(), 1u) << "others may fill it";
}

TEST_F(DocumentStoreTest, ADiskThatIsIdleIsAskedForSomethingOnceASecond) {
  ASSERT_EQ(effects.timers().size(), 1u) << "since the boot";
  effects.timers().clear();
  store.on_timer(effects);
  const DiskOp look = take();
  EXPECT_EQ(look.kind, DiskOpKind::Sync);
  ASSERT_EQ(effects.timers().size(), 1u);
  EXPECT_EQ(effects.timers()[0].delay, seconds(1));
  store.on_timer(effects);
  EXPECT_TRUE(effects.disk_ops().empty()) << "the disk has not answered yet";
  finish(look);
  store.on_timer(effects);
  EXPECT_EQ(effects.disk_ops().size(), 1u);
}

TEST_F(DocumentStoreTest, AnswersOfTheDiskAreCountedButNotItsFailures) {
  store.create(kShard, effects);
  DiskOp operation = take();
  EXPECT_EQ(store.disk_answers(), 0u);
  finish(operation, DiskOutcome::Failed);
  EXPECT_EQ(store.disk_answers(), 0u);
  store.on_timer(effects);
  finish(take(), DiskOutcome::Full);
  EXPECT_EQ(store.disk_answers(), 1u) << "a full disk is alive";
  store.on_timer(effects);
  finish(take());
  EXPECT_EQ(store.disk_answers(), 2u);
}

TEST(DocumentStoreCompaction, AFullDiskEndsItWithoutATraceUntilTheTimer) {
  Bounds bounds;
  bounds.compaction_min = Bytes(1);
  StoreTuning tuning;
  tuning.checkpoint_piece = Bytes(100);
  DocumentStore store(bounds, tuning);
  Effects effects;
  const auto take = [&effects] {
    EXPECT_EQ(effects.disk_ops().size(), 1u);
    DiskOp operation = std::move(effects.disk_ops().at(0));
    effects.disk_ops().clear();
    return operation;
  };
  const auto finish = [&](const DiskOp& operation, DiskOutcome outcome) {
    store.on_disk_done({operation.id, outcome, Bytes(0), Bytes(0)}, effects);
  };
  std::uint64_t index = 0;
  const auto write = [&] {
    ++index;
    store.append(kShard, entry(index), LogIndex(index), effects);
    store.apply(kShard, LogIndex(index), effects);
    finish(take(), DiskOutcome::Ok);
  };
  store.recover({}, effects);
  store.create(kShard, effects);
  finish(take(), DiskOutcome::Ok);
  while (!store.is_compacting()) write();
  const DiskOp first_piece = take();
  finish(first_piece, DiskOutcome::Ok);
  finish(take(), DiskOutcome::Full);
  EXPECT_FALSE(store.is_compacting());
  EXPECT_FALSE(store.is_stalled());
  const DiskOp removal = take();
  EXPECT_EQ(removal.kind, DiskOpKind::Remove);
  EXPECT_EQ(removal.file, first_piece.file);
  finish(removal, DiskOutcome::Ok);
  EXPECT_EQ(effects.timers().back().delay, seconds(1));
  for (int i = 0; i < 10; ++i) write();
  EXPECT_FALSE(store.is_compacting());
  store.on_timer(effects);
  EXPECT_TRUE(store.is_compacting());
}

TEST_F(DocumentStoreTest, ACopyOfAStoreIsIndependent) {
  store.create(kShard, effects);
  DocumentStore fork = store;
  store.append(kShard, entry(1), {}, effects);
  store.apply(kShard, LogIndex(1), effects);
  EXPECT_EQ(fork.get(kShard, "a").version, Version::zero());
  EXPECT_TRUE(fork.state(kShard).tail.empty());
}

}  // namespace
}  // namespace shardproof
