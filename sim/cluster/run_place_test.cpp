// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/run_place.hpp"

#include <gtest/gtest.h>

#include "core/ports.hpp"

namespace shardproof::sim {
namespace {

RunPlace place_of(EventKind kind, Endpoint to) {
  RunPlace place;
  place.event = 12'345;
  place.is_within = true;
  place.time = Instant(milliseconds(5500));
  place.has_begun = true;
  place.origin = Instant(seconds(1));
  place.what.kind = kind;
  place.what.from = place.what.to = to;
  return place;
}

TEST(RunPlace, ANodeIsNamedWithTheMessageThatItHandles) {
  RunPlace place = place_of(EventKind::Message, Endpoint::node(NodeId(1)));
  place.what.from = Endpoint::node(NodeId(0));
  place.message = static_cast<std::uint8_t>(Message(message::AppendEntries{}).index());
  place.shard = ShardId(3);
  EXPECT_EQ(text_of(place),
            "at 4.500000000s, event 12,345: n1 was handling AppendEntries of s3 from n0");
  place.is_within = false;
  EXPECT_EQ(text_of(place),
            "at 4.500000000s, after event 12,345: n1 handled AppendEntries of s3 from n0");
}

TEST(RunPlace, SoIsWhateverElseAnEventIs) {
  const Endpoint node = Endpoint::node(NodeId(2));
  RunPlace timer = place_of(EventKind::Timer, node);
  timer.what.detail = static_cast<std::uint8_t>(TimerKind::Replication);
  EXPECT_EQ(text_of(timer), "at 4.500000000s, event 12,345: n2 was handling its timer Replication");
  EXPECT_EQ(text_of(place_of(EventKind::Boot, node)),
            "at 4.500000000s, event 12,345: n2 was booting");
  RunPlace commit = place_of(EventKind::Metadata, Endpoint::metadata());
  commit.what.from = node;
  commit.message = static_cast<std::uint8_t>(Message(message::Commit{}).index());
  EXPECT_EQ(text_of(commit),
            "at 4.500000000s, event 12,345: the metadata store was handling Commit from n2");
}

TEST(RunPlace, ItTellsSettingUpFromTheScenario) {
  RunPlace place = place_of(EventKind::Boot, Endpoint::node(NodeId(0)));
  place.has_begun = false;
  EXPECT_EQ(text_of(place),
            "at 5.500000000s of setting the cluster up, event 12,345: n0 was booting");
  EXPECT_EQ(text_of(RunPlace()), "before the first event");
}

}  // namespace
}  // namespace shardproof::sim
