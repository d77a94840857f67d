// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

#include "sim/campaign/dice.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

using SelectorKind = NodeSelector::Kind;

/// Of faults and commands in one scenario.
constexpr std::uint32_t kEventsMax = 24;

NodeSelector of_kind(SelectorKind kind) {
  NodeSelector selector;
  selector.kind = kind;
  return selector;
}

/// Makes one event's parts for one scenario.
class EventDraw {
 public:
  EventDraw(Dice& dice, const ScenarioSpec& spec) : dice_(dice), spec_(spec) {}

  NodeSelector node() {
    NodeSelector selector;
    selector.kind =
        dice_.pick({SelectorKind::kNodes, SelectorKind::kNodes, SelectorKind::kRandom,
                    SelectorKind::kLeader, SelectorKind::kReplicas, SelectorKind::kCoordinator,
                    SelectorKind::kMigrationSource, SelectorKind::kMigrationTarget});
    const bool is_clustered = selector.kind != SelectorKind::kNodes &&
                              selector.kind != SelectorKind::kRandom &&
                              selector.kind != SelectorKind::kLeader;
    if (spec_.cluster.single && is_clustered) selector.kind = SelectorKind::kNodes;
    if (selector.kind == SelectorKind::kNodes) selector.nodes = {any_node()};
    if (selector.kind == SelectorKind::kRandom) selector.number = 1;
    if (selector.kind == SelectorKind::kLeader || selector.kind == SelectorKind::kReplicas) {
      const ShardChoice of = shard();
      selector.collection = of.collection;
      selector.number = of.shard;
    }
    return selector;
  }
  NodeSelector numbered_node() {
    NodeSelector selector;
    selector.nodes = {any_node()};
    return selector;
  }
  /// Another than `one`.
  NodeSelector another(const NodeSelector& one) {
    NodeSelector other = numbered_node();
    if (other == one) other = of_kind(SelectorKind::kCoordinator);
    return other;
  }
  ShardChoice shard() {
    const auto collections = static_cast<std::uint32_t>(spec_.collections.size());
    const std::uint32_t collection = dice_.between(0, collections - 1);
    return {collection, dice_.between(0, spec_.collections[collection].shards - 1)};
  }
  Nanoseconds lasts() { return dice_.span(milliseconds(30), seconds(3)); }
  Dice& dice() { return dice_; }
  const ScenarioSpec& spec() const { return spec_; }

 private:
  NodeId any_node() {
    return NodeId(dice_.between(0, static_cast<std::uint32_t>(spec_.cluster.nodes.size()) - 1));
  }

  Dice& dice_;
  const ScenarioSpec& spec_;
};

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

// A message takes as long as the faults made it take when it was sent, also after they have ended.
// Slow nodes in a network with spikes must not keep one on its way for as long as the checks wait
// for the end of everything.
constexpr std::uint64_t kSlowNetworkMax = 30;
constexpr Nanoseconds kSpikeMax = milliseconds(100);

void slow(EventDraw& draw, EventSpec& event) {
  const bool is_disk = draw.dice().coin();
  const std::uint64_t factor = draw.dice().magnitude(2, 100);
  const Ratio network(std::min(factor, kSlowNetworkMax), 1);
  event.action = is_disk ? SlowAction{draw.node(), Ratio(factor, 1), Ratio(1, 1)}
                         : SlowAction{draw.node(), Ratio(1, 1), network};
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
  event.action = ClockAction{draw.node(), is_back ? Nanoseconds(0) - step : step, {}};
}

void disk_full(EventDraw& draw, EventSpec& event) {
  event.action = DiskFullAction{draw.node(), Bytes(draw.dice().magnitude(1, 20'000))};
  event.lasts = draw.lasts();
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
  event.action = RemoveAction{draw.numbered_node()};
}

void rebalance(EventDraw&, EventSpec& event) { event.action = RebalanceAction{}; }

void move(EventDraw& draw, EventSpec& event) {
  MoveAction move;
  move.of = draw.shard();
  move.from.kind = draw.dice().coin() ? SelectorKind::kLeader : SelectorKind::kReplicas;
  move.from.collection = move.of.collection;
  move.from.number = move.of.shard;
  move.to = draw.numbered_node();
  event.action = move;
}

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

bool is_possible(const Family& family, const ScenarioSpec& spec) {
  if (family.needs == Needs::kNothing) return true;
  if (spec.cluster.single) return false;
  return family.needs == Needs::kCluster || spec.policy.rebalance == "greedy";
}

/// Fires when a migration comes into a phase, if it ever does.
Condition in_phase(Dice& dice) {
  const auto* const phase = dice.pick({"prepare", "copy", "sync", "switch", "cleanup"});
  return *parse_condition(fmt::format("migration.phase == \"{}\"", phase));
}

void draw_moment(Dice& dice, const ScenarioSpec& spec, bool is_when, EventSpec& event) {
  // The last second is for what comes of it; of a short run the second half.
  const Nanoseconds latest =
      spec.duration > seconds(2) ? spec.duration - seconds(1) : spec.duration / 2;
  if (is_when) {
    event.condition = in_phase(dice);
    event.armed_after = dice.time(Nanoseconds(0), latest / 2);
    event.times = dice.between(1, 3);
  } else {
    event.time = dice.time(std::min(latest, milliseconds(100)), latest);
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
  return event;
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
  std::stable_sort(events.begin(), events.end(), [](const EventSpec& a, const EventSpec& b) {
    return a.time.value_or(Nanoseconds(0)) < b.time.value_or(Nanoseconds(0));
  });
  enable_sharding(seed, spec);
  spec.events.insert(spec.events.end(), events.begin(), events.end());
  // As a scenario file has them: what has a time first.
  std::stable_partition(spec.events.begin(), spec.events.end(),
                        [](const EventSpec& event) { return event.time.has_value(); });
}

}  // namespace shardproof::sim::swarm
