// SPDX-License-Identifier: Apache-2.0
#include "sim/disk.hpp"

#include <set>
#include <utility>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

constexpr FileId kLog{1};
constexpr FileId kOther{2};
constexpr CrashFate kAllLost{{Ratio(0, 1), Ratio(1, 1), Ratio(0, 1)}};

Instant at(std::int64_t ns) { return Instant(Nanoseconds(ns)); }

/// One byte a nanosecond, and latencies that tell what was waited for.
DiskSpec plain_spec() {
  DiskSpec spec;
  spec.bandwidth = Bandwidth(1'000'000'000);
  spec.read_latency = DelayDistribution::constant(Nanoseconds(7));
  spec.write_latency = DelayDistribution::constant(Nanoseconds(10));
  spec.sync_latency = DelayDistribution::constant(Nanoseconds(1000));
  return spec;
}

DiskOp append_op(FileId file, std::string data, bool sync = false) {
  const Bytes size(data.size());
  return {DiskOpId(1), DiskOpKind::Append, file, std::move(data), size, sync};
}
DiskOp sync_op(FileId file) { return {DiskOpId(2), DiskOpKind::Sync, file, {}, Bytes(0), false}; }
DiskOp remove_op(FileId file) {
  return {DiskOpId(3), DiskOpKind::Remove, file, {}, Bytes(0), false};
}

struct DiskTest : testing::Test {
  Streams streams{1};
  Disk disk{plain_spec(), Bytes(0), NodeId(0), streams};

  /// Submits and completes at once.
  static DiskDone run(Disk& on, DiskOp op) {
    return on.complete(on.submit(at(0), std::move(op)).ticket);
  }
  DiskDone run(DiskOp op) { return run(disk, std::move(op)); }
  std::string content(FileId file) const {
    for (const DiskFile& found : disk.image().files) {
      if (found.id == file) return found.data;
    }
    return "(none)";
  }
};

// --- Time ---------------------------------------------------------------------------------------

TEST_F(DiskTest, AnAppendTakesItsTransferAndTheLatency) {
  EXPECT_EQ(disk.submit(at(5), append_op(kLog, std::string(100, 'x'))).done_at, at(115));
}

TEST_F(DiskTest, TransfersQueueAndLatenciesOverlap) {
  EXPECT_EQ(disk.submit(at(0), append_op(kLog, std::string(100, 'x'))).done_at, at(110));
  EXPECT_EQ(disk.submit(at(0), append_op(kOther, std::string(50, 'x'))).done_at, at(160));
  EXPECT_EQ(disk.submit(at(1000), append_op(kOther, std::string(50, 'x'))).done_at, at(1060));
}

TEST_F(DiskTest, ASyncedAppendWaitsForTheSyncToo) {
  EXPECT_EQ(disk.submit(at(0), append_op(kLog, "x", true)).done_at, at(1011));
}

TEST_F(DiskTest, OperationsOnOneFileEndInOrderAtDistinctTimes) {
  const DiskSubmitted first = disk.submit(at(0), append_op(kLog, "x", true));
  const DiskSubmitted second = disk.submit(at(0), append_op(kLog, "y"));
  EXPECT_EQ(second.done_at, first.done_at + Nanoseconds(1));
  EXPECT_EQ(disk.submit(at(0), append_op(kOther, "z")).done_at, at(13));
}

TEST_F(DiskTest, TheLogicalSizeIsWhatIsTransferred) {
  DiskOp op = append_op(kLog, "x");
  op.size = Bytes(5000);
  EXPECT_EQ(disk.submit(at(0), std::move(op)).done_at, at(5010));
}

TEST_F(DiskTest, OperationsPerSecondAreLimited) {
  DiskSpec spec = plain_spec();
  spec.iops = 1'000'000;
  Disk slow(spec, Bytes(0), NodeId(0), streams);
  EXPECT_EQ(slow.submit(at(0), append_op(kLog, "x")).done_at, at(1010));
  EXPECT_EQ(slow.submit(at(0), append_op(kOther, "x")).done_at, at(2010));
}

TEST_F(DiskTest, TheWorstOfSeveralSlowdownsCounts) {
  const FaultId ten = disk.add(DiskSlowdown{Ratio(10, 1)});
  const FaultId two = disk.add(DiskSlowdown{Ratio(2, 1)});
  EXPECT_EQ(disk.submit(at(0), append_op(kLog, "x")).done_at, at(110));
  EXPECT_TRUE(disk.heal(ten));
  EXPECT_EQ(disk.submit(at(1000), append_op(kLog, "x")).done_at, at(1022));
  EXPECT_TRUE(disk.heal(two));
  EXPECT_FALSE(disk.heal(two));
  EXPECT_EQ(disk.submit(at(2000), append_op(kLog, "x")).done_at, at(2011));
}

TEST_F(DiskTest, BootingReadsEverything) {
  run(append_op(kLog, std::string(100, 'x')));
  EXPECT_EQ(disk.boot_time(), Nanoseconds(107));
}

// --- Effects ------------------------------------------------------------------------------------

TEST_F(DiskTest, AnOperationTakesEffectWhenItEnds) {
  const DiskSubmitted submitted = disk.submit(at(0), append_op(kLog, "abc"));
  EXPECT_EQ(content(kLog), "(none)");
  EXPECT_EQ(disk.in_flight(), 1u);
  const DiskDone done = disk.complete(submitted.ticket);
  EXPECT_EQ(done.op, DiskOpId(1));
  EXPECT_EQ(done.outcome, DiskOutcome::Ok);
  EXPECT_EQ(done.used, Bytes(3));
  EXPECT_EQ(content(kLog), "abc");
  EXPECT_EQ(disk.in_flight(), 0u);
}

TEST_F(DiskTest, ARemovedFileGivesItsSpaceBackAndMayBeWrittenAnew) {
  run(append_op(kLog, "abc", true));
  EXPECT_EQ(run(remove_op(kLog)).used, Bytes(0));
  EXPECT_EQ(content(kLog), "(none)");
  run(append_op(kLog, "new"));
  EXPECT_EQ(content(kLog), "new");
}

TEST_F(DiskTest, SyncOrRemoveOfAFileThatIsNotThereIsNothing) {
  EXPECT_EQ(run(sync_op(kLog)).outcome, DiskOutcome::Ok);
  EXPECT_EQ(run(remove_op(kLog)).outcome, DiskOutcome::Ok);
  EXPECT_TRUE(disk.image().files.empty());
}

TEST_F(DiskTest, FilesComeInOrderOfId) {
  run(append_op(kOther, "b"));
  run(append_op(kLog, "a"));
  const DiskImage image = disk.image();
  ASSERT_EQ(image.files.size(), 2u);
  EXPECT_EQ(image.files[0].id, kLog);
  EXPECT_EQ(image.files[1].id, kOther);
  EXPECT_EQ(disk.files(), (std::vector<FileId>{kLog, kOther}));
  run(remove_op(kLog));
  EXPECT_EQ(disk.files(), std::vector<FileId>{kOther});
}

// --- Space --------------------------------------------------------------------------------------

TEST_F(DiskTest, AFullDiskRefusesTheWholeAppend) {
  Disk small(plain_spec(), Bytes(10), NodeId(0), streams);
  EXPECT_EQ(run(small, append_op(kLog, "12345678")).outcome, DiskOutcome::Ok);
  const DiskDone refused = run(small, append_op(kLog, "abc"));
  EXPECT_EQ(refused.outcome, DiskOutcome::Full);
  EXPECT_EQ(refused.used, Bytes(8));
  EXPECT_EQ(refused.capacity, Bytes(10));
  EXPECT_EQ(small.image().files[0].data, "12345678");
  EXPECT_EQ(run(small, append_op(kLog, "ab")).outcome, DiskOutcome::Ok);
  EXPECT_EQ(small.counters().full, 1u);
}

TEST_F(DiskTest, SomeoneElsesDataTakesTheSpaceForAWhile) {
  Disk small(plain_spec(), Bytes(100), NodeId(0), streams);
  run(small, append_op(kLog, "12345678"));
  const FaultId full = small.fill(Bytes(2));
  EXPECT_EQ(small.used(), Bytes(98));
  EXPECT_EQ(run(small, append_op(kLog, "abc")).outcome, DiskOutcome::Full);
  EXPECT_TRUE(small.heal(full));
  EXPECT_EQ(small.used(), Bytes(8));
  EXPECT_EQ(run(small, append_op(kLog, "abc")).outcome, DiskOutcome::Ok);
}

TEST_F(DiskTest, AnUnlimitedDiskCanBeFilledToo) {
  run(append_op(kLog, "12345678"));
  const FaultId full = disk.fill(Bytes(0));
  EXPECT_EQ(disk.capacity(), Bytes(8));
  EXPECT_EQ(run(append_op(kLog, "x")).outcome, DiskOutcome::Full);
  disk.heal(full);
  EXPECT_EQ(disk.capacity(), Bytes(0));
  EXPECT_EQ(run(append_op(kLog, "x")).outcome, DiskOutcome::Ok);
}

TEST_F(DiskTest, SpaceFreedOnAFilledDiskCanBeUsedAgain) {
  run(append_op(kLog, "12345678"));
  disk.fill(Bytes(0));
  run(remove_op(kLog));
  EXPECT_EQ(run(append_op(kLog, "abcdefgh")).outcome, DiskOutcome::Ok);
  EXPECT_EQ(run(append_op(kLog, "i")).outcome, DiskOutcome::Full);
}

// --- Errors -------------------------------------------------------------------------------------

TEST_F(DiskTest, AFailedOperationHasNoEffect) {
  const FaultId failing = disk.add(DiskErrors{Ratio(1, 1), Ratio(0, 1), Ratio(0, 1)});
  EXPECT_EQ(run(append_op(kLog, "abc")).outcome, DiskOutcome::Failed);
  EXPECT_TRUE(disk.image().files.empty());
  disk.heal(failing);
  EXPECT_EQ(run(append_op(kLog, "abc")).outcome, DiskOutcome::Ok);
}

TEST_F(DiskTest, AnUnknownOutcomeIsAnEffectOrNone) {
  disk.add(DiskErrors{Ratio(0, 1), Ratio(1, 1), Ratio(0, 1)});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(run(append_op(kLog, "x")).outcome, DiskOutcome::Unknown);
  }
  EXPECT_NEAR(static_cast<double>(content(kLog).size()), 500, 60);
  EXPECT_EQ(disk.counters().unknown, 1000u);
}

