// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/wobbles.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

ClockWobble wobble_of(std::int64_t amplitude_ms) {
  return {ClockWobble::Kind::kPeriodic, milliseconds(amplitude_ms), seconds(1)};
}

const NodeId n0(0), n1(1);
const ClockWobble kOwn = wobble_of(1);

TEST(Wobbles, TheOnlyOneEndsInTheClocksOwn) {
  Wobbles wobbles;
  const auto number = wobbles.begin(n0, wobble_of(2));
  EXPECT_EQ(wobbles.end(n0, number, kOwn), kOwn);
}

TEST(Wobbles, TheEndOfAnEarlierOneChangesNothing) {
  Wobbles wobbles;
  const auto first = wobbles.begin(n0, wobble_of(2));
  const auto second = wobbles.begin(n0, wobble_of(3));
  EXPECT_EQ(wobbles.end(n0, first, kOwn), std::nullopt);
  EXPECT_EQ(wobbles.end(n0, second, kOwn), kOwn);
}

TEST(Wobbles, AtTheEndOfALaterOneTheEarlierGoesOn) {
  Wobbles wobbles;
  const auto first = wobbles.begin(n0, wobble_of(2));
  const auto second = wobbles.begin(n0, wobble_of(3));
  EXPECT_EQ(wobbles.end(n0, second, kOwn), wobble_of(2));
  EXPECT_EQ(wobbles.end(n0, first, kOwn), kOwn);
}

TEST(Wobbles, ClocksHaveTheirOwn) {
  Wobbles wobbles;
  const auto first = wobbles.begin(n0, wobble_of(2));
  const auto other = wobbles.begin(n1, wobble_of(3));
  EXPECT_EQ(wobbles.end(n0, first, kOwn), kOwn);
  EXPECT_EQ(wobbles.end(n1, other, kOwn), kOwn);
}

}  // namespace
}  // namespace shardproof::sim
