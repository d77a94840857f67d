// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted violations of what is promised to who asks for a write: decided by what its keys hold,
/// told as it was decided, and without effect where none was promised.
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

OperationRef make_transaction(std::vector<TransactionStep> steps) {
  auto* operation = new Operation;
  operation->kind = OperationKind::Transaction;
  operation->collection = CollectionId(0);
  operation->steps = std::move(steps);
  return OperationRef(operation);
}

OperationRef make_swap(DocumentRef document, Version expected) {
  auto* operation = new Operation;
  operation->kind = OperationKind::CompareAndSwap;
  operation->collection = CollectionId(0);
  operation->document = std::move(document);
  operation->expected = expected;
  return OperationRef(operation);
}

class OutcomeTest : public ::testing::Test {
 protected:
  explicit OutcomeTest(const StoryOptions& options = StoryOptions()) : story(options) {}

  RequestId ask(const OperationRef& operation) {
    const RequestId request = story.next_request();
    story.suite.on_invoke(request, operation, story.at(NodeId::none()));
    return request;
  }
  /// What an accepted operation writes.
  static std::vector<Mutation> writes_of(const Operation& operation) {
    if (operation.kind != OperationKind::Transaction) {
      return {{operation.document, operation.kind == OperationKind::Remove}};
    }
    std::vector<Mutation> mutations;
    for (const TransactionStep& step : operation.steps) {
      mutations.push_back({step.document, step.kind == OperationKind::Remove});
    }
    return mutations;
  }
  EntryRef accept(RequestId request, ReplyStatus outcome, std::vector<Mutation> mutations) {
    auto* entry = new LogEntry;
    entry->version = {story.info().epoch, story.last.index.next()};
    entry->request = request;
    entry->outcome = outcome;
    for (Mutation& mutation : mutations) entry->mutations.push_back(std::move(mutation));
    const EntryRef accepted(entry);
    story.tell(story.info().leader,
               fact::WriteAccepted{kS0, story.info().epoch, accepted, story.last});
    story.last = accepted->version;
    return accepted;
  }
  void commit(const EntryRef& entry) {
    const NodeId leader = story.info().leader;
    for (const NodeId node : story.info().replicas) story.durable(node);
    story.apply(leader, entry);
    if (entry->outcome == ReplyStatus::Ok) story.acknowledge(leader, entry);
  }
  /// The leader decides the operation so, and the write is committed.
  EntryRef decide(const OperationRef& operation, ReplyStatus outcome) {
    const bool is_ok = outcome == ReplyStatus::Ok;
    const EntryRef entry =
        accept(ask(operation), outcome, is_ok ? writes_of(*operation) : std::vector<Mutation>{});
    commit(entry);
    return entry;
  }
  void reply(RequestId request, ReplyStatus status) {
    message::ClientReply reply;
    reply.request = request;
    reply.status = status;
    story.suite.on_reply(reply, story.at(NodeId::none()));
  }
  static OperationRef insert(const std::string& key) {
    return make_operation(OperationKind::Insert, make_document(key));
  }
  static OperationRef remove(const std::string& key) {
    return make_operation(OperationKind::Remove, make_document(key));
  }

  Story story;
};

TEST_F(OutcomeTest, WhatFollowsFromTheKeysIsFine) {
  decide(insert("a"), ReplyStatus::Ok);
  decide(insert("a"), ReplyStatus::AlreadyExists);
  decide(remove("a"), ReplyStatus::Ok);
  decide(remove("a"), ReplyStatus::NotFound);
  const EntryRef again = decide(insert("a"), ReplyStatus::Ok);
  decide(make_swap(make_document("a", 2), Version()), ReplyStatus::VersionMismatch);
  decide(make_swap(make_document("a", 2), again->version), ReplyStatus::Ok);
  decide(make_operation(OperationKind::Replace, make_document("b")), ReplyStatus::Ok);
  decide(make_transaction({{OperationKind::Replace, make_document("c")},
                           {OperationKind::Insert, make_document("b")}}),
         ReplyStatus::AlreadyExists);
  decide(make_transaction({{OperationKind::Remove, make_document("b")},
                           {OperationKind::Insert, make_document("b")}}),
         ReplyStatus::Ok);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(OutcomeTest, FindsAnInsertOverALivingKey) {
  decide(insert("a"), ReplyStatus::Ok);
  decide(insert("a"), ReplyStatus::Ok);
  ASSERT_THAT(numbers(story.suite), ElementsAre(38)) << texts(story.suite);
  const ViolationRecord& found = story.suite.violations()[0];
  EXPECT_EQ(found.shard, kS0);
  EXPECT_THAT(found.nodes, ElementsAre(kN0));
  EXPECT_THAT(
      found.message,
      HasSubstr("where the key lives since e1/i2, as \"ok\"; it must be \"already exists\""));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 decided k1#2 (insert of \"a\") in s0 at e1/i3, where the "
                        "key lives since e1/i2, as \"ok\"; it must be \"already "
                        "exists\""));
}