TEST_F(DiskTest, SilentDamageComesAsOftenAsTheErrorsSayAndFailsNothing) {
  EXPECT_EQ(disk.draw_silent_damage(), 0u);
  const FaultId silent = disk.add(DiskErrors{Ratio(0, 1), Ratio(0, 1), Ratio(1, 4)});
  int damaged = 0;
  for (int i = 0; i < 1000; ++i) damaged += disk.draw_silent_damage() != 0 ? 1 : 0;
  EXPECT_NEAR(damaged, 250, 50);
  EXPECT_EQ(run(append_op(kLog, "abc")).outcome, DiskOutcome::Ok);
  disk.heal(silent);
  EXPECT_EQ(disk.draw_silent_damage(), 0u);
}

// --- Crashes ------------------------------------------------------------------------------------

TEST_F(DiskTest, ACrashKeepsWhatWasSynced) {
  run(append_op(kLog, "synced"));
  run(sync_op(kLog));
  run(append_op(kLog, "unsynced"));
  Random random(1);
  disk.crash(kAllLost, random);
  EXPECT_EQ(content(kLog), "synced");
  EXPECT_EQ(disk.used(), Bytes(6));
}

TEST_F(DiskTest, AFileNeverSyncedVanishes) {
  run(append_op(kLog, "unsynced"));
  Random random(1);
  disk.crash(kAllLost, random);
  EXPECT_TRUE(disk.image().files.empty());
  EXPECT_EQ(disk.used(), Bytes(0));
  EXPECT_EQ(disk.counters().files_vanished, 1u);
}

