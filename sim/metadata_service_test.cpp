// SPDX-License-Identifier: Apache-2.0
#include "sim/metadata_service.hpp"

#include <optional>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

constexpr Nanoseconds kLease = seconds(1);

Instant at(Nanoseconds since_start) { return Instant(since_start); }
Endpoint node(std::uint32_t id) { return Endpoint::node(NodeId(id)); }

ShardInfo shard(std::uint32_t id, std::uint64_t epoch) {
  ShardInfo info;
  info.id = ShardId(id);
  info.collection = CollectionId(0);
  info.epoch = Epoch(epoch);
  return info;
}
message::Guard guard(std::uint32_t id, std::uint64_t modified) {
  return {{RecordKind::Shard, id}, Revision(modified)};
}

struct SeenCommit {
  Term term;
  NodeId node;
  Revision before;
  Revision after;
};
struct RecordingObserver : CommitObserver {
  void on_commit(Instant, Term term, NodeId node, const ShardTable& before,
                 const TableDelta& delta) override {
    seen.push_back({term, node, before.revision(), delta.revision});
  }
  std::vector<SeenCommit> seen;
};

struct MetadataServiceTest : testing::Test {
  MetadataServiceTest() { service.seed({shard(0, 1), shard(1, 1)}); }

  std::vector<MetadataService::Answer> send(Nanoseconds now, Endpoint from, Message message) {
    std::vector<MetadataService::Answer> answers;
    service.handle(at(now), from, message, answers);
    return answers;
  }
  /// The only answer of that type to the sender, if there is one.
  template <typename Reply>
  std::optional<Reply> ask(Nanoseconds now, Endpoint from, Message message) {
    std::optional<Reply> reply;
    for (const auto& answer : send(now, from, std::move(message))) {
      const auto* found = std::get_if<Reply>(&answer.message);
      if (answer.to != from || found == nullptr) continue;
      EXPECT_FALSE(reply.has_value());
      reply = *found;
    }
    return reply;
  }
  message::CampaignReply campaign(Nanoseconds now, std::uint32_t id, std::uint64_t term = 0,
                                  Instant asked_at = Instant(seconds(77))) {
    const auto reply =
        ask<message::CampaignReply>(now, node(id), message::Campaign{Term(term), kLease, asked_at});
    EXPECT_EQ(reply.value().asked_at, asked_at);
    return reply.value();
  }
  std::optional<message::CommitReply> commit(Nanoseconds now, std::uint32_t id, std::uint64_t term,
                                             std::vector<message::Guard> guards,
                                             std::vector<Record> records,
                                             std::uint64_t request = 9) {
    return ask<message::CommitReply>(
        now, node(id), message::Commit{request, Term(term), std::move(guards), std::move(records)});
  }

  MetadataService service{MetadataSpec{}, Streams(1)};
};

// --- Office -------------------------------------------------------------------------------------

TEST_F(MetadataServiceTest, WhatIsSeededIsThereAtRevisionOne) {
  EXPECT_EQ(service.committed().revision(), Revision(1));
  EXPECT_EQ(service.committed().find_shard(ShardId(1))->epoch, Epoch(1));
  EXPECT_TRUE(service.holder(Instant()).is_none());
}

TEST_F(MetadataServiceTest, TheFirstToAskGetsTheOffice) {
  EXPECT_TRUE(campaign(seconds(0), 2).granted);
  const message::CampaignReply refused = campaign(seconds(0), 3);
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.holder, NodeId(2));
  EXPECT_EQ(refused.term, Term(1));
  EXPECT_EQ(service.holder(at(seconds(0))), NodeId(2));
}

TEST_F(MetadataServiceTest, AGrantIsACommitOfTheCoordinatorRecord) {
  campaign(seconds(0), 2);
  EXPECT_EQ(service.committed().revision(), Revision(2));
  EXPECT_EQ(service.committed().coordinator(), (CoordinatorRecord{NodeId(2), Term(1)}));
}

