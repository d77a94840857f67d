// SPDX-License-Identifier: Apache-2.0
//
// Hardware that is far away, narrow, or now and then slow.
#include <algorithm>
#include <limits>

#include "sim/campaign/dice.hpp"
#include "sim/campaign/swarm_parts.hpp"
#include "sim/scenario/document_space.hpp"

namespace shardproof::sim::swarm {
namespace {

/// Mostly from `low` to `high`, and rarely many times as long. A shape of two and more keeps the
/// longest of a campaign's millions of delays within seconds.
DelayDistribution draw_tail(Dice& dice, Nanoseconds low, Nanoseconds high) {
  const Nanoseconds usual = dice.span(low, high);
  if (dice.coin()) {
    return DelayDistribution::pareto(usual, dice.pick({Ratio(2, 1), Ratio(5, 2), Ratio(3, 1)}));
  }
  const Nanoseconds rare = usual * dice.between(10, 50);
  return DelayDistribution::tailed(usual, rare, Ratio(dice.between(1, 50), 1000));
}

/// In every fourth scenario some of the delays have long tails.
void draw_tails(Dice dice, ScenarioSpec& spec) {
  if (!dice.one_in(4)) return;
  const std::uint32_t parts = dice.between(1, 15);
  if ((parts & 1) != 0) {
    spec.network.latency = draw_tail(dice, microseconds(50), milliseconds(1));
  }
  if ((parts & 2) != 0) {
    spec.disk.write_latency = draw_tail(dice, microseconds(10), microseconds(200));
  }
  if ((parts & 4) != 0) {
    spec.disk.sync_latency = draw_tail(dice, microseconds(50), milliseconds(2));
  }
  if ((parts & 8) != 0) {
    spec.metadata.latency = draw_tail(dice, microseconds(100), milliseconds(3));
  }
}

DelayDistribution draw_distance(Dice& dice, Nanoseconds low, Nanoseconds high) {
  const Nanoseconds way = dice.span(low, high);
  return dice.coin() ? DelayDistribution::constant(way)
                     : DelayDistribution::exponential(way / 2, way);
}

/// Half of the clusters whose zones are apart have zones that are far from each other, those with
/// regions regions too.
void draw_distances(Dice dice, ScenarioSpec& spec) {
  const auto& zones = spec.cluster.domains.zones;
  if (zones.size() < 2 || !dice.coin()) return;
  spec.network.zone_latency = draw_distance(dice, microseconds(200), milliseconds(5));
  if (zones.front().first == zones.back().first) return;
  spec.network.region_latency = draw_distance(dice, milliseconds(1), milliseconds(20));
}

/// Every fourth of those clusters has one line between two zones that is narrow, or slow.
void draw_line(Dice dice, ScenarioSpec& spec) {
  const auto& zones = spec.cluster.domains.zones;
  if (zones.size() < 2 || !dice.one_in(4) || !spec.network.links.empty()) return;
  LinkSpec line;
  line.zone = zones.front().second;
  line.other_zone = zones.back().second;
  line.latency = draw_distance(dice, microseconds(100), milliseconds(20));
  const bool is_narrow = dice.coin();
  if (is_narrow) line.bandwidth = Bandwidth(dice.magnitude(500'000, 50'000'000));
  spec.network.links.push_back(line);
}

/// Where interfaces are narrow, every other one has a queue that may overflow.
void draw_queue(Dice dice, ScenarioSpec& spec) {
  if (spec.cluster.capacity.network.is_unlimited() || !dice.coin()) return;
  spec.network.queue = Bytes(dice.magnitude(50'000, 1'000'000));
}

/// Every sixth scenario has disks of little bandwidth, of few operations a second, or both: enough
/// to write what is there at the start within seconds.
void draw_disks(Dice dice, ScenarioSpec& spec) {
  constexpr std::uint64_t kSeconds = 10;
  if (!dice.one_in(6)) return;
  const std::uint32_t parts = dice.between(1, 3);
  const UInt128 needed = document_bytes(spec) / kSeconds;
  const UInt128 most = std::numeric_limits<std::uint64_t>::max();
  const auto least = static_cast<std::uint64_t>(std::min(needed, most));
  if ((parts & 1) != 0) {
    spec.disk.bandwidth = Bandwidth(std::max(dice.magnitude(500'000, 50'000'000), least));
  }
  if ((parts & 2) != 0) spec.disk.iops = dice.magnitude(200, 20'000);
  spec.disk.read_latency = draw_distance(dice, microseconds(10), milliseconds(10));
}

}  // namespace

void draw_hardware(std::uint64_t seed, ScenarioSpec& spec) {
  draw_tails(Dice(seed, 0, "tails"), spec);
  draw_distances(Dice(seed, 0, "distances"), spec);
  draw_line(Dice(seed, 0, "line"), spec);
  draw_queue(Dice(seed, 0, "queue"), spec);
  draw_disks(Dice(seed, 0, "narrow disks"), spec);
}

}  // namespace shardproof::sim::swarm