TEST_F(DiskTest, OfTheOperationsInFlightAnyFirstOnesHaveHappened) {
  std::array<int, 4> seen{};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Disk fresh(plain_spec(), Bytes(0), NodeId(0), streams);
    for (const char* data : {"a", "b", "c"}) fresh.submit(at(0), append_op(kLog, data, true));
    Random random(seed);
    fresh.crash(kAllLost, random);
    const DiskImage image = fresh.image();
    const std::string kept = image.files.empty() ? "" : image.files[0].data;
    ASSERT_EQ(kept, std::string("abc").substr(0, kept.size()));
    ++seen.at(kept.size());
  }
  for (const int times : seen) EXPECT_GT(times, 20);
}

TEST_F(DiskTest, ADeletedFileMayBeBackAfterACrashAsItWasSynced) {
  const CrashFate all_back{{}, Ratio(1, 1)};
  run(append_op(kOther, "abc", true));
  run(append_op(kOther, "def"));
  run(remove_op(kOther));
  run(append_op(kLog, "x", true));
  EXPECT_EQ(disk.files_size(), Bytes(1));
  Random random(1);
  disk.crash(all_back, random);
  EXPECT_EQ(content(kOther), "abc");
  EXPECT_EQ(content(kLog), "x");
  EXPECT_EQ(disk.files_size(), Bytes(4));
  EXPECT_EQ(disk.counters().files_undeleted, 1u);
  disk.crash(all_back, random);
  EXPECT_EQ(disk.counters().files_undeleted, 1u) << "it is no deleted one any more";
}

