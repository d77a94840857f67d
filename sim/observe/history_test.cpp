// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/history.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

using Outcome = HistoryRecord::Outcome;
using Sight = HistoryRecord::Sight;

DocumentRef document(const std::string& key, std::uint64_t content) {
  auto* made = new Document;
  made->key = key;
  made->content = content;
  return DocumentRef(made);
}

class HistoryTest : public ::testing::Test {
 protected:
  /// Asks and is answered in the next event.
  const HistoryRecord& one(OperationKind kind, DocumentRef asked, ReplyStatus status,
                           VersionedDocument result = {}, Version expected = {}) {
    Operation operation;
    operation.kind = kind;
    operation.document = std::move(asked);
    operation.expected = expected;
    const RequestId request{ClientId(3), ++sequence_};
    history_.on_ask(request, operation, CollectionId(0), Instant(seconds(1)), event_++);
    message::ClientReply reply;
    reply.request = request;
    reply.status = status;
    reply.result = std::move(result);
    history_.on_answer(reply, Instant(seconds(2)), event_++);
    return history_.records().back();
  }

  History history_{true};
  std::uint32_t sequence_ = 0;
  std::uint64_t event_ = 1;
};

constexpr Version kV7{Epoch(1), LogIndex(7)};

TEST_F(HistoryTest, KeepsWhatWasAskedAndTold) {
  const HistoryRecord& read =
      one(OperationKind::Read, document("a", 0), ReplyStatus::Ok, {kV7, document("a", 70)});
  EXPECT_EQ(read.client, ClientId(3));
  EXPECT_EQ(read.outcome, Outcome::kDone);
  EXPECT_EQ(read.sight, Sight::kValue);
  EXPECT_EQ(read.seen, 70u);
  EXPECT_EQ(read.asked_at, Instant(seconds(1)));
  EXPECT_EQ(read.answered_at, Instant(seconds(2)));
  EXPECT_EQ(read.asked_event, 1u);
  EXPECT_EQ(read.answered_event, 2u);
  const HistoryRecord& write = one(OperationKind::Replace, document("a", 71), ReplyStatus::Ok);
  EXPECT_EQ(write.written, 71u);
  EXPECT_EQ(write.outcome, Outcome::kDone);
  EXPECT_EQ(write.sight, Sight::kNothing);
}

TEST_F(HistoryTest, TellsRefusalsFromUnknownOutcomes) {
  const auto outcome = [&](ReplyStatus status) {
    return one(OperationKind::Insert, document("a", 1), status).outcome;
  };
  EXPECT_EQ(outcome(ReplyStatus::AlreadyExists), Outcome::kRefused);
  EXPECT_EQ(outcome(ReplyStatus::MissingShardKeyField), Outcome::kRefused);
  EXPECT_EQ(outcome(ReplyStatus::Unknown), Outcome::kUnknown);
  EXPECT_EQ(outcome(ReplyStatus::DiskFull), Outcome::kUnknown);
  EXPECT_EQ(outcome(ReplyStatus::Unavailable), Outcome::kUnknown);
}

TEST_F(HistoryTest, ARefusalThatIsRepeatedWithoutTheDocumentSaysLess) {
  const auto sight = [&](OperationKind kind, ReplyStatus status, VersionedDocument result) {
    return one(kind, document("a", 1), status, std::move(result)).sight;
  };
  const VersionedDocument there{kV7, document("a", 70)};
  const VersionedDocument untold{kV7, nullptr};
  EXPECT_EQ(sight(OperationKind::Insert, ReplyStatus::AlreadyExists, there), Sight::kValue);
  EXPECT_EQ(sight(OperationKind::Insert, ReplyStatus::AlreadyExists, untold), Sight::kLive);
  EXPECT_EQ(sight(OperationKind::Remove, ReplyStatus::NotFound, untold), Sight::kAbsent);
  EXPECT_EQ(sight(OperationKind::CompareAndSwap, ReplyStatus::VersionMismatch, untold),
            Sight::kNothing);
}