TEST_F(OutcomeTest, FindsARefusalThatIsNotSo) {
  decide(insert("a"), ReplyStatus::AlreadyExists);
  decide(remove("b"), ReplyStatus::Ok);
  decide(make_swap(make_document("c"), Version()), ReplyStatus::VersionMismatch);
  EXPECT_THAT(numbers(story.suite), ElementsAre(38, 38, 38)) << texts(story.suite);
}

TEST_F(OutcomeTest, FindsASwapOfAnotherVersion) {
  const EntryRef old = decide(insert("a"), ReplyStatus::Ok);
  decide(make_swap(make_document("a", 2), old->version), ReplyStatus::Ok);
  decide(make_swap(make_document("a", 3), old->version), ReplyStatus::Ok);
  EXPECT_THAT(numbers(story.suite), ElementsAre(38)) << texts(story.suite);
}

TEST_F(OutcomeTest, FindsADecisionThatOverlooksWhatIsNotAppliedYet) {
  const OperationRef first = insert("a");
  const EntryRef on_its_way = accept(ask(first), ReplyStatus::Ok, writes_of(*first));
  const OperationRef second = insert("a");
  accept(ask(second), ReplyStatus::AlreadyExists, {});
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  const OperationRef third = insert("a");
  accept(ask(third), ReplyStatus::Ok, writes_of(*third));
  EXPECT_THAT(numbers(story.suite), ElementsAre(38)) << texts(story.suite);
}

TEST_F(OutcomeTest, AnEntryThatTheLeadersLogDoesNotHaveDecidesNothing) {
  const Version before = story.last;
  const OperationRef lost = insert("a");
  accept(ask(lost), ReplyStatus::Ok, writes_of(*lost));
  story.change([](ShardInfo& shard) {
    shard.leader = kN1;
    shard.fencing = kN0;
  });
  story.tell(kN0, fact::LeadershipLeft{kS0, Epoch(1)});
  story.last = before;
  story.lead(kN1);
  decide(insert("a"), ReplyStatus::Ok);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(OutcomeTest, FindsATransactionWhoseStepsDoNotSeeEachOther) {
  decide(insert("a"), ReplyStatus::Ok);
  decide(make_transaction({{OperationKind::Remove, make_document("a")},
                           {OperationKind::Insert, make_document("a")}}),
         ReplyStatus::AlreadyExists);
  EXPECT_THAT(numbers(story.suite), ElementsAre(38)) << texts(story.suite);
}

TEST_F(OutcomeTest, FindsAnEntryThatIsNotWhatWasAskedFor) {
  commit(accept(ask(insert("a")), ReplyStatus::Ok, {{make_document("a", 77), false}}));
  commit(accept(ask(insert("b")), ReplyStatus::Ok, {}));
  commit(accept(ask(make_operation(OperationKind::Replace, make_document("c"))), ReplyStatus::Ok,
                {{make_document("c"), true}}));
  decide(insert("d"), ReplyStatus::Ok);
  commit(accept(ask(insert("d")), ReplyStatus::AlreadyExists, {{make_document("d"), false}}));
  EXPECT_THAT(numbers(story.suite), ElementsAre(38, 38, 38, 38)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[3].message, HasSubstr("although it is refused"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 gave k1#3 (replace of \"c\") the entry at e1/i4 of s0, "
                        "which removes \"c\": it mistakes a remove"));
}

TEST_F(OutcomeTest, FindsAnAnswerThatNobodyDecided) {
  const RequestId lost = ask(remove("a"));
  reply(lost, ReplyStatus::NotFound);
  EXPECT_THAT(numbers(story.suite), ElementsAre(38)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].message, HasSubstr("no leader decided so"));
  const EntryRef inserted = decide(insert("b"), ReplyStatus::Ok);
  reply(inserted->request, ReplyStatus::AlreadyExists);
  EXPECT_THAT(numbers(story.suite), ElementsAre(38, 38)) << texts(story.suite);
}

