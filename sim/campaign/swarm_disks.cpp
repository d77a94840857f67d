// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/campaign/dice.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

/// Of faults of disks in one scenario.
constexpr std::uint32_t kFaultsMax = 4;

NodeSelector draw_node(EventDraw& draw) {
  const bool is_leader = draw.dice().coin();
  return is_leader ? leader_of(draw.shard()) : draw.numbered_node();
}

Ratio draw_chance(Dice& dice) {
  return dice.coin() ? Ratio(0, 1) : Ratio(dice.magnitude(1, 60), 100);
}

/// One that fails, or stands still.
Action draw_trouble(EventDraw& draw) {
  const NodeSelector node = draw_node(draw);
  Dice& dice = draw.dice();
  if (dice.coin()) return StallAction{node};
  const Ratio failed = draw_chance(dice);
  const Ratio unknown = draw_chance(dice);
  const bool is_nothing = failed.is_zero() && unknown.is_zero();
  const bool is_silent = dice.coin();
  const Ratio silent = is_silent ? Ratio(dice.magnitude(1, 50), 100) : Ratio(0, 1);
  return DiskErrorsAction{node, is_nothing ? Ratio(1, 10) : failed, unknown, silent};
}

Action draw_damage(std::uint64_t seed, const NodeSelector& node, std::uint32_t sectors) {
  Dice dice(seed, 0, "disk damage");
  if (dice.coin()) return MisdirectAction{node, sectors};
  return CorruptAction{node, sectors};
}

/// Every other time the node goes down again while it puts away what it has found to be damaged.
void draw_crash_while_mending(std::uint64_t seed, const NodeSelector& node, Nanoseconds restarted,
                              ScenarioSpec& spec) {
  Dice dice(seed, 0, "crash while mending");
  if (!dice.coin()) return;
  EventSpec crash;
  crash.time = restarted + dice.span(microseconds(200), milliseconds(50));
  crash.action = CrashAction{node, {}, {}};
  crash.lasts = dice.span(milliseconds(1), seconds(1));
  if (*crash.time < spec.duration) insert_by_time(std::move(crash), spec);
}

/// The leader of a shard loses its disk soon after it has given up a copy that stood still: who
/// leads next must be one of those that went on.
void draw_loss_after_demotion(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "loss after demotion");
  const bool is_in = dice.coin();
  if (!is_in || !survives(2, spec)) return;
  EventDraw draw(dice, spec);
  EventSpec pause;
  pause.time = moment_in(spec, dice);
  pause.action = PauseAction{draw.numbered_node()};
  const Nanoseconds until_demoted = spec.protocol.replica_timeout;
  pause.lasts = until_demoted + dice.span(milliseconds(10), until_demoted);
  EventSpec loss;
  loss.time = *pause.time + until_demoted + dice.time(Nanoseconds(0), until_demoted);
  loss.action = LoseDiskAction{leader_of(draw.shard())};
  loss.lasts = draw.lasts();
  if (*loss.time >= spec.duration) return;
  insert_by_time(std::move(pause), spec);
  insert_by_time(std::move(loss), spec);
}

/// One disk and no more loses what it holds, or some of it.
void draw_loss(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "disk loss");
  const bool has_loss = dice.coin();
  if (!has_loss || !survives(1, spec)) return;
  EventSpec event;
  event.time = moment_in(spec, dice);
  EventDraw draw(dice, spec);
  const NodeSelector node = draw.numbered_node();
  const auto sectors = static_cast<std::uint32_t>(dice.magnitude(1, 30));
  const Nanoseconds outage = draw.lasts();
  if (dice.coin()) {
    event.action = LoseDiskAction{node};
    event.lasts = outage;
  } else {
    event.action = draw_damage(seed, node, sectors);
    // Damage is found at a boot.
    EventSpec restart;
    restart.time = event.time;
    restart.action = RestartAction{node, {}};
    insert_by_time(event, spec);
    draw_crash_while_mending(seed, node, *event.time, spec);
    event = std::move(restart);
  }
  insert_by_time(std::move(event), spec);
}

/// The one disk that is lost is that of a copy that is being made, when it is nearly complete; the
/// node is back before anybody takes it for dead.
void draw_lost_learner(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "learner loss");
  const bool is_in = dice.one_in(4);
  if (!is_in || !survives(1, spec)) return;
  EventSpec event;
  event.condition = in_phase(dice.pick({"copy", "sync"}));
  event.action = LoseDiskAction{of_kind(SelectorKind::kMigrationTarget)};
  event.lasts = dice.span(milliseconds(1), spec.protocol.lease / 2);
  spec.events.push_back(std::move(event));
}

