// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/chaos.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "core/base/fixed_math.hpp"
#include "core/base/humanise.hpp"
#include "sim/cluster/selection.hpp"
#include "sim/scenario/message_names.hpp"
#include "sim/scenario/mutable_selectors.hpp"

namespace shardproof::sim {
namespace {

/// What a family's fault needs the budget's leave for.
enum class Need : std::uint8_t { kNone, kStop, kDestroyDisk, kShiftClock };

Need need_of(ChaosFamily family) {
  switch (family) {
    case ChaosFamily::kCrash:
    case ChaosFamily::kPause:
    case ChaosFamily::kGray:
    case ChaosFamily::kIsolate:
    case ChaosFamily::kPartition:
    case ChaosFamily::kClog:
    case ChaosFamily::kSwizzle:
    case ChaosFamily::kStall:
    case ChaosFamily::kMetadataCut:
    case ChaosFamily::kDomainCrash:
    case ChaosFamily::kDomainPartition:
    case ChaosFamily::kRollingRestart: return Need::kStop;
    case ChaosFamily::kLoseDisk:
    case ChaosFamily::kDiskBatch:
    case ChaosFamily::kSwapDisks:
    case ChaosFamily::kCorrupt:
    case ChaosFamily::kMisdirect: return Need::kDestroyDisk;
    case ChaosFamily::kClockStep:
    case ChaosFamily::kClockWobble: return Need::kShiftClock;
    case ChaosFamily::kDrop:
    case ChaosFamily::kDelay:
    case ChaosFamily::kSlow:
    case ChaosFamily::kDiskFull:
    case ChaosFamily::kDiskErrors:
    case ChaosFamily::kNetwork:
    case ChaosFamily::kMetadataOutage:
    case ChaosFamily::kMetadataSlow:
    case ChaosFamily::kSessionExpiry: return Need::kNone;
  }
  return Need::kNone;
}

/// The selector of random nodes in an action, or null.
NodeSelector* random_selector(Action& action) {
  for (NodeSelector* selector : selectors_of(action)) {
    if (selector->is_by_chance()) return selector;
  }
  return nullptr;
}

/// What the clock may gain or lose.
Nanoseconds shift_of(const Action& action) {
  const auto& clock = std::get<ClockAction>(action);
  return clock.wobble ? wobble_gain(*clock.wobble) : clock.step;
}

/// The type of message that an action is about, drawn if it is absent; null for other actions.
std::optional<std::uint32_t>* message_of(Action& action) {
  if (auto* drop = std::get_if<DropAction>(&action)) return &drop->message;
  if (auto* delay = std::get_if<DelayAction>(&action)) return &delay->message;
  return nullptr;
}

}  // namespace

Chaos::Chaos(const ScenarioSpec& spec, Cluster& cluster, FaultInjector& injector,
             ActiveEffects& effects, Streams streams)
    : spec_(spec.chaos),
      end_(spec.chaos.until.value_or(spec.duration)),
      cluster_(cluster),
      injector_(injector),
      effects_(effects),
      budget_(
          spec, cluster,
          [&cluster](NodeId node) {
            return cluster.is_running(node) && cluster.reaches_metadata(node) &&
                   !cluster.disk_of(node).is_stalled();
          },
          [&cluster](NodeId node, ShardId shard) { return cluster.is_whole(node, shard); }) {
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    Source& source = sources_[i];
    source.arrival = streams.stream("chaos", i, "arrival");
    source.duration = streams.stream("chaos", i, "duration");
    source.fault = streams.stream("chaos", i, "fault");
    source.elapsed = spec_.from;
    source.count.family = to_string(static_cast<ChaosFamily>(i));
  }
}

void Chaos::visit_streams(StreamVisitor& visitor) {
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    Source& source = sources_[i];
    visitor.on_stream("chaos", i, "arrival", source.arrival);
    visitor.on_stream("chaos", i, "duration", source.duration);
    visitor.on_stream("chaos", i, "fault", source.fault);
  }
}

// --- When ---------------------------------------------------------------------------------------

void Chaos::begin() {
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    if (spec_.faults[i]) schedule_next(static_cast<ChaosFamily>(i));
  }
}

