// SPDX-License-Identifier: Apache-2.0
#include "property_tests/event_generators.hpp"

#include <algorithm>

#include "core/messages.hpp"
#include "property_tests/value_generators.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/scenario/names.hpp"

namespace shardproof::testing {
namespace {

using namespace shardproof::sim;
using namespace draw;

NodeSelector selector(const ScenarioSpec& spec) {
  using Kind = NodeSelector::Kind;
  NodeSelector result;
  result.kind = pick<Kind>({Kind::kNodes, Kind::kAll, Kind::kCoordinator, Kind::kLeader,
                            Kind::kReplicas, Kind::kMigrationSource, Kind::kMigrationTarget,
                            Kind::kZone, Kind::kRack, Kind::kRegion, Kind::kRandom,
                            Kind::kRandomZone, Kind::kRandomRack, Kind::kRandomRegion});
  const auto zone = pick(spec.cluster.domains.zones);
  switch (result.kind) {
    case Kind::kNodes:
      for (std::uint32_t i = 0; i < spec.cluster.nodes.size(); ++i) {
        if (coin()) result.nodes.push_back(NodeId(i));
      }
      if (result.nodes.empty()) result.nodes.push_back(NodeId(0));
      break;
    case Kind::kLeader:
    case Kind::kReplicas:
      result.collection = small(0, static_cast<std::uint32_t>(spec.collections.size() - 1));
      result.number = small(0, spec.collections[result.collection].shards - 1);
      break;
    case Kind::kZone: result.name = zone.second; break;
    case Kind::kRack: result.name = zone.second + "/" + pick(spec.cluster.domains.racks); break;
    case Kind::kRegion: result.name = zone.first; break;
    case Kind::kRandom:
      result.number = small(1, static_cast<std::uint32_t>(spec.cluster.nodes.size()));
      break;
    default: break;
  }
  return result;
}

NodeSelector other_side() {
  using Kind = NodeSelector::Kind;
  NodeSelector result;
  result.kind = pick<Kind>({Kind::kOthers, Kind::kMetadata, Kind::kClients});
  return result;
}

/// How an event with this action may end: never, maybe or always.
struct Drawn {
  Action action;
  bool may_last = false;
  bool must_last = false;
};

/// A selector that is not the same.
NodeSelector another(const NodeSelector& one) {
  using Kind = NodeSelector::Kind;
  NodeSelector other;
  other.kind = one.kind == Kind::kCoordinator ? Kind::kAll : Kind::kCoordinator;
  return other;
}

ShardChoice shard(const ScenarioSpec& spec) {
  const auto collection = small(0, static_cast<std::uint32_t>(spec.collections.size()) - 1);
  return {collection, small(0, spec.collections[collection].shards - 1)};
}

StatusAction status(const ScenarioSpec& spec) {
  if (coin()) return {coin() ? StatusAction::Of::kCluster : StatusAction::Of::kMigrations, {}, {}};
  const ShardChoice one = shard(spec);
  return {StatusAction::Of::kShard, one.collection, one.shard};
}

/// Another number of copies than at the start; another action where there is no other.
Action replication(const ScenarioSpec& spec) {
  const std::uint32_t collection = shard(spec).collection;
  const CollectionSpec& chosen = spec.collections[collection];
  std::vector<std::uint32_t> others;
  for (std::uint32_t copies = std::max(chosen.write_concern, 1u);
       copies <= std::min<std::size_t>(spec.cluster.nodes.size(), 64); ++copies) {
    if (copies != chosen.replication_factor) others.push_back(copies);
  }
  if (others.empty()) return RebalanceAction{};
  return ReplicationAction{collection, pick(others)};
}

/// Of the software, for nodes to run; or as it was.
std::optional<std::string> version(const ScenarioSpec& spec) {
  if (coin()) return std::nullopt;
  if (spec.versions.empty() || coin()) return std::string(kFirstVersion);
  return spec.versions.front().name;
}

std::uint32_t message() { return small(0, static_cast<std::uint32_t>(kMessageKinds) - 1); }
Ratio nonzero_fraction() { return reduced(Ratio(number(1, 100), 100)); }
DelayDistribution late() { return DelayDistribution::constant(positive_span()); }

Drawn action(const ScenarioSpec& spec) {
  const NodeSelector node = selector(spec);
  const Ratio slower(number(101, 5000), 100);
  const auto chance = [] { return Ratio(number(1, 100), 100); };
  switch (number(0, 33)) {
    case 0:
      return {JoinAction{small(1, 3), "", pick(spec.cluster.domains.zones).second, "", capacity(),
                         version(spec)}};
    case 1: return {DrainAction{node}};
    case 2: return {MaintenanceAction{node}, true, true};
    case 3: return {RemoveAction{node, coin()}};
    case 4: return {RebalanceAction{}};
    case 5: return {CrashAction{node, maybe(unsynced()), span(), maybe(fraction())}, true};
    case 6: return {RestartAction{node, span(), version(spec)}};
    case 7: return {PauseAction{node}, true, true};
    case 8: return {PartitionAction{node, other_side(), coin()}, true};
    case 9: {
      const auto maybe_slower = [&] { return coin() ? Ratio(1, 1) : slower; };
      const Ratio network = maybe_slower();
      return {SlowAction{node, slower, network, maybe_slower()}, true};
    }
    case 10: return {DiskFullAction{node, bytes()}, true};
    case 11:
      return {NetworkAction{maybe(delay()), fraction(), maybe(fraction()), maybe(fraction())},
              true};
    case 12:
      return {MetadataAction{true, maybe(delay()), maybe(fraction()), maybe(positive_span())},
              true};
    case 13: return {MoveAction{shard(spec), node, another(node)}};
    case 14: return {AbortAction{shard(spec)}};
    case 15: return {BalancingAction{coin()}};
    case 16: return {status(spec)};
    case 17: {
      const Ratio unknown = coin() ? Ratio(0, 1) : chance();
      return {DiskErrorsAction{node, chance(), unknown, coin() ? Ratio(0, 1) : chance()}, true};
    }
    case 18: return {StallAction{node}, true};
    case 19: return {LoseDiskAction{node}, true};
    case 20: return {CorruptAction{node, small(1, 9)}};
    case 21: return {GrayAction{node}, true};
    case 22:
      return {ClogAction{node, coin() ? other_side() : NodeSelector::anyone(), coin()}, true};
    case 23: return {SwizzleAction{node}, true, true};
    case 24: return {DropAction{maybe(message()), other_side(), node, nonzero_fraction()}, true};
    case 25: return {DelayAction{maybe(message()), node, other_side(), late(), slower}, true};
    case 26: return {MisdirectAction{node, small(1, 9)}};
    case 27: return {ExpireSessionAction{node}};
    case 28: return {RollingRestartAction{node, version(spec)}, true, true};
    case 29: return {replication(spec)};
    case 30:
      return {LimitsAction{OrderedLimits{small(0, 9), maybe(small(0, 9)), maybe(small(0, 9)),
                                         maybe(Bandwidth(number(0, 1'000'000)))}}};
    case 31: return {PolicyAction{std::string(pick(default_vocabulary().rebalances))}};
    case 32: return {SwapDisksAction{node, another(node)}, true};
    default:
      return {ClockAction{node, Nanoseconds(-1) - span(), maybe(std::int64_t{-20'500}),
                          maybe(wobble())}};
  }
}

Condition condition() {
  std::vector<MetricIndex> counters;
  for (MetricIndex i = 0; i < metric_catalogue().size(); ++i) {
    const MetricDefinition& metric = metric_catalogue()[i];
    if (metric.in_conditions && metric.name != "time") counters.push_back(i);
  }
  Condition result;
  const auto comparison = [&] {
    ConditionStep step;
    step.metric = pick(counters);
    const MetricDefinition& metric = metric_catalogue()[step.metric];
    if (metric.unit == MetricUnit::kChoice) {
      step.choice = small(0, static_cast<std::uint32_t>(metric.choices.size() - 1));
    } else {
      step.comparator = pick<Comparator>(
          {Comparator::kGreater, Comparator::kGreaterEqual, Comparator::kNotEqual});
      step.number = Ratio(number(1, 1'000'000), 1);
    }
    result.steps.push_back(step);
  };
  comparison();
  for (std::uint64_t i = number(0, 5); i > 0; --i) {
    // Operands on either side of the operator: (a op b) op c and a op (b op c).
    const std::size_t operands = number(1, 2);
    for (std::size_t operand = 0; operand < operands; ++operand) comparison();
    for (std::size_t operand = 0; operand < operands; ++operand) {
      ConditionStep join;
      join.kind = coin() ? ConditionStep::Kind::kAnd : ConditionStep::Kind::kOr;
      result.steps.push_back(join);
    }
  }
  return can_hold(result, hours(1)) ? result : condition();
}

NodeSelector domain() {
  using Kind = NodeSelector::Kind;
  NodeSelector result;
  result.kind = pick<Kind>({Kind::kRandomZone, Kind::kRandomRack, Kind::kRandomRegion});
  return result;
}

Action fault_of(ChaosFamily family) {
  const NodeSelector one = NodeSelector::random(1);
  switch (family) {
    case ChaosFamily::kCrash: return CrashAction{one, maybe(unsynced()), {}, maybe(fraction())};
    case ChaosFamily::kPause: return PauseAction{one};
    case ChaosFamily::kGray: return GrayAction{one};
    case ChaosFamily::kIsolate: return PartitionAction{one, NodeSelector::others(), coin()};
    case ChaosFamily::kPartition:
      return PartitionAction{NodeSelector::half(), NodeSelector::others(), coin()};
    case ChaosFamily::kClog: return ClogAction{one, NodeSelector::anyone(), coin()};
    case ChaosFamily::kSwizzle: return SwizzleAction{};
    case ChaosFamily::kDrop: {
      DropAction drop;
      drop.message = maybe(message());
      drop.chance = nonzero_fraction();
      return drop;
    }
    case ChaosFamily::kDelay: {
      DelayAction delay;
      delay.message = maybe(message());
      delay.by = late();
      if (coin()) delay.factor = Ratio(7, 2);
      return delay;
    }
    case ChaosFamily::kSlow: return SlowAction{one, Ratio(5, 2), Ratio(1, 1), Ratio(3, 1)};
    case ChaosFamily::kDiskFull: return DiskFullAction{one, bytes()};
    case ChaosFamily::kNetwork:
      return NetworkAction{maybe(delay()), fraction(), {}, maybe(fraction())};
    case ChaosFamily::kMetadataOutage: return MetadataAction{true, {}, {}, {}};
    case ChaosFamily::kLoseDisk: return LoseDiskAction{one};
    case ChaosFamily::kCorrupt: return CorruptAction{one, small(1, 9)};
    case ChaosFamily::kDiskErrors: return DiskErrorsAction{one, nonzero_fraction(), fraction()};
    case ChaosFamily::kStall: return StallAction{one};
    case ChaosFamily::kMisdirect: return MisdirectAction{one, small(1, 9)};
    case ChaosFamily::kClockWobble: return ClockAction{one, {}, {}, wobble()};
    case ChaosFamily::kMetadataCut: return PartitionAction{one, NodeSelector::metadata(), coin()};
    case ChaosFamily::kMetadataSlow:
      return MetadataAction{false, delay(), maybe(fraction()), maybe(positive_span())};
    case ChaosFamily::kSessionExpiry: return ExpireSessionAction{one};
    case ChaosFamily::kDomainCrash:
      return CrashAction{domain(), maybe(unsynced()), {}, maybe(fraction())};
    case ChaosFamily::kDomainPartition:
      return PartitionAction{domain(), NodeSelector::others(), coin()};
    case ChaosFamily::kDiskBatch: return LoseDiskAction{NodeSelector::random(small(2, 5))};
    case ChaosFamily::kRollingRestart: return RollingRestartAction{NodeSelector::half()};
    case ChaosFamily::kSwapDisks: return SwapDisksAction{one, one};
    case ChaosFamily::kClockStep: break;
  }
  return ClockAction{one, positive_span(), {}, {}};
}

MessageTrigger awaited(const ScenarioSpec& spec) {
  MessageTrigger result;
  result.type = message();
  result.count = small(1, 50);
  if (coin()) result.from = NodeSelector::metadata();
  if (coin()) {
    result.to = selector(spec);
    if (result.to.is_by_chance()) result.to = NodeSelector::anyone();
  }
  if (coin()) {
    const ShardChoice of = shard(spec);
    result.collection = of.collection;
    result.shard = of.shard;
  }
  return result;
}

}  // namespace

ChaosSpec any_chaos(Nanoseconds duration) {
  ChaosSpec chaos;
  chaos.budget = pick<ChaosBudget>({ChaosBudget::kRedundancy, ChaosBudget::kUnlimited});
  chaos.from = span_below(duration);
  if (coin()) chaos.until = chaos.from + Nanoseconds(1) + span_below(duration - chaos.from);
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    if (!coin()) continue;
    const auto family = static_cast<ChaosFamily>(i);
    ChaosFault& fault = chaos.faults[i].emplace();
    fault.rate = Rate::of(number(1, 1000), seconds(static_cast<std::int64_t>(number(1, 1000))));
    if (ends_by_itself(family)) fault.duration = delay();
    if (coin()) fault.calm = span();
    fault.action = fault_of(family);
  }
  return chaos;
}

EventSpec any_event(const ScenarioSpec& spec, bool is_when) {
  EventSpec result;
  if (is_when) {
    result.condition = condition();
    result.armed_after = span_below(spec.duration);
    result.times = small(1, 5);
    if (coin()) result.message = awaited(spec);
    if (result.message && coin()) result.condition = Condition{};
  } else {
    result.time = span_below(spec.duration);
  }
  const Drawn drawn = action(spec);
  result.action = drawn.action;
  const bool lasts = drawn.must_last || (drawn.may_last && coin());
  if (lasts) result.lasts = positive_span();
  return result;
}

}  // namespace shardproof::testing
