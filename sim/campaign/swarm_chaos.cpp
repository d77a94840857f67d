// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/messages.hpp"
#include "sim/campaign/dice.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

/// So many faults of a family in a run, or some.
Rate draw_rate(Dice& dice, Nanoseconds duration) { return Rate::of(dice.between(1, 6), duration); }

DelayDistribution draw_duration(Dice& dice) {
  const Nanoseconds typical = dice.span(milliseconds(30), seconds(2));
  return dice.coin() ? DelayDistribution::exponential(Nanoseconds(0), typical)
                     : DelayDistribution::uniform(typical / 4, typical);
}

PartitionAction cut(const NodeSelector& from, bool one_way) {
  return {from, NodeSelector::others(), one_way};
}

Action cut_off_metadata(const NodeSelector& node, bool one_way) {
  return PartitionAction{node, NodeSelector::metadata(), one_way};
}

/// A few at once are within what the budget leaves for clocks.
Action draw_wobble(Dice& dice, const ScenarioSpec& spec) {
  ClockAction clock{NodeSelector::random(1), {}, {}, {}};
  const Nanoseconds amplitude = std::max(spec.protocol.clock_error / 100, Nanoseconds(1));
  clock.wobble = any_wobble(dice, amplitude);
  return clock;
}

Action draw_slow_metadata(Dice& dice) {
  MetadataAction slow;
  slow.latency =
      DelayDistribution::exponential(Nanoseconds(0), dice.span(milliseconds(5), milliseconds(300)));
  if (dice.coin()) slow.lost_answers = Ratio(dice.between(1, 10), 20);
  return slow;
}

