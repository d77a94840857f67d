// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/held_messages.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

WorldEvent message(std::uint64_t word) {
  WorldEvent event;
  event.word = word;
  return event;
}

std::vector<std::uint64_t> words(const std::vector<WorldEvent>& events) {
  std::vector<std::uint64_t> words;
  for (const WorldEvent& event : events) words.push_back(event.word);
  return words;
}

TEST(HeldMessages, AllGoOnOnceInAnOrderOfTheirOwn) {
  HeldMessages held(Random(1));
  std::vector<std::uint64_t> arrived;
  for (std::uint64_t i = 0; i < 20; ++i) {
    held.hold(message(i));
    arrived.push_back(i);
  }
  std::vector<std::uint64_t> released =
      words(held.release([](const WorldEvent&) { return false; }));
  EXPECT_NE(released, arrived);
  std::sort(released.begin(), released.end());
  EXPECT_EQ(released, arrived);
  EXPECT_TRUE(held.release([](const WorldEvent&) { return false; }).empty());
}

TEST(HeldMessages, WhatAnotherClogHoldsStays) {
  HeldMessages held(Random(1));
  for (std::uint64_t i = 0; i < 4; ++i) held.hold(message(i));
  const auto is_odd = [](const WorldEvent& event) { return event.word % 2 == 1; };
  std::vector<std::uint64_t> released = words(held.release(is_odd));
  std::sort(released.begin(), released.end());
  EXPECT_EQ(released, (std::vector<std::uint64_t>{0, 2}));
  EXPECT_EQ(held.release([](const WorldEvent&) { return false; }).size(), 2u);
}

}  // namespace
}  // namespace shardproof::sim
