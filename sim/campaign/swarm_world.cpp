// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/campaign/dice.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

DelayDistribution draw_delay(Dice& dice, Nanoseconds low, Nanoseconds high) {
  const Nanoseconds min = dice.span(low, high);
  switch (dice.between(0, 3)) {
    case 0: return DelayDistribution::constant(min);
    case 1: return DelayDistribution::uniform(min / 2, min * 2);
    case 2: return DelayDistribution::lognormal(min, min * dice.between(3, 20));
    default: return DelayDistribution::exponential(min / 2, min);
  }
}

UnsyncedOutcome draw_unsynced(Dice& dice) {
  switch (dice.between(0, 3)) {
    case 0: return {};
    case 1: return {Ratio(1, 1), Ratio(0, 1), Ratio(0, 1), Ratio(0, 1)};
    case 2: return {Ratio(0, 1), Ratio(0, 1), Ratio(1, 1), Ratio(0, 1)};
    default: return {Ratio(1, 3), Ratio(1, 3), Ratio(1, 3), Ratio(0, 1)};
  }
}

/// From a stream of its own: every other disk that may spoil a sector may also leave garbage in it.
UnsyncedOutcome with_garbage(std::uint64_t seed, UnsyncedOutcome outcome) {
  Dice dice(seed, 0, "garbage");
  if (outcome.torn.is_zero() || dice.coin()) return outcome;
  const Ratio half(outcome.torn.numerator(), outcome.torn.denominator() * 2);
  outcome.torn = outcome.garbage = half;
  return outcome;
}

/// Bits flip on the way in every fourth network: of the draws of a stream of its own.
Ratio draw_corruption(std::uint64_t seed) {
  Dice dice(seed, 0, "corruption");
  return dice.one_in(4) ? dice.thousandths(60) : Ratio(0, 1);
}

/// A clock that gains `2 * drift` on another over a lease may not gain more than the protocol
/// allows.
std::int64_t drift_bound_ppb(const ProtocolSpec& protocol) {
  const Ratio allowed(static_cast<std::uint64_t>(protocol.clock_error.count()),
                      static_cast<std::uint64_t>(protocol.lease.count()) * 3);
  return static_cast<std::int64_t>(
      std::min(allowed.of(std::uint64_t{1'000'000'000}), std::uint64_t{20'000'000}));
}

/// From a stream of its own. What clocks that do not drift may gain on each other: a third of what
/// the protocol allows.
void draw_wobble(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "wobble");
  if (spec.clock.drift_ppb != 0 || !dice.coin()) return;
  const Nanoseconds most = spec.protocol.clock_error / 12;
  if (most.count() < 1000) return;
  spec.clock.wobble = any_wobble(dice, dice.span(most / 10, most));
}

/// A third of all runs orders ties by priorities.
void draw_priorities(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "tie priorities");
  if (!dice.one_in(3)) return;
  spec.tie = TieOrder::kPct;
  spec.tie_depth = dice.between(1, 5);
}

/// A quarter of all runs has disks that bring deleted files back.
Ratio draw_undeleted(std::uint64_t seed) {
  Dice dice(seed, 0, "undeleted");
  if (!dice.one_in(4)) return Ratio(0, 1);
  return Ratio(dice.between(1, 4), 4);
}

/// Whoever routes gives up before the client does, or after: only in the first case is its word
/// heard.
void draw_routing(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "routing");
  const bool is_own = dice.coin();
  if (is_own) spec.protocol.routing_timeout = dice.span(milliseconds(50), seconds(1));
}

}  // namespace

ClockWobble any_wobble(Dice& dice, Nanoseconds amplitude) {
  ClockWobble wobble;
  wobble.kind = dice.pick({ClockWobble::Kind::kPeriodic, ClockWobble::Kind::kNoise});
  wobble.amplitude = amplitude;
  wobble.period = amplitude * 8 + dice.span(milliseconds(1), seconds(3));
  return wobble;
}

