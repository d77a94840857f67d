// SPDX-License-Identifier: Apache-2.0
#include "sim/history/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/history/history_testing.hpp"

namespace shardproof::sim::history {
namespace {

using Kind = Contradiction::Kind;
using ::testing::HasSubstr;

std::optional<Kind> kind_of(const std::vector<Told>& operations) {
  const auto found = judge_told(operations);
  return found ? std::optional(found->kind) : std::nullopt;
}

// --- Contents: the zones ------------------------------------------------------------------------

TEST(Judge, AReadAfterAWriteSeesIt) {
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), replace(0, 2, 3, 4), read(1, 2, 5, 6)}), std::nullopt);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), replace(0, 2, 3, 4), read(1, 1, 5, 6)}), Kind::kStale);
}

TEST(Judge, WhatIsUnderWayMayOrMayNotBeSeen) {
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), replace(0, 2, 3, 9), read(1, 1, 5, 6), read(1, 2, 7, 8)}),
            std::nullopt);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), replace(0, 2, 3, 9), read(1, 2, 5, 6), read(1, 1, 7, 8)}),
            Kind::kStale);
}

TEST(Judge, AnAnswerComesBeforeAQuestionOfTheSameEvent) {
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), replace(0, 2, 3, 5), read(1, 1, 5, 6)}), Kind::kStale);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), replace(0, 2, 3, 6), read(1, 1, 5, 6)}), std::nullopt);
}

TEST(Judge, TwoContentsDoNotTakeTurns) {
  EXPECT_EQ(kind_of({replace(0, 1, 1, 20), replace(1, 2, 1, 20), read(2, 1, 2, 3), read(2, 2, 4, 5),
                     read(2, 1, 6, 7)}),
            Kind::kStale);
}

TEST(Judge, AWriteOfUnknownOutcomeMayComeLateOrNever) {
  const Told unknown = with_status(replace(0, 2, 3, 4), ReplyStatus::Unknown);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), unknown, read(1, 1, 5, 6), read(1, 2, 7, 8)}),
            std::nullopt);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), unknown, read(1, 1, 5, 6)}), std::nullopt);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), unknown, read(1, 2, 5, 6), read(1, 1, 7, 8)}),
            Kind::kStale);
  const Told open = replace(0, 2, 3, 0);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), open, read(1, 1, 5, 6), read(1, 2, 7, 8)}), std::nullopt);
}

TEST(Judge, AContentComesFromAWriteThatWasNotRefused) {
  EXPECT_EQ(kind_of({read(1, 7, 1, 2)}), Kind::kNoSuchWrite);
  EXPECT_EQ(
      kind_of({replace(0, 1, 1, 2), with_status(insert(0, 2, 3, 4), ReplyStatus::AlreadyExists, 1),
               read(1, 2, 5, 6)}),
      Kind::kNoSuchWrite);
  EXPECT_EQ(kind_of({read(1, 1, 1, 2), replace(0, 1, 3, 4)}), Kind::kFuture);
}

TEST(Judge, ARetryableRefusalMayHaveItsEffectStill) {
  EXPECT_EQ(kind_of({with_status(replace(0, 1, 1, 2), ReplyStatus::Unavailable), read(1, 1, 5, 6)}),
            std::nullopt);
  EXPECT_EQ(kind_of({with_status(replace(0, 1, 1, 2), ReplyStatus::DiskFull), read(1, 1, 5, 6)}),
            std::nullopt);
}

TEST(Judge, WhatARefusalShowsIsSeen) {
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), replace(0, 2, 3, 4),
                     with_status(insert(1, 3, 5, 6), ReplyStatus::AlreadyExists, 1)}),
            Kind::kStale);
}

TEST(Judge, AContentThatWasAskedForTwiceIsNotJudged) {
  const Told first = with_status(insert(0, 1, 1, 2), ReplyStatus::Unknown);
  const History history =
      history_of({first, insert(0, 1, 3, 4), removal(1, 5, 6), read(2, 1, 7, 8)});
  EXPECT_EQ(judgement_of(history).documents, 0u);
  EXPECT_TRUE(judgement_of(history).findings.empty());
}

TEST(Judge, ARefusedInsertOfTheSameContentDoesNotCount) {
  const Told again = with_status(insert(0, 1, 3, 4), ReplyStatus::AlreadyExists, 1);
  EXPECT_EQ(kind_of({insert(0, 1, 1, 2), again, read(2, 1, 7, 8)}), std::nullopt);
}

// --- There or not -------------------------------------------------------------------------------