TEST_F(MetadataServiceTest, TheHolderKeepsItsTermByAskingInTime) {
  campaign(milliseconds(0), 2);
  EXPECT_EQ(campaign(milliseconds(900), 2, 1).term, Term(1));
  EXPECT_FALSE(campaign(milliseconds(1899), 3).granted);
  EXPECT_EQ(service.committed().revision(), Revision(2));
}

TEST_F(MetadataServiceTest, ARepeatedAskIsAnsweredAsTheFirstTime) {
  campaign(milliseconds(0), 2);
  const message::CampaignReply again = campaign(milliseconds(1), 2, 0);
  EXPECT_TRUE(again.granted);
  EXPECT_EQ(again.term, Term(1));
}

TEST_F(MetadataServiceTest, AHolderThatAsksAnewGetsANewTermAndItsOldOneIsOver) {
  campaign(milliseconds(0), 2, 0, Instant(seconds(77)));
  const message::CampaignReply anew = campaign(milliseconds(1), 2, 0, Instant(seconds(78)));
  EXPECT_TRUE(anew.granted);
  EXPECT_EQ(anew.term, Term(2));
  EXPECT_EQ(commit(milliseconds(2), 2, 1, {}, {})->outcome, message::CommitOutcome::Deposed);
}

TEST_F(MetadataServiceTest, TheOfficeIsFreeWhenTheLeaseHasRunOut) {
  campaign(milliseconds(0), 2);
  EXPECT_FALSE(campaign(milliseconds(999), 3).granted);
  const message::CampaignReply granted = campaign(milliseconds(1000), 3);
  EXPECT_TRUE(granted.granted);
  EXPECT_EQ(granted.term, Term(2));
}

TEST_F(MetadataServiceTest, TheSameNodeGetsANewTermAfterItsLease) {
  campaign(milliseconds(0), 2);
  EXPECT_EQ(campaign(milliseconds(1000), 2, 1).term, Term(2));
}

TEST_F(MetadataServiceTest, ADelayedRequestForAShorterLeaseTakesNothingBack) {
  campaign(milliseconds(0), 2);
  send(milliseconds(1), node(2), message::Campaign{Term(1), milliseconds(5), Instant()});
  EXPECT_FALSE(campaign(milliseconds(500), 3).granted);
}

// --- Commits ------------------------------------------------------------------------------------

TEST_F(MetadataServiceTest, ACommitWritesAllItsRecordsAtOneRevision) {
  campaign(seconds(0), 2);
  const auto reply =
      commit(seconds(0), 2, 1, {guard(0, 1), guard(7, 0)}, {shard(0, 2), shard(7, 1)});
  EXPECT_EQ(reply->outcome, message::CommitOutcome::Committed);
  EXPECT_EQ(reply->revision, Revision(3));
  EXPECT_EQ(reply->request, 9u);
  EXPECT_EQ(service.committed().modified({RecordKind::Shard, 0}), Revision(3));
  EXPECT_EQ(service.committed().modified({RecordKind::Shard, 7}), Revision(3));
  EXPECT_EQ(service.committed().modified({RecordKind::Shard, 1}), Revision(1));
}

TEST_F(MetadataServiceTest, OneFailedGuardRefusesEverything) {
  campaign(seconds(0), 2);
  for (const message::Guard& failing : {guard(1, 0), guard(1, 2), guard(5, 1)}) {
    const auto reply = commit(seconds(0), 2, 1, {guard(0, 1), failing}, {shard(0, 2)});
    EXPECT_EQ(reply->outcome, message::CommitOutcome::GuardFailed);
  }
  EXPECT_EQ(service.committed().find_shard(ShardId(0))->epoch, Epoch(1));
  EXPECT_EQ(service.counters().refused, 3u);
}

TEST_F(MetadataServiceTest, OnlyTheTermInOfficeCommits) {
  campaign(seconds(0), 2);
  campaign(seconds(1), 3);
  const auto outcome = [&](std::uint32_t id, std::uint64_t term, Nanoseconds now) {
    return commit(now, id, term, {}, {shard(0, 2)})->outcome;
  };
  EXPECT_EQ(outcome(2, 1, seconds(1)), message::CommitOutcome::Deposed);
  EXPECT_EQ(outcome(2, 2, seconds(1)), message::CommitOutcome::Deposed);
  EXPECT_EQ(outcome(3, 3, seconds(1)), message::CommitOutcome::Deposed);
  EXPECT_EQ(outcome(3, 2, seconds(1)), message::CommitOutcome::Committed);
  EXPECT_EQ(outcome(3, 2, seconds(2)), message::CommitOutcome::Deposed);
}

