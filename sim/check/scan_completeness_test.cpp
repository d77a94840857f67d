// SPDX-License-Identifier: Apache-2.0
#include "sim/check/scan_completeness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted violations of what concerns scans and counts.
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

fact::ScanPartServed part_of(const Story& story, std::vector<VersionedDocument> documents,
                             std::uint64_t count) {
  auto part = std::make_shared<ScanPart>();
  part->shard = kS0;
  part->documents = std::move(documents);
  part->count = count;
  return {kS0, story.info().epoch, part};
}

TEST(ScanCompleteness, FindsMissingDoubledAndUnknownDocuments) {
  Story story;
  const EntryRef a = story.write("a");
  const EntryRef b = story.write("b");
  const VersionedDocument first{a->version, a->mutations[0].document};
  const VersionedDocument second{b->version, b->mutations[0].document};
  story.tell(kN0, part_of(story, {first, second}, 2));
  story.tell(kN0, part_of(story, {}, 2));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  story.tell(kN0, part_of(story, {first}, 1));
  story.tell(kN0, part_of(story, {first, first}, 2));
  story.tell(kN0, part_of(story, {first, {b->version, make_document("x")}}, 2));
  EXPECT_THAT(numbers(story.suite), ElementsAre(28, 28, 28)) << texts(story.suite);
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n0 returned \"a\" as of e1/i2 in its part s0 at e1 of a scan: "
                                   "it is there twice"));
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n0 counts 1 documents in s0 at e1 as of e1/i3, and 2 live "
                                   "there"));
}

TEST(ScanCompleteness, FindsASilentPartialAnswer) {
  StoryOptions options;
  options.num_shards = 2;
  Story story(options);
  auto part = std::make_shared<ScanPart>();
  part->shard = kS0;
  part->count = 3;
  auto result = std::make_shared<ScanResult>();
  result->revision = story.table.revision();
  result->parts = {part};
  const std::vector<Epoch> epochs(2, story.info().epoch);
  result->count = 3;
  story.tell(kN1, fact::ScanCompleted{story.next_request(), CollectionId(0), result, epochs});
  EXPECT_THAT(numbers(story.suite), ElementsAre(28));
  auto other = std::make_shared<ScanPart>();
  other->shard = ShardId(1);
  result->parts = {part, other};
  story.tell(kN1, fact::ScanCompleted{story.next_request(), CollectionId(0), result, epochs});
  EXPECT_THAT(numbers(story.suite), ElementsAre(28));
  result->count = 4;
  story.tell(kN1, fact::ScanCompleted{story.next_request(), CollectionId(0), result, epochs});
  EXPECT_THAT(numbers(story.suite), ElementsAre(28, 28));
}

TEST(ScanCompleteness, FindsAPartOfAnEpochThatTheTableOfTheAnswerDoesNotName) {
  Story story;
  const Epoch before = story.info().epoch;
  auto part = std::make_shared<ScanPart>();
  part->shard = kS0;
  auto result = std::make_shared<ScanResult>();
  result->revision = story.table.revision();
  result->parts = {part};
  story.change([](ShardInfo&) {});
  const auto complete = [&](Epoch epoch) {
    story.tell(kN1, fact::ScanCompleted{story.next_request(), CollectionId(0), result, {epoch}});
  };
  complete(before);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << "it was so at that revision";
  complete(story.info().epoch);
  EXPECT_THAT(numbers(story.suite), ElementsAre(28));
  result->revision = story.table.revision();
  complete(story.info().epoch);
  EXPECT_THAT(numbers(story.suite), ElementsAre(28));
  complete(before);
  EXPECT_THAT(numbers(story.suite), ElementsAre(28, 28)) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