TEST(Judge, WhoFindsNothingDoesSoBeforeTheFirstWriteOrAfterARemoval) {
  EXPECT_EQ(kind_of({read(1, 0, 1, 2), replace(0, 1, 3, 4)}), std::nullopt);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), read(1, 0, 3, 4)}), Kind::kNeverRemoved);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), removal(0, 3, 4), read(1, 0, 5, 6)}), std::nullopt);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), removal(0, 3, 4), replace(0, 2, 5, 6), read(1, 0, 7, 8)}),
            Kind::kNeverRemoved);
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), with_status(removal(0, 3, 4), ReplyStatus::Unknown),
                     read(1, 1, 5, 6), read(1, 0, 7, 8)}),
            std::nullopt);
}

TEST(Judge, NothingIsFoundWhileAContentIsThere) {
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), read(1, 0, 3, 4), read(1, 1, 5, 6)}), Kind::kLost);
}

TEST(Judge, ARemovedContentDoesNotComeBack) {
  EXPECT_EQ(kind_of({replace(0, 1, 1, 2), removal(0, 3, 4), read(1, 1, 5, 6)}), Kind::kResurrected);
}

TEST(Judge, AnInsertFindsNothing) {
  EXPECT_EQ(kind_of({insert(0, 1, 1, 2), removal(0, 3, 4), insert(0, 2, 5, 6)}), std::nullopt);
  EXPECT_EQ(kind_of({insert(0, 1, 1, 2), insert(0, 2, 5, 6)}), Kind::kNeverRemoved);
}

TEST(Judge, ARemovalFindsSomething) {
  EXPECT_EQ(kind_of({removal(0, 3, 4)}), Kind::kNeverWritten);
  EXPECT_EQ(kind_of({insert(0, 1, 1, 2), removal(0, 3, 4), removal(1, 5, 6)}), Kind::kNeverWritten);
  EXPECT_EQ(kind_of({insert(0, 1, 1, 2), removal(0, 3, 6), removal(1, 4, 5)}), std::nullopt);
  EXPECT_EQ(kind_of({with_status(insert(0, 1, 1, 2), ReplyStatus::Unknown), removal(0, 3, 4)}),
            std::nullopt);
  EXPECT_EQ(kind_of({insert(0, 1, 1, 2), removal(0, 3, 4),
                     with_status(insert(1, 2, 5, 6), ReplyStatus::AlreadyExists)}),
            Kind::kNeverWritten);
}

// --- Swaps --------------------------------------------------------------------------------------

TEST(Judge, AContentIsSwappedOnce) {
  const std::vector<Told> reads = {replace(0, 1, 1, 2), read(1, 1, 3, 4), read(2, 1, 3, 4)};
  std::vector<Told> once = reads;
  once.push_back(swap(1, 1, 2, 5, 10));
  EXPECT_EQ(kind_of(once), std::nullopt);
  std::vector<Told> twice = once;
  twice.push_back(swap(2, 1, 3, 6, 9));
  EXPECT_EQ(kind_of(twice), Kind::kSwappedTwice);
}

TEST(Judge, ASwapReplacesWhatIsThere) {
  EXPECT_EQ(
      kind_of({replace(0, 1, 1, 2), read(1, 1, 3, 4), replace(0, 2, 5, 6), swap(1, 1, 3, 7, 8)}),
      Kind::kStale);
}

// --- The whole history --------------------------------------------------------------------------

TEST(Judge, AFindingSaysWhenItShowedAndWhatContradictsItself) {
  const History history =
      history_of({replace(0, 1, 1, 2), replace(0, 2, 3, 4), read(1, 1, 5, 6), read(1, 2, 8, 9)});
  const Judgement judgement = judgement_of(history);
  EXPECT_EQ(judgement.documents, 1u);
  ASSERT_EQ(judgement.findings.size(), 1u);
  const Finding& finding = judgement.findings.front();
  EXPECT_EQ(finding.time, time_of(6));
  EXPECT_EQ(finding.event, 6u);
  EXPECT_THAT(finding.message, HasSubstr("\"a\": k1's read -> #1 was asked for when #2 was there"));
}

TEST(Judge, WhatIsExcusedIsNotReported) {
  const History history = history_of({read(1, 7, 1, 2)});
  const auto is_excused = [](const History::Key& key) { return key.document->key == "a"; };
  EXPECT_TRUE(judge(history, {}, is_excused).findings.empty());
}

}  // namespace
}  // namespace shardproof::sim::history