TEST_F(MetadataServiceTest, ARepetitionIsAnsweredAsTheFirstTime) {
  campaign(seconds(0), 2);
  const auto first = commit(seconds(0), 2, 1, {guard(0, 1)}, {shard(0, 2)});
  commit(seconds(0), 2, 1, {guard(1, 1)}, {shard(1, 2)}, 10);
  const auto again = commit(seconds(5), 2, 1, {guard(0, 1)}, {shard(0, 2)});
  EXPECT_EQ(again->outcome, message::CommitOutcome::Committed);
  EXPECT_EQ(again->revision, first->revision);
  EXPECT_EQ(service.committed().revision(), Revision(4));
  EXPECT_EQ(service.counters().repeated, 1u);
}

TEST_F(MetadataServiceTest, ARepetitionIsRefusedWhereNobodyRecognisesIt) {
  MetadataSpec spec;
  spec.recognises_repeats = false;
  service = MetadataService(spec, Streams(1));
  campaign(seconds(0), 2);
  commit(seconds(0), 2, 1, {guard(0, 0)}, {shard(0, 2)});
  const auto again = commit(seconds(0), 2, 1, {guard(0, 0)}, {shard(0, 2)});
  EXPECT_EQ(again->outcome, message::CommitOutcome::GuardFailed);
  EXPECT_EQ(service.counters().repeated, 0u);
}

TEST_F(MetadataServiceTest, TheSameRequestNumberWithOtherContentIsNoRepetition) {
  campaign(seconds(0), 2);
  commit(seconds(0), 2, 1, {guard(0, 1)}, {shard(0, 2)});
  const auto other = commit(seconds(0), 2, 1, {guard(0, 1)}, {shard(0, 3)});
  EXPECT_EQ(other->outcome, message::CommitOutcome::GuardFailed);
}

TEST_F(MetadataServiceTest, ACommitOfNothingOnlyChecks) {
  campaign(seconds(0), 2);
  EXPECT_EQ(commit(seconds(0), 2, 1, {guard(0, 1)}, {})->revision, Revision(2));
  EXPECT_EQ(service.committed().revision(), Revision(2));
}

// --- Reads and watches --------------------------------------------------------------------------

TEST_F(MetadataServiceTest, ARangeReadBringsItsSenderUpToDate) {
  campaign(seconds(0), 2);
  const auto reply =
      ask<message::RangeReply>(seconds(0), node(4), message::RangeRequest{5, Revision(1)});
  EXPECT_EQ(reply->request, 5u);
  EXPECT_EQ(reply->revision, Revision(2));
  ASSERT_EQ(reply->deltas.size(), 1u);
  EXPECT_EQ(reply->deltas[0]->revision, Revision(2));
}

TEST_F(MetadataServiceTest, EveryReaderWatchesFromThenOn) {
  send(seconds(0), node(4), message::RangeRequest{1, Revision(1)});
  send(seconds(0), node(1), message::RangeRequest{1, Revision(1)});
  send(seconds(0), node(4), message::RangeRequest{2, Revision(1)});
  std::vector<Endpoint> told;
  for (const auto& answer :
       send(seconds(0), node(2), message::Campaign{Term(), kLease, Instant()})) {
    const auto* update = std::get_if<message::TableUpdate>(&answer.message);
    if (update == nullptr) continue;
    told.push_back(answer.to);
    EXPECT_EQ(update->previous, Revision(1));
    EXPECT_EQ(update->delta->revision, Revision(2));
  }
  EXPECT_EQ(told, (std::vector<Endpoint>{node(1), node(4)}));
}