void Chaos::schedule_next(ChaosFamily family) {
  const auto index = static_cast<std::size_t>(family);
  Source& source = sources_[index];
  const Rate& rate = spec_.faults[index]->rate;
  const auto gap_q32 = static_cast<UInt128>(source.arrival.exponential_q32()) *
                       static_cast<std::uint64_t>(rate.per.count()) / rate.count;
  const UInt128 gap = (gap_q32 >> 32) + 1;
  if (gap >= static_cast<UInt128>((end_ - source.elapsed).count())) return;
  source.elapsed += Nanoseconds(static_cast<std::int64_t>(gap));
  WorldEvent event;
  event.kind = EventKind::Chaos;
  event.word = index;
  cluster_.schedule(cluster_.origin() + source.elapsed, event);
}

void Chaos::on_event(const WorldEvent& event) {
  const auto family = static_cast<ChaosFamily>(event.word);
  const ChaosFault& fault = *spec_.faults[event.word];
  Source& source = sources_[event.word];
  const Nanoseconds duration = sample(fault.duration, source.duration);
  if (fault.calm.count() > 0) {
    const Nanoseconds left = end_ - source.elapsed;
    source.elapsed += std::min(std::min(duration, left) + std::min(fault.calm, left), left);
  }
  schedule_next(family);
  source.count.due += 1;
  std::optional<Nanoseconds> lasts;
  if (ends_by_itself(family)) lasts = std::max(duration, Nanoseconds(1));
  const Draw one = draw(family, source);
  if (one.is_idle) {
    source.count.idle += 1;
    log(family, one,
        family == ChaosFamily::kSwapDisks ? "no two nodes were running" : "no node was running");
  } else if (!one.why_not.empty()) {
    source.count.refused += 1;
    log(family, one, "refused by the budget: " + one.why_not);
  } else {
    strike(family, source, one, lasts);
  }
}

// --- What ---------------------------------------------------------------------------------------

Chaos::Draw Chaos::draw(ChaosFamily family, Source& source) {
  Draw drawn;
  drawn.action = spec_.faults[static_cast<std::size_t>(family)]->action;
  draw_parameters(drawn, source.fault);
  draw_victims(family, drawn, source.fault);
  return drawn;
}

void Chaos::draw_parameters(Draw& draw, Random& random) {
  if (auto* clock = std::get_if<ClockAction>(&draw.action)) {
    const std::int64_t bound = clock->step.count();
    if (bound > 0) clock->step = Nanoseconds(random.between(-bound, bound));
  }
  if (auto* message = message_of(draw.action)) {
    if (!*message) *message = static_cast<std::uint32_t>(random.below(kMessageKinds));
  }
}

void Chaos::draw_victims(ChaosFamily family, Draw& draw, Random& random) const {
  NodeSelector* selector = random_selector(draw.action);
  if (selector == nullptr) return;
  if (std::holds_alternative<SwapDisksAction>(draw.action)) return draw_pair(family, draw, random);
  if (selector->is_random_domain()) {
    draw_domain(family, selector->kind, draw, random);
  } else {
    draw_nodes(family, *selector, draw, random);
  }
  if (!draw.victims.empty()) draw.why_not.clear();
  std::sort(draw.victims.begin(), draw.victims.end());
  *selector = NodeSelector{};
  selector->nodes = draw.victims;
}

/// Two, or nobody.
void Chaos::draw_pair(ChaosFamily family, Draw& draw, Random& random) const {
  draw_nodes(family, NodeSelector::random(2), draw, random);
  auto& swap = std::get<SwapDisksAction>(draw.action);
  if (draw.victims.size() == 2) {
    draw.why_not.clear();
    std::sort(draw.victims.begin(), draw.victims.end());
    swap = SwapDisksAction{};
    swap.node.nodes = {draw.victims.front()};
    swap.with.nodes = {draw.victims.back()};
    return;
  }
  // One that is alone has nobody to swap with, whatever the budget says.
  draw.is_idle = draw.why_not.empty();
  draw.victims.clear();
}

