// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/active_effects.hpp"

#include <algorithm>

namespace shardproof::sim {

void ActiveEffects::schedule(Nanoseconds delay, std::uint8_t detail, std::uint64_t word) {
  WorldEvent event;
  event.kind = EventKind::Script;
  event.detail = detail;
  event.word = word;
  cluster_.schedule(std::max(cluster_.now(), cluster_.origin()) + delay, event);
}

void ActiveEffects::keep(Applied applied, std::optional<Nanoseconds> lasts, bool is_fault) {
  if (lasts) {
    const std::uint64_t number = next_number();
    undos_[number] = std::move(applied.undo);
    schedule(*lasts, kEnd, number);
  } else if (is_fault) {
    undos_[next_number()] = std::move(applied.undo);
  }
  for (Step& step : applied.steps) {
    const std::uint64_t number = next_number();
    steps_[number] = std::move(step.act);
    schedule(step.delay, kStep, number);
  }
  tell_checks();
}

void ActiveEffects::on_event(const WorldEvent& event) {
  if (event.detail == kEnd) return end(event.word);
  const auto it = steps_.find(event.word);
  if (it == steps_.end()) return;
  const std::function<void()> act = std::move(it->second);
  steps_.erase(it);
  act();
}

void ActiveEffects::end(std::uint64_t number) {
  const auto it = undos_.find(number);
  if (it == undos_.end()) return;
  const Undo undo = std::move(it->second);
  undos_.erase(it);
  if (undo) undo();
  tell_checks();
}

void ActiveEffects::tell_checks() {
  const check::At now = cluster_.at(NodeId::none());
  cluster_.checks().on_faults_active(count(), now);
  cluster_.checks().request_audit(now.event);
}

void ActiveEffects::end_all() {
  steps_.clear();
  std::map<std::uint64_t, Undo> open;
  open.swap(undos_);
  for (const auto& [number, undo] : open) {
    if (undo) undo();
  }
  tell_checks();
}

}  // namespace shardproof::sim
