// SPDX-License-Identifier: Apache-2.0
#include "sim/check/log_lineage.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim::check {
namespace {

Version at(std::uint64_t epoch, std::uint64_t index) { return {Epoch(epoch), LogIndex(index)}; }

/// e1 writes 1..3; e2 goes on behind 3 with 4..5; e3, without e2's entries, behind 2 with 3..6.
LogLineage make_fork() {
  LogLineage lineage;
  for (std::uint64_t i = 1; i <= 3; ++i)
    lineage.accept(at(1, i), i == 1 ? Version() : at(1, i - 1));
  lineage.accept(at(2, 4), at(1, 3));
  lineage.accept(at(2, 5), at(2, 4));
  lineage.accept(at(3, 3), at(1, 2));
  for (std::uint64_t i = 4; i <= 6; ++i) lineage.accept(at(3, i), at(3, i - 1));
  return lineage;
}

TEST(LogLineage, ALogContainsItsOwnEntriesAndThoseBefore) {
  const LogLineage lineage = make_fork();
  EXPECT_TRUE(lineage.contains(at(2, 5), at(2, 4)));
  EXPECT_TRUE(lineage.contains(at(2, 5), at(1, 3)));
  EXPECT_FALSE(lineage.contains(at(2, 4), at(2, 5)));
  EXPECT_FALSE(lineage.contains(at(1, 3), at(2, 4)));
  EXPECT_TRUE(lineage.contains(Version(), Version()));
  EXPECT_TRUE(lineage.contains(at(3, 6), Version()));
  EXPECT_FALSE(lineage.contains(Version(), at(1, 1)));
}

TEST(LogLineage, ALaterEpochNeedNotContainAnEarlierOne) {
  const LogLineage lineage = make_fork();
  EXPECT_TRUE(lineage.contains(at(3, 6), at(1, 2)));
  EXPECT_FALSE(lineage.contains(at(3, 6), at(1, 3)));
  EXPECT_FALSE(lineage.contains(at(3, 6), at(2, 4)));
}

TEST(LogLineage, TheVersionAtAnIndexDependsOnTheLog) {
  const LogLineage lineage = make_fork();
  EXPECT_EQ(lineage.version_at(at(2, 5), LogIndex(3)), at(1, 3));
  EXPECT_EQ(lineage.version_at(at(3, 6), LogIndex(3)), at(3, 3));
  EXPECT_EQ(lineage.version_at(at(3, 6), LogIndex(2)), at(1, 2));
  EXPECT_EQ(lineage.version_at(at(3, 6), LogIndex(7)), Version());
  EXPECT_EQ(lineage.version_at(at(3, 6), LogIndex()), Version());
}

TEST(LogLineage, LogsShareWhatIsBeforeTheirFork) {
  const LogLineage lineage = make_fork();
  EXPECT_EQ(lineage.last_common(at(2, 5), at(3, 6)), at(1, 2));
  EXPECT_EQ(lineage.last_common(at(3, 6), at(2, 5)), at(1, 2));
  EXPECT_EQ(lineage.last_common(at(1, 3), at(2, 4)), at(1, 3));
  EXPECT_EQ(lineage.last_common(at(2, 5), at(2, 4)), at(2, 4));
  EXPECT_EQ(lineage.last_common(at(2, 5), Version()), Version());
  EXPECT_EQ(lineage.last_common(at(4, 9), at(2, 5)), Version());
}

TEST(LogLineage, KnowsOnlyWhatWasAccepted) {
  const LogLineage lineage = make_fork();
  EXPECT_TRUE(lineage.knows(at(2, 5)));
  EXPECT_FALSE(lineage.knows(at(2, 6)));
  EXPECT_FALSE(lineage.knows(at(2, 3)));
  EXPECT_FALSE(lineage.knows(at(4, 1)));
}

TEST(LogLineage, RefusesPlacesThatAreTakenOrDoNotFollow) {
  const LogLineage lineage = make_fork();
  EXPECT_TRUE(lineage.accepts(at(3, 7), at(3, 6)));
  EXPECT_FALSE(lineage.accepts(at(3, 6), at(3, 5)));
  EXPECT_FALSE(lineage.accepts(at(3, 8), at(3, 6)));
  EXPECT_FALSE(lineage.accepts(at(4, 9), at(3, 8)));
  EXPECT_FALSE(lineage.accepts(at(2, 6), at(3, 5)));
  EXPECT_TRUE(lineage.accepts(at(4, 6), at(2, 5)));
}

}  // namespace
}  // namespace shardproof::sim::check
