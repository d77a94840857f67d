// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/cluster/fault_injector.hpp"

namespace shardproof::sim {

/// The scenario's `[[at]]` and `[[when]]` at work: carries their actions out when they are due, and
/// ends their effects.
class EventScript final : public Inhabitant {
 public:
  /// `on_sample` is called for events of kind Sample.
  EventScript(const ScenarioSpec& spec, Cluster& cluster, FaultInjector& injector,
              std::function<void()> on_sample);

  /// Schedules the timed events; the scenario begins now.
  void begin();
  /// Looks at the conditions; after every event. O(conditions that may still fire).
  void after_event();
  /// Ends every effect that is still on.
  void end_all();

  /// What became of one event: how often it has fired, and why it has not, the last time that it
  /// was due and found nothing to act upon.
  struct Outcome {
    std::uint64_t fired = 0;
    std::string why_not;
  };
  /// In the scenario's order.
  const std::vector<Outcome>& outcomes() const { return outcomes_; }
  /// Effects that are on now.
  std::uint32_t active_faults() const { return static_cast<std::uint32_t>(undos_.size()); }

  void on_message(Endpoint, Message&) override {}
  void on_event(const WorldEvent& event) override;

 private:
  enum Detail : std::uint8_t { kFire, kEnd, kOne };
  struct Watch {
    std::size_t event = 0;
    std::uint32_t fired = 0;
    bool was_true = false;
  };

  /// False if there was nothing to act upon.
  bool fire(std::size_t index);
  void fire_one(std::uint64_t number);
  void end(std::uint64_t number);
  void keep(const EventSpec& event, Undo undo);
  void schedule(Nanoseconds delay, Detail detail, std::uint64_t word);
  void tell_checks();

  const ScenarioSpec& spec_;
  Cluster& cluster_;
  FaultInjector& injector_;
  std::function<void()> on_sample_;
  std::vector<Outcome> outcomes_;
  std::vector<Watch> watches_;
  /// Effects that are on, by the number under which their end is scheduled.
  std::map<std::uint64_t, Undo> undos_;
  std::uint64_t next_undo_ = 0;
  /// Staggered actions still to be applied to single nodes, by number.
  struct Pending {
    std::size_t event = 0;
    NodeId node;
    /// Whether the action has happened to one of the nodes: it has fired once, however many.
    std::shared_ptr<bool> has_fired;
  };
  std::map<std::uint64_t, Pending> pending_;
};

}  // namespace shardproof::sim