void Chaos::draw_domain(ChaosFamily family, NodeSelector::Kind level, Draw& draw,
                        Random& random) const {
  std::vector<std::vector<NodeId>> left = running_by_domain(level, cluster_, injector_.nodes());
  draw.is_idle = left.empty();
  while (draw.victims.empty() && !left.empty()) {
    const std::uint64_t pick = random.below(left.size());
    const FaultBudget::Permission permission = may(family, left[pick], draw.action);
    if (permission) draw.victims = left[pick];
    draw.why_not = permission.why_not;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(pick));
  }
}

void Chaos::draw_nodes(ChaosFamily family, const NodeSelector& selector, Draw& draw,
                       Random& random) const {
  std::vector<NodeId> left = running_members(cluster_);
  draw.is_idle = left.empty();
  const std::size_t wanted = selector.kind == NodeSelector::Kind::kHalf
                                 ? std::max<std::size_t>(left.size() / 2, 1)
                                 : selector.number;
  while (draw.victims.size() < wanted && !left.empty()) {
    const std::uint64_t pick = random.below(left.size());
    draw.victims.push_back(left[pick]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(pick));
    const FaultBudget::Permission permission = may(family, draw.victims, draw.action);
    if (permission) continue;
    draw.victims.pop_back();
    draw.why_not = permission.why_not;
  }
}

FaultBudget::Permission Chaos::may(ChaosFamily family, const std::vector<NodeId>& victims,
                                   const Action& action) const {
  switch (need_of(family)) {
    case Need::kNone: return {};
    case Need::kStop: return budget_.may_stop(victims, cluster_.now());
    case Need::kDestroyDisk: return budget_.may_destroy_disks(victims, cluster_.now());
    case Need::kShiftClock: return budget_.may_shift_clock(shift_of(action), cluster_.now());
  }
  return {};
}

void Chaos::strike(ChaosFamily family, Source& source, const Draw& draw,
                   std::optional<Nanoseconds> lasts) {
  EventSpec event;
  event.action = draw.action;
  event.lasts = lasts;
  Applied applied = injector_.apply(event);
  if (!applied.happened) {
    source.count.idle += 1;
    return log(family, draw, applied.why_not);
  }
  source.count.struck += 1;
  remember(family, draw, lasts);
  log(family, draw, lasts ? "for " + human_duration(*lasts) : std::string());
  effects_.keep(std::move(applied), lasts, lasts.has_value());
}

void Chaos::remember(ChaosFamily family, const Draw& draw, std::optional<Nanoseconds> lasts) {
  const Instant now = cluster_.now();
  switch (need_of(family)) {
    case Need::kNone: return;
    case Need::kStop: return budget_.on_stopped(draw.victims, now + *lasts);
    case Need::kDestroyDisk:
      // The world knows which copies are gone. Damage of a disk stops nobody.
      if (lasts) budget_.on_stopped(draw.victims, now + *lasts);
      return;
    case Need::kShiftClock:
      return budget_.on_clock_shifted(shift_of(draw.action), now,
                                      now + lasts.value_or(Nanoseconds(0)));
  }
}

// --- What is said of it -------------------------------------------------------------------------

/// `chaos: drop AppendEntries for 1.2 s`, `chaos: crash n3: refused by the budget: ...`.
void Chaos::log(ChaosFamily family, const Draw& draw, const std::string& text) {
  std::string line = fmt::format("chaos: {}", to_string(family));
  Action action = draw.action;
  if (const auto* message = message_of(action))
    line += fmt::format(" {}", message_names()[**message]);
  if (!draw.victims.empty()) line += fmt::format(" {}", fmt::join(draw.victims, ", "));
  if (!text.empty()) line += (text.starts_with("for ") ? " " : ": ") + text;
  cluster_.observer().on_chaos(draw.victims.size() == 1 ? draw.victims.front() : NodeId::none(),
                               line);
}

std::optional<ChaosFigures> Chaos::figures() const {
  if (spec_.empty()) return {};
  ChaosFigures figures;
  figures.budget = to_string(spec_.budget);
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    if (spec_.faults[i]) figures.families.push_back(sources_[i].count);
  }
  return figures;
}

}  // namespace shardproof::sim