void draw_patience(Dice& dice, ProtocolSpec& protocol) {
  protocol.reporting_period = dice.span(milliseconds(150), milliseconds(600));
  protocol.replica_timeout = dice.span(milliseconds(150), milliseconds(600));
  protocol.metadata_timeout = dice.span(milliseconds(150), milliseconds(600));
  protocol.staleness_bound = dice.span(milliseconds(300), seconds(5));
}

void draw_migration(Dice& dice, MigrationSpec& migration) {
  migration.write_mode = dice.pick({WriteMode::Queue, WriteMode::Live});
  migration.chunk = Bytes(dice.magnitude(500, 16'000));
  migration.chunks_in_flight = dice.between(1, 4);
  migration.queue_limit = dice.pick({2u, 16u, 1024u});
  migration.chunk_timeout = dice.span(milliseconds(50), milliseconds(800));
  migration.phase_timeout = dice.span(seconds(1), seconds(8));
}

void draw_timings(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "timings");
  ProtocolSpec& protocol = spec.protocol;
  protocol.heartbeat = dice.span(milliseconds(40), milliseconds(150));
  protocol.lease = protocol.heartbeat * dice.between(4, 10);
  protocol.clock_error = protocol.lease / dice.between(10, 30);
  draw_patience(dice, protocol);
  draw_migration(dice, spec.migration);
  ClientSpec& client = spec.client;
  client.request_timeout = dice.span(milliseconds(100), seconds(1));
  client.retry_backoff = dice.span(milliseconds(5), milliseconds(50));
  client.retry_backoff_max = client.retry_backoff * dice.between(1, 16);
  client.attempts = dice.between(2, 10);
  draw_routing(seed, spec);
  protocol.disk_timeout = Dice(seed, 0, "disk timeout").span(milliseconds(2500), seconds(6));
  // Also so short that copies are made anew while the run goes on, and the node then returns.
  Dice repair(seed, 0, "repair delay");
  if (repair.coin()) protocol.repair_delay = repair.span(milliseconds(300), seconds(5));
}

/// Where messages come twice, every third time some of them very late.
void draw_late_duplicates(std::uint64_t seed, NetworkSpec& network) {
  Dice dice(seed, 0, "late duplicates");
  if (network.duplication.is_zero() || !dice.one_in(3)) return;
  network.duplicate_delay =
      DelayDistribution::exponential(Nanoseconds(0), dice.span(milliseconds(20), seconds(2)));
}

void draw_world(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "world");
  spec.tie = dice.coin() ? TieOrder::kRandom : TieOrder::kFifo;
  draw_priorities(seed, spec);
  spec.network.latency = draw_delay(dice, microseconds(50), milliseconds(3));
  if (dice.coin()) spec.network.loss = dice.thousandths(40);
  if (dice.coin()) spec.network.duplication = dice.thousandths(100);
  draw_late_duplicates(seed, spec.network);
  spec.network.corruption = draw_corruption(seed);
  spec.disk.write_latency = draw_delay(dice, microseconds(10), microseconds(500));
  spec.disk.sync_latency = draw_delay(dice, microseconds(50), milliseconds(4));
  spec.disk.unsynced = with_garbage(seed, draw_unsynced(dice));
  spec.disk.undeleted = draw_undeleted(seed);
  if (dice.coin()) spec.disk.compaction = Bytes(dice.magnitude(500, 50'000));
  if (dice.coin()) spec.clock.offset = dice.span(milliseconds(1), seconds(2));
  if (dice.coin()) spec.clock.drift_ppb = drift_bound_ppb(spec.protocol);
  draw_wobble(seed, spec);
  spec.metadata.latency = draw_delay(dice, microseconds(100), milliseconds(8));
  if (dice.one_in(3)) spec.metadata.lost_answers = dice.thousandths(100);
  spec.metadata.recognises_repeats = !Dice(seed, 0, "repeats").one_in(3);
  spec.checks.audit_every = std::uint64_t{1} << dice.between(8, 12);
  spec.checks.settle = seconds(2);
}

void draw_healing(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "healing");
  const bool has_others = !spec.cluster.single && spec.cluster.nodes.size() > 1;
  if (dice.one_in(4) && has_others) spec.checks.heal = HealMode::kCore;
}

}  // namespace shardproof::sim::swarm