TEST_F(MetadataServiceTest, WhoHasCrashedWatchesNoMore) {
  send(seconds(0), node(4), message::RangeRequest{1, Revision(1)});
  service.drop_watcher(node(4));
  service.drop_watcher(node(5));
  EXPECT_EQ(send(seconds(0), node(2), message::Campaign{Term(), kLease, Instant()}).size(), 1u);
}

TEST_F(MetadataServiceTest, ACoordinatorWhoseSessionExpiresCommitsNothingAnyMore) {
  campaign(milliseconds(0), 2);
  EXPECT_TRUE(service.expire_session(at(milliseconds(100)), NodeId(2)));
  EXPECT_EQ(service.holder(at(milliseconds(100))), NodeId::none());
  EXPECT_EQ(commit(milliseconds(200), 2, 1, {guard(0, 1)}, {shard(0, 2)})->outcome,
            message::CommitOutcome::Deposed);
  EXPECT_FALSE(campaign(milliseconds(300), 2, 1).granted) << "there is nothing to prolong";
}

TEST_F(MetadataServiceTest, TheOfficeOfAnExpiredSessionIsLockedUntilItsLeaseHasRunOut) {
  campaign(milliseconds(0), 2);
  service.expire_session(at(milliseconds(100)), NodeId(2));
  const auto refused = campaign(milliseconds(999), 3);
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.holder, NodeId::none());
  const auto granted = campaign(milliseconds(1000), 3);
  EXPECT_TRUE(granted.granted);
  EXPECT_EQ(granted.term, Term(2));
}

TEST_F(MetadataServiceTest, WhoseSessionExpiresWatchesNoMoreAndTheOfficeOfOthersStays) {
  campaign(milliseconds(0), 2);
  send(milliseconds(0), node(4), message::RangeRequest{1, Revision(1)});
  EXPECT_TRUE(service.expire_session(at(milliseconds(1)), NodeId(4)));
  EXPECT_FALSE(service.expire_session(at(milliseconds(2)), NodeId(4))) << "it has none";
  EXPECT_EQ(send(milliseconds(3), node(2), message::Commit{1, Term(1), {}, {shard(0, 2)}}).size(),
            1u);
  EXPECT_EQ(service.holder(at(milliseconds(3))), NodeId(2));
}

TEST_F(MetadataServiceTest, CommitsThatGatherAreToldInOneUpdate) {
  MetadataAction slow;
  slow.coalesce = milliseconds(200);
  const FaultId fault = service.add(slow);
  send(milliseconds(0), node(4), message::RangeRequest{1, Revision(1)});
  EXPECT_EQ(service.take_telling_due(), std::nullopt);
  campaign(milliseconds(10), 2);
  EXPECT_EQ(service.take_telling_due(), at(milliseconds(210)));
  commit(milliseconds(20), 2, 1, {}, {shard(0, 2)});
  // Also what comes when it is over, for nothing is to overtake.
  service.heal(fault);
  EXPECT_EQ(send(milliseconds(30), node(2), message::Commit{2, Term(1), {}, {shard(1, 2)}}).size(),
            1u);
  EXPECT_EQ(service.take_telling_due(), std::nullopt);
  std::vector<MetadataService::Answer> told;
  EXPECT_EQ(service.tell_watchers(told), 3u);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].to, node(4));
  const auto& update = std::get<message::TableUpdate>(told[0].message);
  EXPECT_EQ(update.previous, Revision(1));
  EXPECT_EQ(update.earlier->size(), 2u);
  EXPECT_EQ(update.delta->revision, Revision(4));
  EXPECT_EQ(send(milliseconds(40), node(2), message::Commit{3, Term(1), {}, {shard(1, 3)}}).size(),
            2u)
      << "the next one is told at once again";
}

TEST_F(MetadataServiceTest, AStoreOutOfServiceTellsNobodyOfWhatHasGathered) {
  MetadataAction trouble;
  trouble.coalesce = milliseconds(200);
  service.add(trouble);
  send(milliseconds(0), node(4), message::RangeRequest{1, Revision(1)});
  campaign(milliseconds(10), 2);
  trouble.outage = true;
  service.add(trouble);
  std::vector<MetadataService::Answer> told;
  EXPECT_EQ(service.tell_watchers(told), 0u);
  EXPECT_TRUE(told.empty());
}