TEST_F(DiskTest, NoFileIsBackThatTheDiskHasStoppedWithoutOrHasNoRoomForOrHasAgain) {
  const CrashFate all_back{{}, Ratio(1, 1)};
  Random random(1);
  run(append_op(kOther, "abc", true));
  run(remove_op(kOther));
  disk.stop();
  disk.crash(all_back, random);
  EXPECT_EQ(content(kOther), "(none)");

  run(append_op(kOther, "abc", true));
  run(remove_op(kOther));
  run(append_op(kOther, "new", true));
  disk.crash(all_back, random);
  EXPECT_EQ(content(kOther), "new");

  run(remove_op(kOther));
  disk.fill(Bytes(2));
  disk.crash(all_back, random);
  EXPECT_EQ(content(kOther), "(none)");
}

TEST_F(DiskTest, DeletionsAreKeptAndNothingIsDrawnForThemUnlessACrashSaysSo) {
  for (std::uint32_t i = 0; i < 20; ++i) {
    run(append_op(FileId{i + 3}, "abc", true));
    run(remove_op(FileId{i + 3}));
  }
  Random random(1);
  Random untouched(1);
  disk.crash(kAllLost, random);
  EXPECT_EQ(random.next(), untouched.next());
  EXPECT_EQ(disk.files_size(), Bytes(0));
  disk.crash({{}, Ratio(1, 1)}, random);
  EXPECT_EQ(disk.counters().files_undeleted, kUndeletedMax);
}

TEST_F(DiskTest, ACrashVoidsWhatWasInFlight) {
  disk.submit(at(0), append_op(kLog, "abc"));
  Random random(1);
  disk.crash(kAllLost, random);
  EXPECT_EQ(disk.in_flight(), 0u);
  EXPECT_EQ(disk.submit(at(0), append_op(kLog, "x")).done_at, at(11));
}