TEST_F(HistoryTest, ASwapReplacesWhatItsClientReadLastAtThatVersion) {
  one(OperationKind::Read, document("a", 0), ReplyStatus::Ok, {kV7, document("a", 70)});
  const HistoryRecord& swap =
      one(OperationKind::CompareAndSwap, document("a", 71), ReplyStatus::Ok, {}, kV7);
  EXPECT_EQ(swap.sight, Sight::kValue);
  EXPECT_EQ(swap.seen, 70u);
  const HistoryRecord& other = one(OperationKind::CompareAndSwap, document("a", 72),
                                   ReplyStatus::Ok, {}, Version{Epoch(1), LogIndex(9)});
  EXPECT_EQ(other.sight, Sight::kNothing);
}

TEST_F(HistoryTest, EachStepOfATransactionIsAnOperation) {
  Operation transaction;
  transaction.kind = OperationKind::Transaction;
  transaction.steps = {{OperationKind::Replace, document("a", 1)},
                       {OperationKind::Remove, document("b", 0)}};
  history_.on_ask({ClientId(1), 1}, transaction, CollectionId(0), Instant(), 1);
  message::ClientReply reply;
  reply.request = {ClientId(1), 1};
  reply.status = ReplyStatus::NotFound;
  history_.on_answer(reply, Instant(), 2);
  ASSERT_EQ(history_.records().size(), 2u);
  EXPECT_EQ(history_.records()[0].kind, OperationKind::Replace);
  EXPECT_EQ(history_.records()[1].kind, OperationKind::Remove);
  for (const HistoryRecord& record : history_.records()) {
    EXPECT_EQ(record.outcome, Outcome::kRefused);
    EXPECT_EQ(record.sight, Sight::kNothing);
  }
}

TEST_F(HistoryTest, AnAnswerToAnEarlierRequestIsNotTaken) {
  Operation operation;
  operation.document = document("a", 0);
  history_.on_ask({ClientId(1), 2}, operation, CollectionId(0), Instant(), 1);
  message::ClientReply late;
  late.request = {ClientId(1), 1};
  late.status = ReplyStatus::NotFound;
  history_.on_answer(late, Instant(), 2);
  EXPECT_EQ(history_.records().back().outcome, Outcome::kOpen);
}

TEST_F(HistoryTest, KnowsKeysByCollectionAndText) {
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 3000; ++i) {
      Operation operation;
      operation.document = document(fmt::format("k{}", i / 2), 0);
      history_.on_ask({ClientId(1), i}, operation, CollectionId(i % 2), Instant(), 1);
    }
  }
  ASSERT_EQ(history_.keys().size(), 3000u);
  for (std::uint32_t i = 0; i < 6000; ++i) EXPECT_EQ(history_.records()[i].key, i % 3000);
  EXPECT_EQ(history_.keys()[7].document->key, "k3");
  EXPECT_EQ(history_.keys()[7].collection, CollectionId(1));
}

TEST_F(HistoryTest, KeepsADocumentWithTheShardKeyIfOneWasAskedFor) {
  auto* whole = new Document(*document("a", 1));
  whole->fields.push_back({"customer", "c"});
  one(OperationKind::Insert, document("a", 0), ReplyStatus::MissingShardKeyField);
  one(OperationKind::Insert, DocumentRef(whole), ReplyStatus::Ok);
  one(OperationKind::Read, document("a", 0), ReplyStatus::MissingShardKeyField);
  ASSERT_EQ(history_.keys().size(), 1u);
  EXPECT_EQ(history_.keys()[0].document.get(), whole);
}

TEST_F(HistoryTest, KeepsNothingThatNamesNoKeyAndNothingIfItDoesNotRecord) {
  Operation scan;
  scan.kind = OperationKind::Scan;
  history_.on_ask({ClientId(1), 1}, scan, CollectionId(0), Instant(), 1);
  EXPECT_TRUE(history_.records().empty());
  History off(false);
  Operation operation;
  operation.document = document("a", 0);
  off.on_ask({ClientId(1), 1}, operation, CollectionId(0), Instant(), 1);
  EXPECT_TRUE(off.records().empty());
}

}  // namespace
}  // namespace shardproof::sim
