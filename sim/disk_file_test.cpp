// SPDX-License-Identifier: Apache-2.0
#include "sim/disk_file.hpp"

#include <set>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

constexpr UnsyncedOutcome kAllKept{Ratio(1, 1), Ratio(0, 1), Ratio(0, 1)};
constexpr UnsyncedOutcome kAllLost{Ratio(0, 1), Ratio(1, 1), Ratio(0, 1)};
constexpr UnsyncedOutcome kAllTorn{Ratio(0, 1), Ratio(0, 1), Ratio(1, 1)};
constexpr UnsyncedOutcome kAllGarbage{Ratio(0, 1), Ratio(0, 1), Ratio(0, 1), Ratio(1, 1)};

DiskAppendFile file_with(std::string_view synced, std::string_view unsynced) {
  DiskAppendFile file;
  file.append(synced, Bytes(synced.size()));
  file.sync();
  file.append(unsynced, Bytes(unsynced.size()));
  return file;
}

TEST(DiskAppendFile, WhatIsLostEndsTheFileAtTheSyncedPrefix) {
  DiskAppendFile file = file_with("synced", "unsynced");
  Random random(1);
  SectorCounters counters;
  file.crash(kAllLost, random, counters);
  EXPECT_EQ(file.data(), "synced");
  EXPECT_EQ(file.size(), Bytes(6));
  EXPECT_EQ(counters.lost, 1u);
}

TEST(DiskAppendFile, WhatIsKeptIsDurableFromThenOn) {
  DiskAppendFile file = file_with("synced", "unsynced");
  Random random(1);
  SectorCounters counters;
  file.crash(kAllKept, random, counters);
  EXPECT_EQ(file.data(), "syncedunsynced");
  file.crash(kAllLost, random, counters);
  EXPECT_EQ(file.data(), "syncedunsynced");
  EXPECT_EQ(counters.kept, 1u);
}

TEST(DiskAppendFile, SectorsShareTheirFateAtMultiplesOf512) {
  // 500 synced bytes; the tail touches the rest of sector 0, sector 1 and one byte of sector 2.
  DiskAppendFile file = file_with(std::string(500, 's'), std::string(525, 'u'));
  Random random(1);
  SectorCounters counters;
  file.crash(kAllLost, random, counters);
  EXPECT_EQ(counters.lost, 3u);
  EXPECT_EQ(file.data(), std::string(500, 's'));
}

TEST(DiskAppendFile, ALostSectorBeforeAKeptOneReadsAsZeros) {
  const UnsyncedOutcome half{Ratio(1, 2), Ratio(1, 2), Ratio(0, 1)};
  bool seen = false;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    DiskAppendFile file = file_with("", std::string(1024, 'u'));
    Random random(seed);
    SectorCounters counters;
    file.crash(half, random, counters);
    if (file.data() == std::string(512, '\0') + std::string(512, 'u')) seen = true;
    const std::set<std::size_t> lengths{0, 512, 1024};
    EXPECT_TRUE(lengths.count(file.data().size()) == 1);
  }
  EXPECT_TRUE(seen);
}

/// How the eight unsynced bytes behind eight synced ones look after being torn with one seed.
std::string torn_tail(std::uint64_t seed) {
  DiskAppendFile file = file_with("ssssssss", "uuuuuuuu");
  Random random(seed);
  SectorCounters counters;
  file.crash(kAllTorn, random, counters);
  EXPECT_EQ(file.data().substr(0, 8), "ssssssss");
  EXPECT_EQ(counters.torn, 1u);
  return file.data().substr(8);
}

