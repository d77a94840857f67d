// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "sim/campaign/dice.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

/// Reads and replaces always, half of the rest, all in whole twentieths or so.
OperationMix draw_mix(Dice& dice) {
  std::array<std::uint64_t, kTrafficOperations> weights{};
  const auto weight = [&](TrafficOperation operation) -> std::uint64_t& {
    return weights[static_cast<std::size_t>(operation)];
  };
  weight(TrafficOperation::kRead) = dice.between(1, 8);
  weight(TrafficOperation::kReplace) = dice.between(1, 8);
  for (const TrafficOperation operation :
       {TrafficOperation::kInsert, TrafficOperation::kRemove, TrafficOperation::kCompareAndSwap,
        TrafficOperation::kTransaction}) {
    if (dice.coin()) weight(operation) = dice.between(1, 5);
  }
  for (const TrafficOperation operation :
       {TrafficOperation::kScan, TrafficOperation::kCount, TrafficOperation::kSystem,
        TrafficOperation::kCrossShardTransaction, TrafficOperation::kMissingShardKey}) {
    if (dice.one_in(3)) weight(operation) = 1;
  }
  const std::uint64_t sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  OperationMix mix;
  for (std::size_t i = 0; i < mix.size(); ++i) {
    const std::uint64_t divisor = std::gcd(weights[i], sum);
    mix[i] = Ratio(weights[i] / divisor, sum / divisor);
  }
  return mix;
}

KeyChoice draw_keys(Dice& dice) {
  using Kind = KeyChoice::Kind;
  KeyChoice keys;
  keys.kind = dice.pick({Kind::kUniform, Kind::kZipf, Kind::kHotspot, Kind::kLatest});
  if (keys.kind == Kind::kZipf || keys.kind == Kind::kLatest) {
    keys.exponent = Ratio(dice.between(10, 30), 20);
  }
  if (keys.kind == Kind::kHotspot) {
    keys.keys = Ratio(dice.between(1, 4), 20);
    keys.requests = Ratio(dice.between(10, 19), 20);
  }
  return keys;
}

Rate per_second(std::uint64_t requests) { return Rate::of(requests, seconds(1)); }

/// From a stream of its own: every third traffic comes in bursts, grows, or rises and falls, from a
/// part of what was drawn to several times as much.
void vary_rate(Dice dice, std::uint64_t usual, Nanoseconds duration, RateShape& rate) {
  using Kind = RateShape::Kind;
  if (!dice.one_in(3)) return;
  rate.kind = dice.pick({Kind::kBurst, Kind::kRamp, Kind::kDiurnal});
  rate.low = per_second(usual / dice.between(2, 8));
  rate.high = per_second(usual * dice.between(1, 4));
  rate.period = dice.span(std::min(duration, milliseconds(300)), duration);
  if (rate.kind == Kind::kBurst) rate.width = rate.period / dice.between(2, 10);
}

/// From a stream of its own: half of the hotspots move, and one key of every tenth traffic has
/// nearly all requests.
void vary_keys(Dice dice, Nanoseconds duration, KeyChoice& keys) {
  const bool moves = dice.coin();
  const Nanoseconds every = dice.span(milliseconds(100), duration);
  if (keys.kind == KeyChoice::Kind::kHotspot && moves) keys.moves_every = every;
  if (!dice.one_in(10)) return;
  keys = KeyChoice{};
  keys.kind = KeyChoice::Kind::kZipf;
  keys.exponent = Ratio(dice.between(4, 10), 1);
}

}  // namespace

void draw_traffic(std::uint64_t seed, ScenarioSpec& spec) {
  for (std::uint32_t i = 0; i < spec.collections.size(); ++i) {
    Dice dice(seed, i, "traffic");
    TrafficSpec traffic;
    traffic.name = fmt::format("traffic-{}", i);
    traffic.collection = i;
    traffic.clients = dice.between(1, 12);
    traffic.stop = spec.duration;
    const std::uint64_t requests = dice.magnitude(20, 400);
    traffic.rate.low = per_second(requests);
    traffic.mix = draw_mix(dice);
    traffic.keys = draw_keys(dice);
    traffic.transaction_size = dice.between(2, 4);
    if (dice.one_in(4)) traffic.read_from = TrafficSpec::ReadFrom::kReplica;
    vary_rate(Dice(seed, i, "load shape"), requests, spec.duration, traffic.rate);
    vary_keys(Dice(seed, i, "hot keys"), spec.duration, traffic.keys);
    Dice arrivals(seed, i, "arrivals");
    if (arrivals.one_in(6)) traffic.arrivals = TrafficSpec::Arrivals::kRegular;
    spec.traffic.push_back(traffic);
  }
}

}  // namespace shardproof::sim::swarm