TEST_F(MetadataServiceTest, ObserversHearOfEachCommitBeforeItIsTrue) {
  RecordingObserver observer;
  service.observe(&observer);
  campaign(seconds(0), 2);
  commit(seconds(0), 2, 1, {guard(0, 9)}, {shard(0, 2)});
  commit(seconds(0), 2, 1, {guard(0, 1)}, {shard(0, 2)});
  ASSERT_EQ(observer.seen.size(), 2u);
  EXPECT_EQ(observer.seen[1].term, Term(1));
  EXPECT_EQ(observer.seen[1].node, NodeId(2));
  EXPECT_EQ(observer.seen[1].before, Revision(2));
  EXPECT_EQ(observer.seen[1].after, Revision(3));
}

// --- Trouble ------------------------------------------------------------------------------------

TEST_F(MetadataServiceTest, ALostAnswerHidesAnEffect) {
  MetadataAction fault;
  fault.lost_answers = Ratio(1, 1);
  campaign(seconds(0), 2);
  const FaultId losing = service.add(fault);
  EXPECT_FALSE(commit(seconds(0), 2, 1, {guard(0, 1)}, {shard(0, 2)}).has_value());
  EXPECT_EQ(service.committed().find_shard(ShardId(0))->epoch, Epoch(2));
  EXPECT_EQ(service.counters().lost_answers, 1u);
  EXPECT_TRUE(service.heal(losing));
  const auto again = commit(seconds(0), 2, 1, {guard(0, 1)}, {shard(0, 2)});
  EXPECT_EQ(again->outcome, message::CommitOutcome::Committed);
}

TEST_F(MetadataServiceTest, HealedSettingsLoseNoAnswers) {
  MetadataSpec spec;
  spec.lost_answers = Ratio(1, 1);
  MetadataService forgetful(spec, Streams(1));
  std::vector<MetadataService::Answer> answers;
  forgetful.handle(at(seconds(0)), node(1), message::RangeRequest{1, Revision()}, answers);
  EXPECT_TRUE(answers.empty());
  forgetful.heal_settings();
  forgetful.handle(at(seconds(0)), node(1), message::RangeRequest{2, Revision()}, answers);
  EXPECT_EQ(answers.size(), 1u);
}

TEST_F(MetadataServiceTest, AnOutageAnswersNobodyAndAppliesNothingWhileLeasesRunOn) {
  MetadataAction fault;
  fault.outage = true;
  campaign(milliseconds(0), 2);
  const FaultId first = service.add(fault);
  const FaultId second = service.add(fault);
  EXPECT_TRUE(
      send(milliseconds(1), node(2), message::Commit{1, Term(1), {}, {shard(0, 2)}}).empty());
  service.heal(first);
  EXPECT_TRUE(send(milliseconds(2), node(3), message::RangeRequest{1, Revision()}).empty());
  service.heal(second);
  EXPECT_EQ(service.committed().revision(), Revision(2));
  EXPECT_EQ(service.counters().dropped, 2u);
  EXPECT_TRUE(campaign(milliseconds(1000), 3).granted);
}

TEST_F(MetadataServiceTest, RequestsTakeTheTimeThatTheSettingsSay) {
  MetadataAction slow;
  slow.latency = DelayDistribution::constant(seconds(3));
  const FaultId id = service.add(slow);
  EXPECT_EQ(service.due(at(seconds(1))), at(seconds(4)));
  service.heal(id);
  EXPECT_LT(service.due(at(seconds(1))), at(seconds(2)));
}

TEST_F(MetadataServiceTest, MessagesForOthersAreIgnored) {
  EXPECT_TRUE(send(seconds(0), node(2), message::FenceRequest{ShardId(0), Epoch(1)}).empty());
  EXPECT_TRUE(
      send(seconds(0), Endpoint::client(ClientId(1)), message::Campaign{Term(), kLease, Instant()})
          .empty());
}

}  // namespace
}  // namespace shardproof::sim
