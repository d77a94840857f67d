// SPDX-License-Identifier: Apache-2.0
#include "sim/check/copies_ahead.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/story_testing.hpp"

/// A copy that was made while its documents changed, and what its log does with it then.
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// n3 has taken over a copy that stands for the barrier, with "a" as of the third write of it; n3's
/// log brings the others.
class CopiesAheadTest : public ::testing::Test {
 protected:
  CopiesAheadTest() : begin(story.last), view(story.table) {
    older = story.write("a");
    other = story.write("b");
    newer = story.write("a");
    store().apply(kS0, newer);
    store().held[kS0].applied = begin;
    story.tell(kN3, fact::CopyInstalled{kS0, Epoch(1), begin, 0, Bytes(0)});
    look();
  }
  FakeStore& store() { return view.stores[kN3.value()]; }
  void look() {
    ASSERT_TRUE(story.suite.audit_due(story.event));
    story.suite.audit(view, story.at(NodeId::none()));
  }
  /// For invariant 18: the story does not tell what the digest of such a copy is.
  const ViolationRecord* found() const { return find(story.suite, 18); }

  Story story;
  Version begin;
  EntryRef older, other, newer;
  FakeView view;
};

TEST_F(CopiesAheadTest, ADocumentThatStaysAsNewAsItWasIsNoFinding) {
  story.tell(kN3, fact::EntryApplied{kS0, older});
  look();
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

TEST_F(CopiesAheadTest, FindsADocumentThatTheLogMadeOlder) {
  story.tell(kN3, fact::EntryApplied{kS0, older});
  store().apply(kS0, older);
  look();
  ASSERT_NE(found(), nullptr) << texts(story.suite);
  EXPECT_EQ(found()->shard, kS0);
  EXPECT_THAT(found()->nodes, ElementsAre(kN3));
  EXPECT_THAT(found()->message, HasSubstr("had e1/i4 of \"a\", and has e1/i2"));
}

TEST_F(CopiesAheadTest, OtherKeysAndOtherCopiesAreNotLookedAt) {
  story.tell(kN3, fact::EntryApplied{kS0, other});
  EXPECT_FALSE(story.suite.audit_due(story.event));
  story.tell(kN1, fact::EntryApplied{kS0, older});
  EXPECT_FALSE(story.suite.audit_due(story.event));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n1 applied e1/i2 of s0, which writes \"a\", although its "
                        "content was of e1/i4 already"));
}

TEST_F(CopiesAheadTest, ACrashOrADropEndsIt) {
  story.suite.on_crash(story.at(kN3));
  story.tell(kN3, fact::EntryApplied{kS0, older});
  EXPECT_FALSE(story.suite.audit_due(story.event));
}

TEST_F(CopiesAheadTest, OfACopyWithAnotherDigestTheOddDocumentIsTold) {
  store().held.clear();
  store().apply(kS0, other);
  store().put(kS0, newer->version, make_document("a", 77));
  store().held[kS0].applied = story.last;
  ++story.event;
  story.tell(kN3, fact::CopyInstalled{kS0, Epoch(1), story.last, 1, Bytes(0)});
  look();
  ASSERT_NE(find(story.suite, 19), nullptr) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 19)->message,
              ::testing::EndsWith("there: \"a\" of e1/i4 has another content in it"));
}

}  // namespace
}  // namespace shardproof::sim::check
