// SPDX-License-Identifier: Apache-2.0
#include "sim/check/least_room.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace shardproof::sim::check {
namespace {

constexpr Nanoseconds kWindow(100);

Instant at(std::int64_t time) { return Instant(Nanoseconds(time)); }

TEST(LeastRoom, IsWithoutLimitBeforeAnythingIsKnown) {
  EXPECT_EQ(LeastRoom().since(at(0)), Bytes::max());
}

TEST(LeastRoom, RemembersThatThereWasLess) {
  LeastRoom room;
  room.note(Bytes(4), at(10), kWindow);
  room.note(Bytes(1000), at(20), kWindow);
  EXPECT_EQ(room.since(at(0)), Bytes(4));
  EXPECT_EQ(room.since(at(19)), Bytes(4));
  EXPECT_EQ(room.since(at(20)), Bytes(1000));
  room.note(Bytes(2), at(30), kWindow);
  EXPECT_EQ(room.since(at(0)), Bytes(2));
}

/// Every change with its time, and a look at them all.
struct NaiveRoom {
  std::vector<std::pair<std::int64_t, Bytes>> changes = {{0, Bytes::max()}};

  Bytes since(std::int64_t since) const {
    Bytes least = changes.back().second;
    for (std::size_t i = 0; i + 1 < changes.size(); ++i) {
      if (changes[i + 1].first > since) least = std::min(least, changes[i].second);
    }
    return least;
  }
};

TEST(LeastRoom, IsWhatALookAtEveryChangeFinds) {
  Random random(7);
  LeastRoom room;
  NaiveRoom naive;
  std::int64_t now = 0;
  for (int step = 0; step < 10'000; ++step) {
    now += static_cast<std::int64_t>(random.below(12));
    const Bytes noted(random.below(50));
    room.note(noted, at(now), kWindow);
    naive.changes.emplace_back(now, noted);
    const auto ago = static_cast<std::int64_t>(random.below(101));
    ASSERT_EQ(room.since(at(now - ago)), naive.since(now - ago)) << "step " << step;
  }
}

}  // namespace
}  // namespace shardproof::sim::check