TEST_F(OutcomeTest, FindsARepeatedRequestThatIsAnsweredDifferently) {
  const EntryRef inserted = decide(insert("b"), ReplyStatus::Ok);
  const auto answer = [&](ReplyStatus status) {
    story.tell(kN0, fact::RetryAnswered{kS0, story.info().epoch, inserted->request,
                                        inserted->version, status});
  };
  answer(ReplyStatus::Ok);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  answer(ReplyStatus::AlreadyExists);
  EXPECT_THAT(numbers(story.suite), ElementsAre(38)) << texts(story.suite);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 answered k1#1 (insert of \"b\") in s0 again, with "
                        "\"already exists\"; it had ended with \"ok\" at e1/i2"));
}

StoryOptions by_customer_in_one_shard() {
  StoryOptions options;
  options.shard_key = {"customer"};
  return options;
}

class OutcomeByCustomerTest : public OutcomeTest {
 protected:
  OutcomeByCustomerTest() : OutcomeTest(by_customer_in_one_shard()) {}

  static OperationRef replace(const std::string& customer) {
    return make_operation(OperationKind::Replace, make_document("a", 1, customer));
  }
};

TEST_F(OutcomeByCustomerTest, FindsARefusedChangeOfTheShardKeyThatIsNone) {
  decide(replace("c1"), ReplyStatus::Ok);
  decide(replace("c2"), ReplyStatus::ShardKeyChanged);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  decide(replace("c1"), ReplyStatus::ShardKeyChanged);
  EXPECT_THAT(numbers(story.suite), ElementsAre(38)) << texts(story.suite);
}

TEST_F(OutcomeByCustomerTest, FindsARoutersFalseWordOfAChangedShardKey) {
  const auto refuse = [&](const char* present, const char* wanted) {
    auto* operation = new Operation;
    operation->kind = OperationKind::Replace;
    operation->collection = CollectionId(0);
    operation->document = make_document("a", 1, wanted);
    operation->selector = make_document("a", 0, present);
    const OperationRef shared(operation);
    story.tell(kN1, fact::RequestRefused{ask(shared), ReplyStatus::ShardKeyChanged, shared});
  };
  refuse("c1", "c2");
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  refuse("c1", "c1");
  EXPECT_THAT(numbers(story.suite), ElementsAre(31)) << texts(story.suite);
}

TEST_F(OutcomeTest, FindsAnEffectAfterAnAnswerThatPromisedNone) {
  const OperationRef operation = insert("a");
  const RequestId request = ask(operation);
  reply(request, ReplyStatus::Unavailable);
  const EntryRef late = accept(request, ReplyStatus::Ok, writes_of(*operation));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  commit(late);
  ASSERT_THAT(numbers(story.suite), ElementsAre(19)) << texts(story.suite);
}

TEST_F(OutcomeTest, FindsAnAnswerThatPromisesNoEffectAfterOne) {
  const EntryRef inserted = decide(insert("a"), ReplyStatus::Ok);
  reply(inserted->request, ReplyStatus::Unavailable);
  EXPECT_THAT(numbers(story.suite), ElementsAre(38)) << texts(story.suite);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("the client of k1#1 (insert of \"a\") was told "
                        "\"unavailable\", and it had ended with \"ok\" at e1/i2"));
}

StoryOptions with_one_disk_promised() {
  StoryOptions options;
  options.write_concern = 1;
  return options;
}

class LostOutcomeTest : public OutcomeTest {
 protected:
  LostOutcomeTest() : OutcomeTest(with_one_disk_promised()) {}
};

TEST_F(LostOutcomeTest, WhatWentWithTheOnlyDiskThatWasPromisedIsDecidedAnew) {
  const Version before = story.last;
  const EntryRef lost = accept(ask(insert("a")), ReplyStatus::Ok, writes_of(*insert("a")));
  story.durable(kN0);
  story.apply(kN0, lost);
  story.acknowledge(kN0, lost);
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  story.change([](ShardInfo& shard) {
    shard.leader = kN1;
    shard.replicas = NodeList{kN1};
  });
  story.last = before;
  story.lead(kN1);
  const RequestId others{ClientId(2), 1};
  story.suite.on_invoke(others, insert("a"), story.at(NodeId::none()));
  commit(accept(others, ReplyStatus::Ok, writes_of(*insert("a"))));
  commit(accept(lost->request, ReplyStatus::AlreadyExists, {}));
  reply(lost->request, ReplyStatus::AlreadyExists);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  reply(lost->request, ReplyStatus::Ok);
  EXPECT_NE(find(story.suite, 38), nullptr) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
