// SPDX-License-Identifier: Apache-2.0
#include "sim/clock.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shardproof::sim {
namespace {

Instant at(std::int64_t ns) { return Instant(Nanoseconds(ns)); }

TEST(Clock, IsOffByItsOffset) {
  Clock clock(milliseconds(-3), 0);
  EXPECT_EQ(clock.read(at(0)), Instant(milliseconds(-3)));
  EXPECT_EQ(clock.read(Instant(seconds(1))), Instant(milliseconds(997)));
}

TEST(Clock, DriftsByPartsPerBillionRoundedDown) {
  Clock fast(Nanoseconds(0), 100'000);
  EXPECT_EQ(fast.read(Instant(seconds(10))), Instant(seconds(10) + milliseconds(1)));
  Clock slow(Nanoseconds(0), -100'000);
  EXPECT_EQ(slow.read(at(1)), at(0));
  EXPECT_EQ(slow.read(Instant(seconds(10))), Instant(seconds(10) - milliseconds(1)));
}

TEST(Clock, DriftsExactlyOverYears) {
  Clock clock(Nanoseconds(0), 500'000'000);
  EXPECT_EQ(clock.read(Instant(hours(24 * 365))), Instant(hours(24 * 365 + 12 * 365)));
}

TEST(Clock, JumpsForwardAtOnce) {
  Clock clock;
  clock.step(at(100), seconds(5));
  EXPECT_EQ(clock.read(at(100)), Instant(seconds(5) + Nanoseconds(100)));
}

TEST(Clock, StandsStillAfterAStepBackUntilItHasCaughtUp) {
  Clock clock;
  EXPECT_EQ(clock.read(at(1000)), at(1000));
  clock.step(at(1000), Nanoseconds(-300));
  EXPECT_EQ(clock.read(at(1100)), at(1000));
  EXPECT_EQ(clock.read(at(1300)), at(1000));
  EXPECT_EQ(clock.read(at(1301)), at(1001));
}

TEST(Clock, ATimerSetWhileItStandsStillWaitsForIt) {
  Clock clock;
  clock.read(at(1000));
  clock.step(at(1000), Nanoseconds(-300));
  EXPECT_EQ(clock.true_delay(at(1000), Nanoseconds(50)), Nanoseconds(350));
}

TEST(Clock, MayRunBackwardsOverARestart) {
  Clock clock;
  clock.read(at(1000));
  clock.step(at(1000), Nanoseconds(-300));
  clock.restart(at(1100));
  EXPECT_EQ(clock.read(at(1100)), at(800));
}

TEST(Clock, AFastClockShortensADelay) {
  Clock clock(Nanoseconds(0), 1'000'000'000);
  EXPECT_EQ(clock.true_delay(at(0), seconds(2)), seconds(1));
}

TEST(Clock, ADelayWithoutEndStaysOne) {
  Clock clock(Nanoseconds(0), -500'000'000);
  EXPECT_EQ(clock.true_delay(Instant(seconds(1)), Nanoseconds::max()), Nanoseconds::max());
}

TEST(Clock, APeriodicWobbleGoesToEitherSideInTurn) {
  Clock clock;
  clock.set_wobble(at(0), {ClockWobble::Kind::kPeriodic, milliseconds(5), seconds(10)}, 0);
  const auto error = [&](Nanoseconds now) { return clock.read(Instant(now)) - Instant(now); };
  EXPECT_EQ(error(Nanoseconds(0)), Nanoseconds(0));
  EXPECT_EQ(error(milliseconds(2500)), microseconds(2500));
  EXPECT_EQ(error(seconds(5)), milliseconds(5));
  EXPECT_EQ(error(milliseconds(7500)), Nanoseconds(0));
  EXPECT_EQ(error(seconds(10)), milliseconds(-5));
  EXPECT_EQ(error(seconds(15)), milliseconds(5));
}

TEST(Clock, NoiseStaysWithinItsAmplitudeAndDiffersFromSeedToSeed) {
  const ClockWobble noise{ClockWobble::Kind::kNoise, milliseconds(2), milliseconds(100)};
  Nanoseconds least, most;
  int differences = 0;
  for (int i = 0; i < 1000; ++i) {
    const Nanoseconds elapsed = milliseconds(37) * i;
    const Nanoseconds error = wobble_error(noise, 1, elapsed);
    least = std::min(least, error);
    most = std::max(most, error);
    differences += error == wobble_error(noise, 2, elapsed) ? 0 : 1;
  }
  EXPECT_GE(least, milliseconds(-2));
  EXPECT_LT(least, milliseconds(-1));
  EXPECT_LE(most, milliseconds(2));
  EXPECT_GT(most, milliseconds(1));
  EXPECT_GT(differences, 900);
}

TEST(Clock, GoesOnFromWhereItsWobbleHasBroughtIt) {
  Clock clock;
  clock.set_wobble(at(0), {ClockWobble::Kind::kPeriodic, milliseconds(5), seconds(10)}, 0);
  clock.set_wobble(Instant(seconds(5)), ClockWobble{}, 0);
  EXPECT_EQ(clock.read(Instant(seconds(5))), Instant(milliseconds(5005)));
  EXPECT_EQ(clock.read(Instant(seconds(9))), Instant(milliseconds(9005)));
}

ClockWobble arbitrary_wobble() {
  const Nanoseconds amplitude(*rc::gen::inRange<std::int64_t>(1, 1'000'000'000));
  const Nanoseconds more(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
  const bool is_noise = *rc::gen::arbitrary<bool>();
  return {is_noise ? ClockWobble::Kind::kNoise : ClockWobble::Kind::kPeriodic, amplitude,
          amplitude * 8 + more};
}

RC_GTEST_PROP(ClockProperty, TrueDelayOfAWobblingClockIsTheShortestThatIsLongEnough, ()) {
  Clock clock(Nanoseconds(0), *rc::gen::inRange<std::int64_t>(-100'000'000, 100'000'000));
  clock.set_wobble(Instant(), arbitrary_wobble(), *rc::gen::arbitrary<std::uint64_t>());
  const Instant now(Nanoseconds(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000)));
  const Nanoseconds local(*rc::gen::inRange<std::int64_t>(1, 100'000'000'000));
  const Instant start = clock.read(now);
  const Nanoseconds delay = clock.true_delay(now, local);
  Clock copy = clock;
  RC_ASSERT(copy.read(now + delay) - start >= local);
  RC_ASSERT(clock.read(now + delay - Nanoseconds(1)) - start < local);
}

RC_GTEST_PROP(ClockProperty, NeverRunsBackwardsWithinAnIncarnation, ()) {
  const auto drift = *rc::gen::inRange<std::int64_t>(-900'000'000, 900'000'000);
  Clock clock(Nanoseconds(*rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000)), drift);
  Instant now;
  Instant last = clock.read(now);
  const auto steps = *rc::gen::container<std::vector<std::pair<std::int64_t, std::int64_t>>>(
      rc::gen::pair(rc::gen::inRange<std::int64_t>(0, 1'000'000),
                    rc::gen::inRange<std::int64_t>(-2'000'000, 2'000'000)));
  for (const auto& [elapsed, change] : steps) {
    now = now + Nanoseconds(elapsed);
    if (change % 3 == 0) clock.step(now, Nanoseconds(change));
    if (change % 3 == 1) clock.set_drift(now, change * 400);
    const Instant reading = clock.read(now);
    RC_ASSERT(reading >= last);
    last = reading;
  }
}

RC_GTEST_PROP(ClockProperty, TrueDelayIsTheShortestThatIsLongEnough, ()) {
  const auto drift = *rc::gen::inRange<std::int64_t>(-900'000'000, 900'000'000);
  Clock clock(seconds(*rc::gen::inRange<std::int64_t>(-100, 100)), drift);
  const Instant now(Nanoseconds(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000)));
  const Nanoseconds local(*rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000));
  const Instant start = clock.read(now);
  const Nanoseconds delay = clock.true_delay(now, local);
  Clock copy = clock;
  RC_ASSERT(copy.read(now + delay) - start >= local);
  RC_ASSERT(clock.read(now + delay - Nanoseconds(1)) - start < local);
}

}  // namespace
}  // namespace shardproof::sim