TEST_F(DiskTest, ACleanStopKeepsEverything) {
  run(append_op(kLog, "abc"));
  disk.submit(at(0), append_op(kLog, "def"));
  disk.stop();
  Random random(1);
  disk.crash(kAllLost, random);
  EXPECT_EQ(content(kLog), "abcdef");
}

TEST_F(DiskTest, ACopyGoesOnByItself) {
  run(append_op(kLog, "abc"));
  Disk copy = disk;
  run(copy, append_op(kLog, "def"));
  EXPECT_EQ(content(kLog), "abc");
  EXPECT_EQ(copy.image().files[0].data, "abcdef");
}

// --- Loss and damage ----------------------------------------------------------------------------

TEST_F(DiskTest, ACrashTearsTheWriteThatWasUnderWay) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    Disk crashed(plain_spec(), Bytes(0), NodeId(0), streams);
    run(crashed, append_op(kLog, "synced", true));
    crashed.submit(at(0), append_op(kLog, "new", true));
    Random random(seed);
    crashed.crash({{Ratio(0, 1), Ratio(0, 1), Ratio(1, 1)}}, random);
    const std::string data = crashed.image().files.at(0).data;
    EXPECT_EQ(data.substr(0, 6), "synced");
    EXPECT_EQ(data.size(), 9u);
    seen.insert(data.substr(6));
  }
  EXPECT_TRUE(seen.contains("new")) << "it was over already";
  EXPECT_GT(seen.size(), 4u);
}

TEST_F(DiskTest, AReplacedDiskIsEmptyAndSaysSo) {
  run(append_op(kLog, "abc", true));
  EXPECT_FALSE(disk.image().is_replacement);
  disk.replace();
  EXPECT_TRUE(disk.image().is_replacement);
  EXPECT_TRUE(disk.image().files.empty());
  EXPECT_EQ(disk.used(), Bytes(0));
}

TEST_F(DiskTest, ExchangedDisksKeepWhatIsOnThemAndAreReplacements) {
  Disk other(plain_spec(), Bytes(0), NodeId(1), streams);
  run(append_op(kLog, "abc", true));
  run(other, append_op(kLog, "defgh", true));
  run(other, append_op(kOther, "i", true));
  disk.exchange(other);
  EXPECT_EQ(content(kLog), "defgh");
  EXPECT_EQ(content(kOther), "i");
  EXPECT_EQ(disk.used(), Bytes(6));
  EXPECT_EQ(other.used(), Bytes(3));
  EXPECT_EQ(other.image().files.size(), 1u);
  EXPECT_TRUE(disk.image().is_replacement);
  EXPECT_TRUE(other.image().is_replacement);
  run(append_op(kLog, "x", true));
  EXPECT_EQ(content(kLog), "defghx");
  EXPECT_EQ(other.image().files.at(0).data, "abc");
}

TEST_F(DiskTest, ADiskIsKnownWhereverItHasBeen) {
  Disk other(plain_spec(), Bytes(0), NodeId(1), streams);
  Disk third(plain_spec(), Bytes(0), NodeId(2), streams);
  const auto may_be_swapped = [](const Disk& a, const Disk& b) {
    return !a.has_had_disk_of(b) && !b.has_had_disk_of(a);
  };
  EXPECT_TRUE(may_be_swapped(disk, other));
  disk.exchange(other);
  EXPECT_FALSE(may_be_swapped(disk, other)) << "both would be back";
  EXPECT_TRUE(may_be_swapped(other, third));
  other.exchange(third);
  EXPECT_FALSE(may_be_swapped(disk, third)) << "the first one's disk would be back";
  third.replace();
  EXPECT_TRUE(may_be_swapped(disk, third));
}

TEST_F(DiskTest, DamageOfADiskConcernsNobodyInItsNewPlace) {
  Disk other(plain_spec(), Bytes(0), NodeId(1), streams);
  run(append_op(kLog, std::string(1000, 'a'), true));
  run(append_op(kLog, std::string(1000, 'b'), true));
  Random random(1);
  disk.rot(1, random);
  disk.exchange(other);
  EXPECT_FALSE(other.is_rotten());
  other.rot(1, random);
  EXPECT_TRUE(other.is_rotten());
}

