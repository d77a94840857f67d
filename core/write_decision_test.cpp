// SPDX-License-Identifier: Apache-2.0
#include "core/write_decision.hpp"

#include <map>

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

using test::document;
using test::operation;

class MapLookup final : public KeyLookup {
 public:
  VersionedDocument latest(std::string_view key) const override {
    const auto it = known.find(std::string(key));
    return it == known.end() ? VersionedDocument{} : it->second;
  }
  std::map<std::string, VersionedDocument> known;
};

class WriteDecisionTest : public testing::Test {
 protected:
  WriteDecisionTest() { lookup.known["a"] = {kPresent, document("a")}; }

  WriteDecision decide(OperationKind kind, DocumentRef of, Version expected = {}) const {
    return decide_write(*operation(kind, std::move(of), expected), config, lookup);
  }
  WriteDecision decide(std::vector<TransactionStep> steps) const {
    auto* made = new Operation;
    made->kind = OperationKind::Transaction;
    made->steps = std::move(steps);
    return decide_write(*OperationRef(made), config, lookup);
  }

  static constexpr Version kPresent{Epoch(2), LogIndex(7)};
  CollectionConfig config = test::collection();
  MapLookup lookup;
};

TEST_F(WriteDecisionTest, AnInsertNeedsAKeyThatDoesNotLive) {
  EXPECT_EQ(decide(OperationKind::Insert, document("b")).status, ReplyStatus::Ok);
  const WriteDecision refused = decide(OperationKind::Insert, document("a"));
  EXPECT_EQ(refused.status, ReplyStatus::AlreadyExists);
  EXPECT_EQ(refused.present.version, kPresent);
  EXPECT_TRUE(refused.mutations.empty());
}

TEST_F(WriteDecisionTest, AReplaceIsAnUpsert) {
  EXPECT_EQ(decide(OperationKind::Replace, document("a")).status, ReplyStatus::Ok);
  EXPECT_EQ(decide(OperationKind::Replace, document("b")).status, ReplyStatus::Ok);
}

TEST_F(WriteDecisionTest, ARemovalLeavesATombstone) {
  const WriteDecision removed = decide(OperationKind::Remove, document("a"));
  ASSERT_EQ(removed.mutations.size(), 1u);
  EXPECT_TRUE(removed.mutations[0].tombstone);
  EXPECT_EQ(decide(OperationKind::Remove, document("b")).status, ReplyStatus::NotFound);
}

TEST_F(WriteDecisionTest, ACompareAndSwapNeedsTheExactVersion) {
  EXPECT_EQ(decide(OperationKind::CompareAndSwap, document("a"), kPresent).status, ReplyStatus::Ok);
  const Version older{Epoch(2), LogIndex(6)};
  EXPECT_EQ(decide(OperationKind::CompareAndSwap, document("a"), older).status,
            ReplyStatus::VersionMismatch);
  EXPECT_EQ(decide(OperationKind::CompareAndSwap, document("b"), Version::zero()).status,
            ReplyStatus::Ok);
}

TEST_F(WriteDecisionTest, ACompareAndSwapComparesWithTheTombstonesVersionToo) {
  lookup.known["a"] = {kPresent, nullptr};
  EXPECT_EQ(decide(OperationKind::CompareAndSwap, document("a"), Version::zero()).status,
            ReplyStatus::VersionMismatch);
  EXPECT_EQ(decide(OperationKind::CompareAndSwap, document("a"), kPresent).status, ReplyStatus::Ok);
}

TEST_F(WriteDecisionTest, ADocumentKeepsItsShardKey) {
  config.shard_key = {"customer"};
  const auto with_customer = [](const char* customer) {
    auto* made = new Document;
    made->key = "a";
    made->fields.push_back({"customer", std::string(customer)});
    return DocumentRef(made);
  };
  lookup.known["a"] = {kPresent, with_customer("c1")};
  EXPECT_EQ(decide(OperationKind::Replace, with_customer("c1")).status, ReplyStatus::Ok);
  EXPECT_EQ(decide(OperationKind::Replace, with_customer("c2")).status,
            ReplyStatus::ShardKeyChanged);
}

TEST_F(WriteDecisionTest, ATransactionsStepsSeeTheOnesBefore) {
  const WriteDecision all = decide({{OperationKind::Remove, document("a")},
                                    {OperationKind::Insert, document("a", 2)},
                                    {OperationKind::Insert, document("b")}});
  EXPECT_EQ(all.status, ReplyStatus::Ok);
  ASSERT_EQ(all.mutations.size(), 3u);
  EXPECT_TRUE(all.mutations[0].tombstone);
  EXPECT_EQ(all.mutations[1].document->content, 2u);
}

TEST_F(WriteDecisionTest, ATransactionWithoutStepsEndsAsItSays) {
  Operation reminder;
  reminder.kind = OperationKind::Transaction;
  reminder.outcome = ReplyStatus::VersionMismatch;
  const WriteDecision decision = decide_write(reminder, config, lookup);
  EXPECT_EQ(decision.status, ReplyStatus::VersionMismatch);
  EXPECT_TRUE(decision.mutations.empty());
}

TEST_F(WriteDecisionTest, OneStepThatCannotBeDoneRefusesTheWholeTransaction) {
  const WriteDecision none =
      decide({{OperationKind::Insert, document("b")}, {OperationKind::Insert, document("b")}});
  EXPECT_EQ(none.status, ReplyStatus::AlreadyExists);
  EXPECT_TRUE(none.mutations.empty());
}

}  // namespace
}  // namespace shardproof
