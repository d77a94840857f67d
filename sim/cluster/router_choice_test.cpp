// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/router_choice.hpp"

#include <set>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

constexpr std::size_t kNodes = 4;
const NodeId kSilent(2);

Instant at(std::int64_t s) { return Instant() + seconds(s); }

std::set<NodeId> chosen_of(RouterChoice& choice, Instant now, Random& random) {
  std::set<NodeId> chosen;
  for (int i = 0; i < 200; ++i) chosen.insert(choice.choose(kNodes, now, random));
  return chosen;
}

TEST(RouterChoice, ASilentNodeIsAvoidedAndTriedOnceInAWhile) {
  RouterChoice choice(seconds(5));
  Random random(1);
  EXPECT_EQ(chosen_of(choice, at(1), random).size(), kNodes);
  choice.on_silence(kSilent, at(1), at(2));
  EXPECT_EQ(chosen_of(choice, at(6), random).count(kSilent), 0u);
  int trials = 0;
  for (int i = 0; i < 200; ++i) trials += choice.choose(kNodes, at(7), random) == kSilent ? 1 : 0;
  EXPECT_EQ(trials, 1) << "the others wait for what becomes of the first";
  choice.on_silence(kSilent, at(7), at(8));
  EXPECT_EQ(chosen_of(choice, at(11), random).count(kSilent), 0u);
}

TEST(RouterChoice, ANodeThatAnswersIsChosenAgain) {
  RouterChoice choice(seconds(5));
  Random random(1);
  choice.on_silence(kSilent, at(1), at(2));
  choice.on_answer(kSilent, at(3));
  EXPECT_EQ(chosen_of(choice, at(3), random).size(), kNodes);
}

TEST(RouterChoice, AnAttemptThatFailsWhileOthersAreAnsweredSaysNothingOfTheNode) {
  RouterChoice choice(seconds(5));
  Random random(1);
  choice.on_answer(kSilent, at(2));
  choice.on_silence(kSilent, at(1), at(2));
  EXPECT_EQ(chosen_of(choice, at(2), random).size(), kNodes);
}

TEST(RouterChoice, WhereAllAreAvoidedAnyIsAsGood) {
  RouterChoice choice(seconds(5));
  Random random(1);
  for (NodeId::Rep id = 0; id < kNodes; ++id) choice.on_silence(NodeId(id), at(1), at(2));
  EXPECT_EQ(chosen_of(choice, at(3), random).size(), kNodes);
}

TEST(RouterChoice, DrawsOnceAsLongAsNobodyIsSilent) {
  RouterChoice choice(seconds(5));
  Random random(7);
  Random plain(7);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(choice.choose(kNodes, at(1), random).value(), plain.below(kNodes));
  }
}

}  // namespace
}  // namespace shardproof::sim
