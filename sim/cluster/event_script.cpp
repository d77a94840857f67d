// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/event_script.hpp"

#include <algorithm>

#include "sim/cluster/message_shard.hpp"
#include "sim/scenario/mutable_selectors.hpp"

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
         std::holds_alternative<RollingRestartAction>(action) ||
         std::holds_alternative<DropAction>(action) ||
         std::holds_alternative<DelayAction>(action) ||
         std::holds_alternative<SlowAction>(action) ||
         std::holds_alternative<DiskFullAction>(action) ||
         std::holds_alternative<DiskErrorsAction>(action) ||
         std::holds_alternative<StallAction>(action) ||
         std::holds_alternative<LoseDiskAction>(action) ||
         std::holds_alternative<SwapDisksAction>(action) ||
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
      watches_.emplace_back().event = i;
      if (spec_.events[i].message) cluster_.watch_messages(this);
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

bool EventScript::fire(std::size_t index, const EventSpec& event) {
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

bool EventScript::is_awaited(const EventSpec& event, Endpoint from, Endpoint to,
                             const Message& message) {
  if (!event.message || event.message->type != message.index()) return false;
  if (cluster_.scenario_time().since_start() < event.armed_after) return false;
  const MessageTrigger& wanted = *event.message;
  if (wanted.shard && !injector_.means({*wanted.collection, *wanted.shard}, shard_of(message))) {
    return false;
  }
  return injector_.means(wanted.from, from) && injector_.means(wanted.to, to) &&
         holds(*event.condition,
               [&](MetricIndex metric) { return cluster_.observer().condition_value(metric); });
}

void EventScript::on_received(Endpoint from, Endpoint to, const Message& message) {
  if (!cluster_.has_begun()) return;
  for (Watch& watch : watches_) {
    const EventSpec& event = spec_.events[watch.event];
    if (event.message && watch.received >= event.message->count) continue;
    if (!is_awaited(event, from, to, message)) continue;
    watch.received += 1;
    watch.from = from;
    watch.to = to;
  }
}

bool EventScript::is_due(Watch& watch) {
  const EventSpec& event = spec_.events[watch.event];
  if (event.message) {
    if (watch.received < event.message->count) return false;
    watch.received = 0;
    return true;
  }
  if (cluster_.scenario_time().since_start() < event.armed_after) return false;
  const bool is_true = holds(*event.condition, [&](MetricIndex metric) {
    return cluster_.observer().condition_value(metric);
  });
  const bool rises = is_true && !watch.was_true;
  watch.was_true = is_true;
  return rises;
}

bool EventScript::fire(const Watch& watch) {
  if (!spec_.events[watch.event].message) return fire(watch.event);
  EventSpec event = spec_.events[watch.event];
  for (NodeSelector* selector : selectors_of(event.action)) {
    const bool is_sender = selector->kind == NodeSelector::Kind::kSender;
    if (!is_sender && selector->kind != NodeSelector::Kind::kReceiver) continue;
    const Endpoint end = is_sender ? watch.from : watch.to;
    if (!end.is_node()) continue;
    *selector = NodeSelector{};
    selector->nodes = {end.as_node()};
  }
  return fire(watch.event, event);
}

void EventScript::after_event() {
  if (watches_.empty() || !cluster_.has_begun()) return;
  for (std::size_t i = 0; i < watches_.size(); ++i) {
    Watch& watch = watches_[i];
    if (!is_due(watch) || !fire(watch)) continue;
    watch.fired += 1;
    if (watch.fired < spec_.events[watch.event].times) continue;
    watches_.erase(watches_.begin() + static_cast<std::ptrdiff_t>(i--));
  }
}

}  // namespace shardproof::sim