void insert_outage(const NodeSelector& nodes, Nanoseconds from, Nanoseconds lasts,
                   ScenarioSpec& spec) {
  EventSpec outage;
  outage.time = from;
  outage.action = CrashAction{nodes, {}, {}};
  outage.lasts = lasts;
  insert_by_time(std::move(outage), spec);
}

/// Two nodes come back each with the other's disk. Every other time one of them had been down for a
/// while, so that the other one finds what was true then; and every other time all others go down
/// with them and come back later, so that there is nobody to ask.
void draw_swap(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "disk swap");
  const bool is_out = dice.one_in(4);
  if (is_out || !survives(2, spec)) return;
  EventDraw draw(dice, spec);
  const NodeSelector node = draw.numbered_node();
  const NodeSelector with = draw.numbered_node();
  if (node == with) return;
  EventSpec swap;
  swap.time = moment_in(spec, dice);
  swap.action = SwapDisksAction{node, with};
  swap.lasts = draw.lasts();
  const bool is_stale = dice.coin();
  if (is_stale) {
    const Nanoseconds from = dice.time(std::min(*swap.time, milliseconds(100)), *swap.time);
    insert_outage(with, from, *swap.time - from + *swap.lasts, spec);
  }
  const bool is_dark = dice.coin();
  if (is_dark) {
    NodeSelector others;
    for (std::uint32_t i = 0; i < spec.cluster.nodes.size(); ++i) {
      const NodeId other(i);
      if (other != node.nodes.front() && other != with.nodes.front()) others.nodes.push_back(other);
    }
    insert_outage(others, *swap.time, *swap.lasts + draw.lasts(), spec);
  }
  insert_by_time(std::move(swap), spec);
}

/// A disk that is full for most of the run, so that it is known to be, while shards move there.
void draw_full_disk(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "full disk");
  const bool is_in = dice.one_in(8);
  if (!is_in || spec.cluster.single || spec.duration < seconds(3)) return;
  EventDraw draw(dice, spec);
  const NodeSelector full = draw.numbered_node();
  EventSpec fill;
  fill.time = dice.time(milliseconds(100), spec.duration / 3);
  fill.action = DiskFullAction{full, Bytes(dice.magnitude(1, 2'000))};
  fill.lasts = spec.duration - *fill.time;
  EventSpec moved;
  moved.time = dice.time(spec.duration * 2 / 3, spec.duration - milliseconds(500));
  MoveAction move;
  move.of = draw.shard();
  move.from = leader_of(move.of);
  move.to = full;
  moved.action = move;
  insert_by_time(std::move(fill), spec);
  insert_by_time(std::move(moved), spec);
}

/// A leader's disk has next to no room for a moment, again and again, whatever it writes then.
void draw_short_of_room(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "short of room");
  if (!dice.one_in(10)) return;
  EventDraw draw(dice, spec);
  const NodeSelector node = spec.cluster.single ? draw.numbered_node() : leader_of(draw.shard());
  const std::uint32_t times = dice.between(2, 5);
  for (std::uint32_t i = 0; i < times; ++i) {
    EventSpec full;
    full.time = draw.moment();
    full.action = DiskFullAction{node, Bytes(dice.magnitude(1, 20'000))};
    full.lasts = dice.span(milliseconds(20), milliseconds(800));
    insert_by_time(std::move(full), spec);
  }
}

}  // namespace

void draw_disk_faults(std::uint64_t seed, ScenarioSpec& spec) {
  draw_loss(seed, spec);
  draw_lost_learner(seed, spec);
  draw_swap(seed, spec);
  draw_loss_after_demotion(seed, spec);
  draw_full_disk(seed, spec);
  draw_short_of_room(seed, spec);
  Dice dice(seed, 0, "disk faults");
  const bool has_faults = dice.coin();
  if (!has_faults) return;
  const auto count = static_cast<std::uint32_t>(dice.magnitude(1, kFaultsMax));
  for (std::uint32_t i = 0; i < count; ++i) {
    Dice one(seed, i, "disk fault");
    EventSpec event;
    event.time = moment_in(spec, one);
    EventDraw draw(one, spec);
    event.lasts = draw.lasts();
    event.action = draw_trouble(draw);
    insert_by_time(std::move(event), spec);
  }
}

}  // namespace shardproof::sim::swarm