TEST_F(DiskTest, OtherDataMakesRoomForADiskThatComes) {
  Disk small(plain_spec(), Bytes(10), NodeId(1), streams);
  Disk other(plain_spec(), Bytes(10), NodeId(2), streams);
  run(other, append_op(kLog, std::string(8, 'x'), true));
  small.fill(Bytes(2));
  small.exchange(other);
  EXPECT_EQ(small.used(), Bytes(10));
  EXPECT_EQ(run(small, append_op(kOther, "y", true)).outcome, DiskOutcome::Full);
  run(small, remove_op(kLog));
  EXPECT_EQ(run(small, append_op(kOther, "yz", true)).outcome, DiskOutcome::Ok);
  EXPECT_EQ(run(small, append_op(kOther, "!", true)).outcome, DiskOutcome::Full);
}

TEST_F(DiskTest, RotSparesWhatWasSyncedLast) {
  Random random(1);
  EXPECT_EQ(disk.rot(5, random), 0u);
  run(append_op(kLog, std::string(1000, 'a'), true));
  EXPECT_EQ(disk.rot(5, random), 0u);
  EXPECT_FALSE(disk.is_rotten());
  run(append_op(kLog, std::string(1000, 'b'), true));
  EXPECT_EQ(disk.rot(5, random), 2u);
  EXPECT_TRUE(disk.is_rotten());
  EXPECT_EQ(content(kLog).substr(1000), std::string(1000, 'b'));
  EXPECT_NE(content(kLog).substr(0, 1000), std::string(1000, 'a'));
}

TEST_F(DiskTest, AMisdirectedSectorIsWhereAnotherWasAndNotInItsOwnPlace) {
  Random random(1);
  run(append_op(kLog, std::string(512, 'a') + std::string(512, 'b'), true));
  EXPECT_EQ(disk.misdirect(5, random), 0u) << "it was synced last";
  run(append_op(kLog, std::string(512, 'c'), true));
  EXPECT_EQ(disk.misdirect(5, random), 1u) << "one pair of sectors";
  EXPECT_TRUE(disk.is_rotten());
  const std::string a = content(kLog).substr(0, 512);
  const std::string b = content(kLog).substr(512, 512);
  EXPECT_EQ(content(kLog).substr(1024), std::string(512, 'c'));
  const bool is_a_over_b = b == std::string(512, 'a') && a != b && a != std::string(512, 'b');
  const bool is_b_over_a = a == std::string(512, 'b') && a != b && b != std::string(512, 'a');
  EXPECT_TRUE(is_a_over_b || is_b_over_a);
}

TEST_F(DiskTest, RotTakesOlderFilesWholeAndGoesWithThem) {
  Random random(1);
  run(append_op(kLog, std::string(1000, 'a'), true));
  run(append_op(kOther, std::string(1000, 'b'), true));
  EXPECT_EQ(disk.rot(5, random), 2u);
  EXPECT_EQ(content(kOther), std::string(1000, 'b'));
  run(remove_op(kLog));
  EXPECT_FALSE(disk.is_rotten());
}

TEST_F(DiskTest, WhatACrashLeftOfAnUnfinishedWriteIsNotTheLastOne) {
  Random random(1);
  run(append_op(kLog, std::string(600, 'a'), true));
  run(append_op(kLog, std::string(600, 'b'), true));
  run(append_op(kOther, "unsynced"));
  disk.crash({{Ratio(1, 1), Ratio(0, 1), Ratio(0, 1)}}, random);
  EXPECT_EQ(disk.rot(9, random), 2u);
  EXPECT_EQ(content(kLog).substr(600), std::string(600, 'b'));
}

}  // namespace
}  // namespace shardproof::sim