TEST(DiskAppendFile, ATornSectorTakesEveryShape) {
  std::set<std::size_t> new_at_front;
  std::set<std::size_t> new_at_end;
  bool noise = false;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const std::string tail = torn_tail(seed);
    ASSERT_EQ(tail.size(), 8u);
    if (tail == "uuuuuuuu") continue;  // noise that happens to be the same
    const std::size_t front = tail.find_first_not_of('u');
    const std::size_t end = tail.size() - 1 - tail.find_last_not_of('u');
    const std::string old = tail.substr(front, tail.size() - front - end);
    if (old == std::string(old.size(), '\0')) {
      if (end == 0) new_at_front.insert(front);
      if (front == 0) new_at_end.insert(end);
    } else {
      noise = true;
    }
  }
  const std::set<std::size_t> every{0, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_EQ(new_at_front, every);
  EXPECT_EQ(new_at_end, every);
  EXPECT_TRUE(noise);
}

TEST(DiskAppendFile, AGarbageSectorHasOtherBytesAndItsLength) {
  DiskAppendFile file = file_with("synced", std::string(100, 'u'));
  Random random(1);
  SectorCounters counters;
  file.crash(kAllGarbage, random, counters);
  ASSERT_EQ(file.data().size(), 106u);
  EXPECT_EQ(file.data().substr(0, 6), "synced");
  EXPECT_EQ(file.data().find(std::string(10, 'u')), std::string::npos);
  EXPECT_EQ(counters.garbage, 1u);
}

TEST(DiskAppendFile, RotChangesOneByteOfTheStretch) {
  DiskAppendFile file = file_with("synced", "");
  Random random(1);
  file.rot(2, 4, random);
  EXPECT_TRUE(file.is_rotten());
  EXPECT_NE(file.data(), "synced");
  EXPECT_EQ(file.data().substr(0, 2), "sy");
  EXPECT_EQ(file.data().substr(4), "ed");
}

TEST(DiskAppendFile, WhatIsSpoiledKeepsItsLength) {
  DiskAppendFile file = file_with("synced", "");
  file.spoil(1, "xx");
  EXPECT_TRUE(file.is_rotten());
  EXPECT_EQ(file.data(), "sxxced");
}

TEST(DiskAppendFile, SpaceOfLostAppendsIsGivenBack) {
  DiskAppendFile file;
  file.append("abc", Bytes(1000));
  file.sync();
  file.append(std::string(509, 'x'), Bytes(7000));
  file.append("tail", Bytes(500));
  Random random(1);
  SectorCounters counters;
  file.crash(kAllLost, random, counters);
  EXPECT_EQ(file.size(), Bytes(1000));
}

TEST(DiskAppendFile, APartOfAnAppendOccupiesItsBareBytes) {
  // The first append ends with sector 0; of the second nothing but sector 1 may stay.
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    DiskAppendFile file;
    file.append(std::string(512, 'a'), Bytes(5000));
    file.append(std::string(1024, 'b'), Bytes(9000));
    Random random(seed);
    SectorCounters counters;
    file.crash({Ratio(1, 2), Ratio(1, 2), Ratio(0, 1)}, random, counters);
    if (file.data().size() == 1024) {
      EXPECT_EQ(file.size(), Bytes(5512));
    }
    if (file.data().size() == 1536) {
      EXPECT_EQ(file.size(), Bytes(14'000));
    }
  }
}

TEST(DrawFate, KeepsToTheRatios) {
  const UnsyncedOutcome outcome{Ratio(1, 2), Ratio(1, 4), Ratio(1, 8), Ratio(1, 8)};
  Random random(7);
  int kept = 0;
  int lost = 0;
  int torn = 0;
  for (int i = 0; i < 60'000; ++i) {
    const SectorFate fate = draw_fate(outcome, random);
    kept += fate == SectorFate::Kept ? 1 : 0;
    lost += fate == SectorFate::Lost ? 1 : 0;
    torn += fate == SectorFate::Torn ? 1 : 0;
  }
  EXPECT_NEAR(kept, 30'000, 600);
  EXPECT_NEAR(lost, 15'000, 600);
  EXPECT_NEAR(torn, 7'500, 600);
}

}  // namespace
}  // namespace shardproof::sim
