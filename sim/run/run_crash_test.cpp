// SPDX-License-Identifier: Apache-2.0
//
// A run that ends from inside says where it stood.
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/replay_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;
using testing::lively_scenario;
using testing::run_of;

/// A planted fault: the first fact of a kind from an event on finds something broken.
class BrokenAt final : public RunWatch {
 public:
  BrokenAt(std::uint64_t event, bool between) : event_(event), is_between_(between) {}

  void on_delivery(const Delivery& delivery) override {
    now_ = delivery.number;
    message_ = delivery.message == nullptr ? "" : message_name(*delivery.message);
  }
  void on_fact(NodeId node, const Fact&) override {
    if (is_between_ || now_ < event_ || message_.empty()) return;
    node_ = node;
    throw std::logic_error("core/a.cpp:12: check failed: x == 1: x=2");
  }
  bool after_event(World&) override {
    if (is_between_ && now_ == event_) throw std::logic_error("sim/b.cpp:3: check failed: y");
    return true;
  }
  std::uint64_t now() const { return now_; }
  NodeId node() const { return node_; }
  const std::string& message() const { return message_; }

 private:
  std::uint64_t event_;
  bool is_between_;
  std::uint64_t now_ = 0;
  NodeId node_;
  std::string message_;
};

RunCrash crash_of(BrokenAt& watch, RunPlace* place = nullptr) {
  const ScenarioSpec spec = lively_scenario();
  RunOptions options;
  options.watch = &watch;
  options.place = place;
  try {
    run_of(spec, options);
  } catch (const RunCrash& crash) {
    return crash;
  }
  ADD_FAILURE() << "the run came to its end";
  return {"", {}, {}};
}

TEST(RunCrash, ItNamesTimeEventNodeAndMessageOfWhatFailed) {
  BrokenAt watch(3'000, false);
  RunPlace kept;
  const RunCrash crash = crash_of(watch, &kept);
  EXPECT_STREQ(crash.what(), "core/a.cpp:12: check failed: x == 1: x=2");
  EXPECT_EQ(crash.place().event, watch.now());
  EXPECT_TRUE(crash.place().is_within);
  EXPECT_TRUE(crash.place().has_begun);
  EXPECT_EQ(crash.place().what.to, Endpoint::node(watch.node()));
  EXPECT_THAT(text_of(crash.place()),
              HasSubstr(fmt::format("{} was handling {} of ", watch.node(), watch.message())));
  EXPECT_EQ(text_of(kept), text_of(crash.place()));
}

TEST(RunCrash, ItHasWhatHappenedToTheShardBefore) {
  BrokenAt watch(3'000, false);
  const RunCrash crash = crash_of(watch);
  ASSERT_FALSE(crash.last_events().empty());
  EXPECT_LE(crash.last_events().back().event, crash.place().event);
  EXPECT_LE(crash.last_events().back().time,
            crash.place().time - crash.place().origin.since_start());
}

TEST(RunCrash, WhatFailsBetweenTwoEventsIsAfterTheFirstOfThem) {
  BrokenAt watch(2'000, true);
  const RunCrash crash = crash_of(watch);
  EXPECT_EQ(crash.place().event, 2'000u);
  EXPECT_THAT(text_of(crash.place()), HasSubstr(", after event 2,000: "));
}

TEST(RunCrash, WhatFailsInSettingUpIsToldAsThat) {
  BrokenAt watch(60, true);
  EXPECT_THAT(text_of(crash_of(watch).place()), HasSubstr("of setting the cluster up, "));
}

}  // namespace
}  // namespace shardproof::sim
