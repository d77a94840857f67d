// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

#include "core/messages.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"
#include "sim/scenario/mutable_selectors.hpp"

namespace shardproof::sim::swarm {
namespace {

/// Of faults and commands in one scenario.
constexpr std::uint32_t kEventsMax = 24;

// --- Faults -------------------------------------------------------------------------------------

void crash(EventDraw& draw, EventSpec& event) {
  event.action = CrashAction{draw.node(), {}, {}};
  event.lasts = draw.lasts();
}

void power_failure(EventDraw& draw, EventSpec& event) {
  CrashAction crash{of_kind(SelectorKind::kAll), {}, {}};
  if (draw.dice().coin()) crash.stagger = draw.dice().span(milliseconds(1), milliseconds(300));
  event.action = crash;
  event.lasts = draw.lasts();
}

void pause(EventDraw& draw, EventSpec& event) {
  event.action = PauseAction{draw.node()};
  event.lasts = draw.lasts();
}

void partition(EventDraw& draw, EventSpec& event) {
  PartitionAction partition;
  partition.from = draw.node();
  partition.one_way = draw.dice().coin();
  switch (draw.dice().between(0, 3)) {
    case 0: partition.to.kind = SelectorKind::kMetadata; break;
    case 1: partition.to = draw.another(partition.from); break;
    default: partition.to.kind = SelectorKind::kOthers; break;
  }
  if (partition.one_way && draw.dice().coin() && partition.to.kind != SelectorKind::kOthers) {
    std::swap(partition.from, partition.to);
  }
  event.action = partition;
  event.lasts = draw.lasts();
}

void slow(EventDraw& draw, EventSpec& event) {
  const bool is_disk = draw.dice().coin();
  const std::uint64_t factor = draw.dice().magnitude(2, 100);
  const Ratio network(std::min(factor, kSlowNetworkMax), 1);
  event.action = is_disk ? SlowAction{draw.node(), Ratio(factor, 1), Ratio(1, 1), Ratio(1, 1)}
                         : SlowAction{draw.node(), Ratio(1, 1), network, Ratio(1, 1)};
  event.lasts = draw.lasts();
}

void network(EventDraw& draw, EventSpec& event) {
  NetworkAction network;
  if (draw.dice().coin()) {
    network.loss = Ratio(draw.dice().between(1, 10), 20);
  } else {
    const Nanoseconds spike = std::min(draw.lasts() / 10, kSpikeMax);
    network.latency = DelayDistribution::exponential(Nanoseconds(0), spike);
  }
  event.action = network;
  event.lasts = draw.lasts();
}

void metadata(EventDraw& draw, EventSpec& event) {
  MetadataAction metadata;
  metadata.outage = draw.dice().coin();
  if (!metadata.outage) metadata.lost_answers = Ratio(draw.dice().between(1, 10), 20);
  event.action = metadata;
  event.lasts = draw.lasts();
}

/// All steps together stay below half of the clock error that the protocol allows.
void clock_step(EventDraw& draw, EventSpec& event) {
  const Nanoseconds largest = draw.spec().protocol.clock_error / (2 * kEventsMax);
  const Nanoseconds step = draw.dice().span(largest / 10, largest);
  const bool is_back = draw.dice().coin();
  event.action = ClockAction{draw.node(), is_back ? Nanoseconds(0) - step : step, {}, {}};
}

void disk_full(EventDraw& draw, EventSpec& event) {
  event.action = DiskFullAction{draw.node(), Bytes(draw.dice().magnitude(1, 20'000))};
  event.lasts = draw.lasts();
}

// --- Messages on their way ----------------------------------------------------------------------

void gray(EventDraw& draw, EventSpec& event) { event.action = GrayAction{draw.node()}; }

void clog(EventDraw& draw, EventSpec& event) {
  ClogAction clog{draw.node()};
  const bool is_aimed = draw.dice().coin();
  if (is_aimed && !draw.spec().cluster.single) clog.to = draw.another(clog.from);
  clog.one_way = draw.dice().coin();
  event.action = clog;
}

void swizzle(EventDraw&, EventSpec& event) { event.action = SwizzleAction{}; }

std::uint32_t any_message(EventDraw& draw) {
  return draw.dice().between(0, static_cast<std::uint32_t>(kMessageKinds) - 1);
}

void drop(EventDraw& draw, EventSpec& event) {
  DropAction drop;
  drop.message = any_message(draw);
  if (draw.dice().coin()) drop.from = draw.node();
  drop.chance = Ratio(draw.dice().between(1, 20), 20);
  event.action = drop;
}

void delay(EventDraw& draw, EventSpec& event) {
  DelayAction delay;
  delay.message = any_message(draw);
  if (draw.dice().coin()) delay.to = draw.node();
  const Nanoseconds mean = draw.dice().span(milliseconds(1), milliseconds(300));
  delay.by = DelayDistribution::exponential(Nanoseconds(0), mean);
  event.action = delay;
}

// --- Operators ----------------------------------------------------------------------------------

void restart(EventDraw& draw, EventSpec& event) {
  RestartAction restart{draw.node(), {}};
  if (draw.dice().one_in(3)) {
    restart.node = of_kind(SelectorKind::kAll);
    restart.stagger = draw.dice().span(milliseconds(20), milliseconds(800));
  }
  event.action = restart;
}

void join(EventDraw& draw, EventSpec& event) {
  JoinAction join;
  join.nodes = draw.dice().between(1, 2);
  join.capacity = draw.spec().cluster.capacity;
  event.action = join;
}

void drain(EventDraw& draw, EventSpec& event) { event.action = DrainAction{draw.node()}; }

void maintenance(EventDraw& draw, EventSpec& event) {
  event.action = MaintenanceAction{draw.node()};
  event.lasts = draw.lasts();
}

void remove(EventDraw& draw, EventSpec& event) {
  event.action = RemoveAction{draw.numbered_node(), draw.dice().one_in(3)};
}

void rebalance(EventDraw&, EventSpec& event) { event.action = RebalanceAction{}; }

void move(EventDraw& draw, EventSpec& event) { event.action = any_move(draw); }

void abort(EventDraw& draw, EventSpec& event) { event.action = AbortAction{draw.shard()}; }

void balancing(EventDraw& draw, EventSpec& event) {
  event.action = BalancingAction{draw.dice().coin()};
}

/// What may happen, of what a cluster of one node knows nothing, and how often one is drawn.
struct Family {
  enum class Needs : std::uint8_t {
    kNothing,
    kCluster,   ///< more than one node
    kMovement,  ///< a rebalance that moves copies off draining nodes, or the drain never ends
  };
  void (*draw)(EventDraw&, EventSpec&);
  Needs needs = Needs::kCluster;
};
using Needs = Family::Needs;
constexpr Family kFamilies[] = {
    {crash, Needs::kNothing},
    {crash, Needs::kNothing},
    {power_failure, Needs::kNothing},
    {pause, Needs::kNothing},
    {partition},
    {partition},
    {slow, Needs::kNothing},
    {network},
    {metadata},
    {clock_step, Needs::kNothing},
    {disk_full, Needs::kNothing},
    {restart, Needs::kNothing},
    {join},
    {drain, Needs::kMovement},
    {maintenance},
    {remove},
    {rebalance},
    {move},
    {move},
    {abort},
    {balancing},
};

/// Drawn apart from the others, which come up as if there were none of these.
constexpr Family kPathFamilies[] = {
    {gray, Needs::kNothing},    {clog, Needs::kNothing}, {clog, Needs::kNothing},
    {swizzle, Needs::kNothing}, {drop, Needs::kNothing}, {drop, Needs::kNothing},
    {delay, Needs::kNothing},
};

bool is_possible(const Family& family, const ScenarioSpec& spec) {
  if (family.needs == Needs::kNothing) return true;
  if (spec.cluster.single) return false;
  return family.needs == Needs::kCluster || empties_nodes(spec.policy);
}

void draw_moment(Dice& dice, const ScenarioSpec& spec, bool is_when, EventSpec& event) {
  // The last second is for what comes of it; of a short run the second half.
  const Nanoseconds latest =
      spec.duration > seconds(2) ? spec.duration - seconds(1) : spec.duration / 2;
  if (is_when) {
    event.condition = in_any_phase(dice);
    event.armed_after = dice.time(Nanoseconds(0), latest / 2);
    event.times = dice.between(1, 3);
  } else {
    event.time = dice.time(std::min(latest, milliseconds(100)), latest);
  }
}

/// What is aimed at a migration waits for one: at a time of its own it would mostly find none.
void wait_for_migration(std::uint64_t seed, std::uint32_t number, const ScenarioSpec& spec,
                        EventSpec& event) {
  bool is_aimed = std::holds_alternative<AbortAction>(event.action);
  for (const NodeSelector* selector : selectors_of(event.action)) {
    is_aimed = is_aimed || selector->kind == SelectorKind::kMigrationSource ||
               selector->kind == SelectorKind::kMigrationTarget;
  }
  if (!is_aimed || spec.cluster.single || event.condition) return;
  Dice dice(seed, number, "aim");
  event.time.reset();
  event.condition = in_any_phase(dice);
}

/// Whoever waits for a migration gets some: a node that joins, or, where copies are not evened out,
/// one after the other for the shards that are there.
void add_movement(std::uint64_t seed, const ScenarioSpec& spec, std::vector<EventSpec>& events) {
  const auto waits = [](const EventSpec& event) { return event.condition.has_value(); };
  if (std::none_of(events.begin(), events.end(), waits)) return;
  const std::uint32_t count = empties_nodes(spec.policy) ? 1 : 4;
  for (std::uint32_t i = 0; i < count; ++i) {
    Dice dice(seed, i, "movement");
    EventSpec& event = events.emplace_back();
    event.time = dice.time(std::min(spec.duration / 8, milliseconds(100)), spec.duration / 2);
    EventDraw draw(dice, spec);
    count == 1 ? join(draw, event) : move(draw, event);
  }
}

std::vector<Family> drawn_families(Dice& dice, const ScenarioSpec& spec) {
  std::vector<Family> families;
  for (const Family& family : kFamilies) {
    const bool is_in = dice.coin();
    if (is_in && is_possible(family, spec)) families.push_back(family);
  }
  if (families.empty()) families.push_back(kFamilies[0]);
  return families;
}

EventSpec draw_event(std::uint64_t seed, std::uint32_t number, const ScenarioSpec& spec,
                     const std::vector<Family>& families, bool is_when) {
  Dice dice(seed, number, "event");
  EventSpec event;
  draw_moment(dice, spec, is_when, event);
  EventDraw draw(dice, spec);
  const auto family = dice.between(0, static_cast<std::uint32_t>(families.size()) - 1);
  families[family].draw(draw, event);
  draw_slow_cpu(Dice(seed, number, "slow cpu"), event.action);
  vary_network(Dice(seed, number, "settings"), event.action);
  wait_for_migration(seed, number, spec, event);
  return event;
}

void sort_by_time(std::vector<EventSpec>& events) {
  std::stable_sort(events.begin(), events.end(), [](const EventSpec& a, const EventSpec& b) {
    return a.time.value_or(Nanoseconds(0)) < b.time.value_or(Nanoseconds(0));
  });
}

/// As a scenario file has them: what has a time first.
void put_times_first(std::vector<EventSpec>& events) {
  std::stable_partition(events.begin(), events.end(),
                        [](const EventSpec& event) { return event.time.has_value(); });
}

/// Collections that begin unsharded do not stay so.
void enable_sharding(std::uint64_t seed, ScenarioSpec& spec) {
  for (std::uint32_t i = 0; i < spec.collections.size(); ++i) {
    if (spec.collections[i].sharded) continue;
    Dice dice(seed, i, "enable_sharding");
    EventSpec event;
    event.time = dice.time(milliseconds(100), spec.duration / 2);
    event.action = EnableShardingAction{i};
    spec.events.push_back(event);
  }
}

}  // namespace

void draw_events(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "events");
  const std::vector<Family> families = drawn_families(dice, spec);
  const auto count = static_cast<std::uint32_t>(dice.magnitude(2, kEventsMax));
  // Of a migration's phases nothing can be said where there are none.
  const std::uint32_t conditional =
      spec.cluster.single || dice.coin() ? 0 : dice.between(0, std::min(count, 4u));
  std::vector<EventSpec> events;
  for (std::uint32_t i = 0; i < count; ++i) {
    events.push_back(draw_event(seed, i, spec, families, i < conditional));
  }
  add_movement(seed, spec, events);
  sort_by_time(events);
  enable_sharding(seed, spec);
  spec.events.insert(spec.events.end(), events.begin(), events.end());
  put_times_first(spec.events);
}

void vary_network(Dice dice, Action& action) {
  auto* network = std::get_if<NetworkAction>(&action);
  if (network == nullptr || !dice.coin()) return;
  if (dice.coin()) *network = NetworkAction{};
  const std::uint32_t parts = dice.between(1, 7);
  if ((parts & 1) != 0) network->duplication = Ratio(dice.between(1, 10), 20);
  if ((parts & 2) != 0) network->corruption = Ratio(dice.between(1, 10), 20);
  if ((parts & 4) != 0) {
    network->latency =
        DelayDistribution::exponential(Nanoseconds(0), dice.span(milliseconds(1), kSpikeMax));
  }
}

void draw_slow_path(Dice dice, Action& action) {
  auto* delay = std::get_if<DelayAction>(&action);
  if (delay == nullptr || !dice.coin()) return;
  delay->factor = Ratio(dice.magnitude(2, kSlowNetworkMax), 1);
  if (dice.one_in(3)) return;
  delay->message.reset();
  delay->by = DelayDistribution{};
}

void draw_path_events(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "paths");
  if (!dice.one_in(3)) return;
  const std::uint32_t count = dice.between(1, 5);
  std::vector<EventSpec> events;
  for (std::uint32_t i = 0; i < count; ++i) {
    Dice own(seed, i, "path");
    EventSpec& event = events.emplace_back();
    const bool is_when = !spec.cluster.single && own.one_in(4);
    draw_moment(own, spec, is_when, event);
    EventDraw draw(own, spec);
    const auto family = own.between(0, static_cast<std::uint32_t>(std::size(kPathFamilies)) - 1);
    kPathFamilies[family].draw(draw, event);
    draw_slow_path(Dice(seed, i, "slow path"), event.action);
    event.lasts = draw.lasts();
  }
  sort_by_time(events);
  spec.events.insert(spec.events.end(), events.begin(), events.end());
  put_times_first(spec.events);
}

}  // namespace shardproof::sim::swarm
