// SPDX-License-Identifier: Apache-2.0
#include "sim/check/no_lost_write.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/story_testing.hpp"

/// Planted losses where documents move into the shards of another collection (invariant 3).
namespace shardproof::sim::check {
namespace {

using ::testing::HasSubstr;

constexpr ShardId kS1(1);

/// The documents of s0 are to move to s1, which n2 leads.
class MoveOfDocuments : public ::testing::Test {
 protected:
  MoveOfDocuments() {
    entries_ = {story.write("a"), story.write("b")};
    target_.id = CollectionId(1);
    target_.first_shard = kS1;
    target_.first_epoch = Epoch(2);
    present_.moving_to = target_.id;
    ShardInfo shard;
    shard.id = kS1;
    shard.collection = target_.id;
    shard.epoch = Epoch(2);
    shard.leader = kN2;
    shard.replicas = NodeList{kN2};
    story.commit_records({present_, target_, shard});
    story.tell(kN2, fact::CopyCreated{kS1, Epoch(2)});
  }
  void arrive(const std::string& key) {
    const Version version{Epoch(2), last_.index.next()};
    const EntryRef entry = story.make_entry(version, {{make_document(key), false}},
                                            {ClientId(kFirstInternalClient), 1});
    story.tell(kN2, fact::WriteAccepted{kS1, Epoch(2), entry, last_});
    story.tell(kN2, fact::EntriesDurable{kS1, version});
    story.tell(kN2, fact::EntryApplied{kS1, entry});
    last_ = version;
  }
  /// The collection is replaced, and everybody's store looked at.
  const ViolationRecord* replace() {
    present_.moving_to = CollectionId::none();
    present_.successor = target_.id;
    ShardInfo retired = story.info();
    retired.epoch = retired.epoch.next();
    retired.status = ShardStatus::Retired;
    retired.leader = NodeId::none();
    retired.replicas.clear();
    story.commit_records({present_, retired});
    FakeView view(story.table);
    for (const EntryRef& entry : entries_) view.stores[0].apply(kS0, entry);
    story.suite.audit(view, story.at(NodeId::none()));
    return find(story.suite, 3);
  }

  Story story;
  CollectionConfig present_ = story.collection;
  CollectionConfig target_ = story.collection;
  std::vector<EntryRef> entries_;
  Version last_;
};

TEST_F(MoveOfDocuments, MayEndWhenAllHaveArrived) {
  arrive("b");
  arrive("a");
  EXPECT_EQ(replace(), nullptr) << texts(story.suite);
}

TEST_F(MoveOfDocuments, IsFoundToLeaveOneBehindAndWhich) {
  arrive("a");
  const ViolationRecord* found = replace();
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->message,
            "n0 committed that c1 (s1) succeeds c0 (s0) of shop.orders: 1 documents of 100B live "
            "there, and 2 of 200B in c0; a document of s0 at e1/i3 is not in c1: \"b\"");
}

}  // namespace
}  // namespace shardproof::sim::check
