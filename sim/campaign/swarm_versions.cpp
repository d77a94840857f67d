// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "sim/campaign/dice.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"
#include "sim/scenario/document_space.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::sim::swarm {
namespace {

const std::string kName = "next";

/// Leases and heartbeats that go with those of the first version: whoever is coordinator hears a
/// node of either version several times within the lease that it grants. Clocks that keep to the
/// error of the one keep to that of the other.
void draw_leases(Dice& dice, const ProtocolSpec& first, ProtocolSpec& protocol) {
  const Nanoseconds low = std::max(first.heartbeat / 3, Nanoseconds(1));
  const Nanoseconds high = std::max(std::min(first.heartbeat * 3, first.lease / 4), low);
  protocol.heartbeat = dice.span(low, high);
  const Nanoseconds lease = std::max(first.heartbeat, protocol.heartbeat) * dice.between(4, 10);
  protocol.lease = std::max(lease, first.clock_error * 6);
  if (protocol.lease <= first.lease) return;
  const auto nanoseconds = [](Nanoseconds span) {
    return static_cast<std::uint64_t>(span.count());
  };
  protocol.clock_error =
      Ratio(nanoseconds(protocol.lease), nanoseconds(first.lease)).of(first.clock_error);
}

void draw_protocol(Dice& dice, const ProtocolSpec& first, ProtocolSpec& protocol) {
  draw_leases(dice, first, protocol);
  draw_patience(dice, protocol);
  const bool is_own = dice.coin();
  protocol.routing_timeout.reset();
  if (is_own) protocol.routing_timeout = dice.span(milliseconds(50), seconds(1));
}

bool drains_nodes(const ScenarioSpec& spec) {
  return std::any_of(spec.events.begin(), spec.events.end(), [](const EventSpec& event) {
    return std::holds_alternative<DrainAction>(event.action);
  });
}

/// What a scenario's own data takes: with a bandwidth for small worlds it would be copied for
/// hours.
void keep_pace(const ScenarioSpec& spec, Bandwidth& bandwidth) {
  constexpr std::uint64_t kSeconds = 10;
  if (bandwidth.is_unlimited()) return;
  const auto needed = static_cast<std::uint64_t>(document_bytes(spec) / kSeconds);
  bandwidth = Bandwidth(std::max(bandwidth.bytes_per_second(), needed));
}

/// Differs from the first in some of its parts, in one at least.
VersionSpec draw_version(std::uint64_t seed, Dice& dice, const ScenarioSpec& spec) {
  VersionSpec version = spec.first_version();
  version.name = kName;
  const std::uint32_t parts = dice.between(1, 7);
  if ((parts & 1) != 0) draw_protocol(dice, spec.protocol, version.protocol);
  if ((parts & 2) != 0) {
    version.policy = any_policy(dice, seed, 1);
    keep_pace(spec, version.policy.limits.bandwidth);
    // A drain has to end whoever is coordinator.
    if (drains_nodes(spec) && !empties_nodes(version.policy)) version.policy.rebalance = "greedy";
  }
  if ((parts & 4) != 0) draw_migration(dice, version.migration);
  return version;
}

EventSpec rolling(const NodeSelector& node, std::string version, Nanoseconds time,
                  Nanoseconds lasts) {
  EventSpec event;
  event.time = time;
  event.lasts = lasts;
  event.action = RollingRestartAction{node, std::move(version)};
  return event;
}

/// All nodes or half of them, one by one, and every third time back again.
void draw_rolling_upgrade(Dice& dice, ScenarioSpec& spec) {
  const NodeSelector nodes = dice.coin() ? NodeSelector::all() : NodeSelector::half();
  const Nanoseconds begin =
      dice.time(std::min(spec.duration / 8, milliseconds(100)), spec.duration / 2);
  const Nanoseconds lasts = dice.time(spec.duration / 8, spec.duration / 4);
  const bool goes_back = dice.one_in(3);
  insert_by_time(rolling(nodes, kName, begin, lasts), spec);
  if (!goes_back) return;
  const Nanoseconds back = dice.time(begin + lasts, spec.duration * 3 / 4);
  insert_by_time(rolling(NodeSelector::all(), std::string(kFirstVersion), back, lasts), spec);
}

/// Somebody here and there, also the coordinator.
void draw_single_upgrades(Dice& dice, ScenarioSpec& spec) {
  const std::uint32_t count = dice.between(1, 4);
  for (std::uint32_t i = 0; i < count; ++i) {
    EventDraw draw(dice, spec);
    EventSpec event;
    event.time = draw.moment();
    RestartAction restart{draw.node(), {}};
    const bool goes_back = dice.one_in(4) && i > 0;
    restart.version = goes_back ? std::string(kFirstVersion) : kName;
    event.action = restart;
    insert_by_time(std::move(event), spec);
  }
}

/// The office goes to a version with shorter leases, once or twice, while a leader that holds a
/// long one is cut off from everybody.
void draw_shorter_leases(std::uint64_t seed, ScenarioSpec& spec) {
  const Nanoseconds longer = spec.protocol.lease;
  const Nanoseconds shorter = spec.versions.back().protocol.lease;
  Dice dice(seed, 0, "shorter leases");
  if (shorter > longer * 2 / 3 || !dice.coin()) return;
  EventDraw draw(dice, spec);
  EventSpec upgrade;
  upgrade.time = draw.moment();
  upgrade.action = RestartAction{of_kind(SelectorKind::kCoordinator), {}, kName};
  EventSpec cut;
  PartitionAction partition;
  partition.from = leader_of(draw.shard());
  partition.to = of_kind(SelectorKind::kOthers);
  cut.action = partition;
  // Before the successor hears the leader, or when it has heard it.
  const Nanoseconds away = dice.span(milliseconds(1), longer / 2);
  cut.time = dice.coin() ? std::max(*upgrade.time - away, milliseconds(1)) : *upgrade.time + away;
  cut.lasts = longer * 2;
  EventSpec again;
  // Whoever waits for the shorter ones alone from then on is too early.
  const Nanoseconds earliest = longer / 10;
  again.time =
      *upgrade.time + dice.span(earliest, std::max(longer - shorter * 5 / 4, earliest * 2));
  again.action = RestartAction{of_kind(SelectorKind::kCoordinator), {}, kName};
  insert_by_time(std::move(upgrade), spec);
  if (*cut.time < spec.duration) insert_by_time(std::move(cut), spec);
  if (*again.time < spec.duration && dice.coin()) insert_by_time(std::move(again), spec);
}

}  // namespace

void draw_versions(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "versions");
  if (!dice.one_in(5) || spec.cluster.single || !spec.versions.empty()) return;
  spec.versions.push_back(draw_version(seed, dice, spec));
  Dice own(seed, 0, "upgrade");
  const bool is_rolling = !own.one_in(3);
  if (is_rolling) {
    draw_rolling_upgrade(own, spec);
  } else {
    draw_single_upgrades(own, spec);
  }
  const bool joins_with_it = own.coin();
  for (EventSpec& event : spec.events) {
    auto* join = std::get_if<JoinAction>(&event.action);
    if (join != nullptr && joins_with_it) join->version = kName;
  }
  auto& restarts = spec.chaos.faults[static_cast<std::size_t>(ChaosFamily::kRollingRestart)];
  if (restarts && own.coin()) *version_of(restarts->action) = kName;
  draw_shorter_leases(seed, spec);
}

}  // namespace shardproof::sim::swarm
