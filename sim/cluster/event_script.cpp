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
         std::holds_alternative<PartitionAction>(action) ||
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
                         std::function<void()> on_sample)
    : spec_(spec),
      cluster_(cluster),
      injector_(injector),
      on_sample_(std::move(on_sample)),
      outcomes_(spec.events.size()) {}

void EventScript::schedule(Nanoseconds delay, Detail detail, std::uint64_t word) {
  WorldEvent event;
  event.kind = EventKind::Script;
  event.detail = detail;
  event.word = word;
  cluster_.schedule(std::max(cluster_.now(), cluster_.origin()) + delay, event);
}

void EventScript::begin() {
  for (std::size_t i = 0; i < spec_.events.size(); ++i) {
    if (spec_.events[i].time) {
      schedule(*spec_.events[i].time, kFire, i);
    } else {
      watches_.push_back({i, 0, false});
    }
  }
}

void EventScript::on_event(const WorldEvent& event) {
  if (event.kind == EventKind::Sample) return on_sample_();
  switch (event.detail) {
    case kFire: fire(event.word); return;
    case kEnd: return end(event.word);
    case kOne: return fire_one(event.word);
  }
}

bool EventScript::fire(std::size_t index) {
  const EventSpec& event = spec_.events[index];
  Applied applied = injector_.apply(event);
  if (!applied.staggered.empty()) {
    Nanoseconds delay;
    const auto has_fired = std::make_shared<bool>(false);
    for (const NodeId node : applied.staggered) {
      const std::uint64_t number = next_undo_++;
      pending_[number] = {index, node, has_fired};
      schedule(delay, kOne, number);
      delay += stagger_of(event.action);
    }
    return true;
  }
  if (!applied.happened) {
    outcomes_[index].why_not = std::move(applied.why_not);
    return false;
  }
  outcomes_[index].fired += 1;
  keep(event, std::move(applied.undo));
  return true;
}

void EventScript::fire_one(std::uint64_t number) {
  const Pending one = pending_.at(number);
  pending_.erase(number);
  const EventSpec& event = spec_.events[one.event];
  Applied applied = injector_.apply_to_one(event, one.node);
  if (!applied.happened) {
    outcomes_[one.event].why_not = std::move(applied.why_not);
    return;
  }
  if (!*one.has_fired) outcomes_[one.event].fired += 1;
  *one.has_fired = true;
  keep(event, std::move(applied.undo));
}

void EventScript::end(std::uint64_t number) {
  const auto it = undos_.find(number);
  if (it == undos_.end()) return;
  const Undo undo = std::move(it->second);
  undos_.erase(it);
  if (undo) undo();
  tell_checks();
}

void EventScript::keep(const EventSpec& event, Undo undo) {
  if (event.lasts) {
    const std::uint64_t number = next_undo_++;
    undos_[number] = std::move(undo);
    schedule(*event.lasts, kEnd, number);
  } else if (is_fault(event.action)) {
    undos_[next_undo_++] = std::move(undo);
  }
  tell_checks();
}

void EventScript::tell_checks() {
  const check::At now = cluster_.at(NodeId::none());
  cluster_.checks().on_faults_active(active_faults(), now);
  cluster_.checks().request_audit(now.event);
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

void EventScript::end_all() {
  std::map<std::uint64_t, Undo> open;
  open.swap(undos_);
  for (const auto& [number, undo] : open) {
    if (undo) undo();
  }
  watches_.clear();
  tell_checks();
}

}  // namespace shardproof::sim