Action draw_fault(Dice& dice, ChaosFamily family, const ScenarioSpec& spec) {
  const NodeSelector one = NodeSelector::random(1);
  switch (family) {
    case ChaosFamily::kCrash: return CrashAction{one, {}, {}};
    case ChaosFamily::kPause: return PauseAction{one};
    case ChaosFamily::kGray: return GrayAction{one};
    case ChaosFamily::kIsolate: return cut(one, dice.coin());
    case ChaosFamily::kPartition: return cut(NodeSelector::half(), dice.coin());
    case ChaosFamily::kClog: return ClogAction{one, NodeSelector::anyone(), dice.coin()};
    case ChaosFamily::kSwizzle: return SwizzleAction{};
    case ChaosFamily::kDrop: {
      DropAction drop;
      drop.chance = Ratio(dice.between(1, 20), 20);
      return drop;
    }
    case ChaosFamily::kDelay: {
      DelayAction delay;
      delay.by = DelayDistribution::exponential(Nanoseconds(0),
                                                dice.span(milliseconds(1), milliseconds(300)));
      return delay;
    }
    case ChaosFamily::kSlow:
      return SlowAction{one, Ratio(dice.magnitude(2, 100), 1), Ratio(1, 1), Ratio(1, 1)};
    case ChaosFamily::kDiskFull: return DiskFullAction{one, Bytes(dice.magnitude(1, 20'000))};
    case ChaosFamily::kNetwork: return NetworkAction{{}, Ratio(dice.between(1, 10), 20), {}, {}};
    case ChaosFamily::kMetadataOutage: return MetadataAction{true, {}, {}, {}};
    case ChaosFamily::kLoseDisk: return LoseDiskAction{one};
    case ChaosFamily::kCorrupt:
      return CorruptAction{one, static_cast<std::uint32_t>(dice.magnitude(1, 30))};
    case ChaosFamily::kDiskErrors: {
      const Ratio failed(dice.magnitude(1, 60), 100);
      return DiskErrorsAction{one, failed, dice.thousandths(300)};
    }
    case ChaosFamily::kStall: return StallAction{one};
    case ChaosFamily::kMisdirect:
      return MisdirectAction{one, static_cast<std::uint32_t>(dice.magnitude(1, 30))};
    case ChaosFamily::kClockWobble: return draw_wobble(dice, spec);
    case ChaosFamily::kMetadataCut: return cut_off_metadata(one, dice.coin());
    case ChaosFamily::kMetadataSlow: return draw_slow_metadata(dice);
    case ChaosFamily::kSessionExpiry: return ExpireSessionAction{one};
    case ChaosFamily::kDomainCrash: return CrashAction{any_domain(dice), {}, {}};
    case ChaosFamily::kDomainPartition: return cut(any_domain(dice), dice.coin());
    case ChaosFamily::kDiskBatch: return LoseDiskAction{NodeSelector::random(dice.between(2, 3))};
    case ChaosFamily::kRollingRestart: return RollingRestartAction{NodeSelector::half()};
    case ChaosFamily::kSwapDisks: return SwapDisksAction{one, one};
    case ChaosFamily::kClockStep: break;
  }
  // The budget adds these up, so that a quarter of them may come within two leases.
  return ClockAction{one, std::max(spec.protocol.clock_error / 50, Nanoseconds(1)), {}, {}};
}

/// So slow that a node needs from a fifth of a millisecond to 40 ms for each input.
constexpr std::uint64_t kSlowCpuMin = 10;
constexpr std::uint64_t kSlowCpuMax = 2000;

/// Every other time watchers of a slow store are told late, too.
void draw_coalescing(Dice dice, Action& action) {
  auto* metadata = std::get_if<MetadataAction>(&action);
  if (metadata == nullptr || metadata->outage || !dice.coin()) return;
  metadata->coalesce = dice.span(milliseconds(5), seconds(1));
}

/// Every third slow node has a slow network instead of a slow disk.
void draw_slow_network(Dice dice, Action& action) {
  auto* slow = std::get_if<SlowAction>(&action);
  if (slow == nullptr || !dice.one_in(3)) return;
  slow->disk = Ratio(1, 1);
  slow->network = Ratio(dice.magnitude(2, kSlowNetworkMax), 1);
}

/// From a stream of its own: half of the cuts last for some time at least, and so does what is
/// between them.
void make_stable(Dice dice, ChaosFault& fault) {
  if (!std::holds_alternative<PartitionAction>(fault.action) || !dice.coin()) return;
  const Nanoseconds least = dice.span(milliseconds(100), seconds(1));
  fault.duration = DelayDistribution::exponential(least, least * dice.between(1, 3));
  fault.calm = dice.span(milliseconds(100), seconds(2));
}

bool has_clock_events(const ScenarioSpec& spec) {
  return std::any_of(spec.events.begin(), spec.events.end(), [](const EventSpec& event) {
    return std::holds_alternative<ClockAction>(event.action);
  });
}

/// Clocks may jump beyond what the protocol allows for if nobody adds the steps up.
bool is_possible(ChaosFamily family, const ScenarioSpec& spec) {
  if (family == ChaosFamily::kClockStep || family == ChaosFamily::kClockWobble) {
    return spec.chaos.budget == ChaosBudget::kRedundancy && !has_clock_events(spec);
  }
  // Without a budget they would destroy last copies, of which nothing is claimed afterwards.
  const bool destroys = family == ChaosFamily::kLoseDisk || family == ChaosFamily::kCorrupt ||
                        family == ChaosFamily::kMisdirect || family == ChaosFamily::kDiskBatch ||
                        family == ChaosFamily::kSwapDisks;
  if (destroys && spec.chaos.budget != ChaosBudget::kRedundancy) return false;
  const bool needs_cluster =
      family == ChaosFamily::kIsolate || family == ChaosFamily::kPartition ||
      family == ChaosFamily::kMetadataOutage || family == ChaosFamily::kLoseDisk ||
      family == ChaosFamily::kCorrupt || family == ChaosFamily::kMisdirect ||
      family == ChaosFamily::kMetadataCut || family == ChaosFamily::kMetadataSlow ||
      family == ChaosFamily::kSessionExpiry || family == ChaosFamily::kDomainPartition ||
      family == ChaosFamily::kDiskBatch || family == ChaosFamily::kRollingRestart ||
      family == ChaosFamily::kSwapDisks;
  return !needs_cluster || !spec.cluster.single;
}

}  // namespace

void draw_slow_cpu(Dice dice, Action& action) {
  auto* slow = std::get_if<SlowAction>(&action);
  if (slow == nullptr || !dice.coin()) return;
  slow->cpu = Ratio(dice.magnitude(kSlowCpuMin, kSlowCpuMax), 1);
}

void draw_chaos(std::uint64_t seed, ScenarioSpec& spec) {
  if (!spec.chaos.empty()) return;
  Dice dice(seed, 0, "chaos");
  if (!dice.one_in(4)) return;
  if (dice.coin()) spec.chaos.budget = ChaosBudget::kUnlimited;
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    Dice own(seed, i, "chaos family");
    const auto family = static_cast<ChaosFamily>(i);
    const bool is_in = own.one_in(4);
    if (!is_in || !is_possible(family, spec)) continue;
    ChaosFault& fault = spec.chaos.faults[i].emplace();
    fault.rate = draw_rate(own, spec.duration);
    if (ends_by_itself(family)) fault.duration = draw_duration(own);
    fault.action = draw_fault(own, family, spec);
    widen_domain(Dice(seed, i, "chaos region"), spec, fault.action);
    draw_slow_cpu(Dice(seed, i, "chaos cpu"), fault.action);
    draw_slow_network(Dice(seed, i, "chaos slow network"), fault.action);
    vary_network(Dice(seed, i, "chaos settings"), fault.action);
    make_stable(Dice(seed, i, "chaos calm"), fault);
    draw_slow_path(Dice(seed, i, "chaos slow path"), fault.action);
    draw_coalescing(Dice(seed, i, "chaos coalesce"), fault.action);
  }
  if (spec.chaos.empty()) spec.chaos.budget = ChaosBudget::kRedundancy;
}

}  // namespace shardproof::sim::swarm
