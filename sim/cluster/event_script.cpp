// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/event_script.hpp"

#include <algorithm>

namespace shardproof::sim {
namespace {

Nanoseconds stagger_of(const Action& action) {
  if (const auto* crash = std::get_if<CrashAction>(&action)) return crash->stagger;
  if (const auto* restart = std::get_if<RestartAction>(&action)) return restart->stagger;
  return Nanoseconds(0);
}

/// Whether something is out of order while the action's effect lasts.
bool is_fault(const Action& action) {
  return std::holds_alternative<CrashAction>(action) ||
         std::holds_alternative<PauseAction>(action) ||
         std::holds_alternative<GrayAction>(action) ||
         std::holds_alternative<PartitionAction>(action) ||
         std::holds_alternative<ClogAction>(action) ||
         std::holds_alternative<SwizzleAction>(action) ||
         std::holds_alternative<DropAction>(action) ||
         std::holds_alternative<DelayAction>(action) ||
         std::holds_alternative<SlowAction>(action) ||
         std::holds_alternative<DiskFullAction>(action) ||
         std::holds_alternative<DiskErrorsAction>(action) ||
         std::holds_alternative<StallAction>(action) ||
         std::holds_alternative<LoseDiskAction>(action) ||
         std::holds_alternative<NetworkAction>(action) ||
         std::holds_alternative<MetadataAction>(action);
}

}  // namespace

EventScript::EventScript(const ScenarioSpec& spec, Cluster& cluster, FaultInjector& injector,
                         ActiveEffects& effects, std::function<void()> on_sample)
    : spec_(spec),
      cluster_(cluster),
      injector_(injector),
      effects_(effects),
      on_sample_(std::move(on_sample)),
      outcomes_(spec.events.size()) {}

void EventScript::begin() {
  for (std::size_t i = 0; i < spec_.events.size(); ++i) {
    if (spec_.events[i].time) {
      effects_.schedule(*spec_.events[i].time, kFire, i);
    } else {
      watches_.push_back({i, 0, false});
    }
  }
}

void EventScript::on_event(const WorldEvent& event) {
  if (event.kind == EventKind::Sample) return on_sample_();
  switch (event.detail) {
    case kFire: fire(event.word); return;
    case kOne: return fire_one(event.word);
    default: return effects_.on_event(event);
  }
}

bool EventScript::fire(std::size_t index) {
  const EventSpec& event = spec_.events[index];
  Applied applied = injector_.apply(event);
  if (!applied.staggered.empty()) {
    Nanoseconds delay;
    const auto has_fired = std::make_shared<bool>(false);
    for (const NodeId node : applied.staggered) {
      const std::uint64_t number = effects_.next_number();
      pending_[number] = {index, node, has_fired};
      effects_.schedule(delay, kOne, number);
      delay += stagger_of(event.action);
    }
    return true;
  }
  if (!applied.happened) {
    outcomes_[index].why_not = std::move(applied.why_not);
    return false;
  }
  outcomes_[index].fired += 1;
  effects_.keep(std::move(applied), event.lasts, is_fault(event.action));
  return true;
}

void EventScript::fire_one(std::uint64_t number) {
  const auto found = pending_.find(number);
  if (found == pending_.end()) return;
  const Pending one = found->second;
  pending_.erase(found);
  const EventSpec& event = spec_.events[one.event];
  Applied applied = injector_.apply_to_one(event, one.node);
  if (!applied.happened) {
    outcomes_[one.event].why_not = std::move(applied.why_not);
    return;
  }
  if (!*one.has_fired) outcomes_[one.event].fired += 1;
  *one.has_fired = true;
  effects_.keep(std::move(applied), event.lasts, is_fault(event.action));
}

void EventScript::after_event() {
  if (watches_.empty() || !cluster_.has_begun()) return;
  const Nanoseconds elapsed = cluster_.scenario_time().since_start();
  for (std::size_t i = 0; i < watches_.size(); ++i) {
    const EventSpec& event = spec_.events[watches_[i].event];
    if (elapsed < event.armed_after) continue;
    const bool is_true = holds(*event.condition, [&](MetricIndex metric) {
      return cluster_.observer().condition_value(metric);
    });
    const bool rises = is_true && !watches_[i].was_true;
    watches_[i].was_true = is_true;
    if (!rises) continue;
    if (!fire(watches_[i].event)) continue;
    watches_[i].fired += 1;
    if (watches_[i].fired < event.times) continue;
    watches_.erase(watches_.begin() + static_cast<std::ptrdiff_t>(i--));
  }
}

}  // namespace shardproof::sim
