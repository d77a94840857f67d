// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/broker_goals.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace shardproof::sim::peers {
namespace {

using Counts = std::vector<std::uint64_t>;

/// Two members that are alike in everything, with limits, after two seconds.
PeerState even_state() {
  PeerState state;
  state.copies = state.leaders = state.disk_used = Counts{20, 20};
  state.disks = Counts{100, 100};
  state.networks = Counts{1000, 1000};
  state.network_in = state.network_out = Counts{400, 400};
  state.flow_window = seconds(2);
  state.cpu = Counts{50, 50};
  state.window = Nanoseconds(100);
  state.tables = {{state.copies, state.disk_used}};
  return state;
}

std::size_t violated(const PeerState& state, bool is_hard) {
  const std::vector<Goal> goals = broker_goals(state);
  return static_cast<std::size_t>(std::count_if(goals.begin(), goals.end(), [&](const Goal& goal) {
    return goal.is_violated && goal.is_hard == is_hard;
  }));
}

TEST(BrokerGoals, AreAllKeptByBrokersThatAreAlikeAndNotFull) {
  EXPECT_EQ(broker_goals(even_state()).size(), 14u);
  EXPECT_EQ(balancedness(broker_goals(even_state())), 100);
}

TEST(BrokerGoals, OfWhatHasNoLimitOrHasTakenNoTimeAreNotJudged) {
  PeerState state = even_state();
  state.networks.clear();
  EXPECT_EQ(broker_goals(state).size(), 11u) << "two hard ones, and what could be sent";
  state.disks.clear();
  EXPECT_EQ(broker_goals(state).size(), 10u) << "disk use as evenly as ever";
  state.flow_window = state.window = Nanoseconds(0);
  EXPECT_EQ(broker_goals(state).size(), 6u);
}

TEST(BrokerGoals, EightyPerCentOfANetworkIsTheMost) {
  PeerState state = even_state();
  state.network_in = Counts{1600, 1600};
  EXPECT_EQ(violated(state, true), 0u) << "800 a second of 1000";
  state.network_in = Counts{1601, 1600};
  EXPECT_EQ(violated(state, true), 1u);
  state.network_out = Counts{1600, 1601};
  EXPECT_EQ(violated(state, true), 2u);
  EXPECT_EQ(violated(state, false), 0u);
}

TEST(BrokerGoals, TrafficIsUnevenBeyondTenPerCent) {
  PeerState state = even_state();
  state.network_in = Counts{440, 360};
  EXPECT_EQ(violated(state, false), 0u);
  state.network_in = Counts{441, 359};
  EXPECT_EQ(violated(state, false), 1u);
  state.network_out = Counts{100, 700};
  EXPECT_EQ(violated(state, false), 2u);
}

TEST(BrokerGoals, WhatABrokerWouldSendIfItLedAllIsToLeaveRoom) {
  PeerState state = even_state();
  FlowTally::ShardFlow flow;
  flow.leader_out_b = 900;
  state.regions = {{0u, {0, 1}, flow}, {1u, {1}, flow}};
  EXPECT_EQ(potential_nw_out(state), (Counts{900, 1800}));
  EXPECT_EQ(violated(state, false), 1u) << "900 a second of 1000";
}

TEST(BrokerGoals, ProcessorsAndRacksAreHardGoals) {
  PeerState state = even_state();
  state.cpu = Counts{81, 81};
  EXPECT_EQ(violated(state, true), 1u);
  state.shares_domains = true;
  EXPECT_EQ(violated(state, true), 2u);
}

TEST(BrokerGoals, ATopicMayGatherOnABrokerUpToThreeTimesTheMean) {
  PeerState state;
  state.copies = state.leaders = state.disk_used = Counts(4, 20);
  state.tables = {{{3, 1, 0, 0}, {}}};
  EXPECT_EQ(violated(state, false), 0u);
  state.tables = {{{4, 0, 0, 0}, {}}};
  EXPECT_EQ(violated(state, false), 1u);
}

}  // namespace
}  // namespace shardproof::sim::peers
