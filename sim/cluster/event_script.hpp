// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/cluster/active_effects.hpp"
#include "sim/cluster/fault_injector.hpp"

namespace shardproof::sim {

/// The scenario's `[[at]]` and `[[when]]` at work: carries their actions out when they are due.
class EventScript final : public Inhabitant, public MessageWatch {
 public:
  /// `on_sample` is called for events of kind Sample.
  EventScript(const ScenarioSpec& spec, Cluster& cluster, FaultInjector& injector,
              ActiveEffects& effects, std::function<void()> on_sample);

  /// Schedules the timed events; the scenario begins now.
  void begin();
  /// Looks at the conditions; after every event. O(conditions that may still fire).
  void after_event();
  /// Nothing fires any more when its condition becomes true, and of a staggered action nothing more
  /// happens.
  void stop() {
    watches_.clear();
    pending_.clear();
  }

  /// What became of one event: how often it has fired, and why it has not, the last time that it
  /// was due and found nothing to act upon.
  struct Outcome {
    std::uint64_t fired = 0;
    std::string why_not;
  };
  /// In the scenario's order.
  const std::vector<Outcome>& outcomes() const { return outcomes_; }

  void on_received(Endpoint from, Endpoint to, const Message& message) override;
  void on_message(Endpoint, Endpoint, Message&) override {}
  void on_event(const WorldEvent& event) override;

 private:
  /// Beside those of `ActiveEffects`.
  enum Detail : std::uint8_t { kFire = 0, kOne = 2 };
  struct Watch {
    std::size_t event = 0;
    std::uint32_t fired = 0;
    bool was_true = false;
    std::uint32_t received = 0;            ///< of its messages, since it fired last
    Endpoint from = Endpoint::metadata();  ///< of the last of these
    Endpoint to = Endpoint::metadata();
  };

  /// Whether a message is one of those that the event waits for.
  bool is_awaited(const EventSpec& event, Endpoint from, Endpoint to, const Message& message);
  /// Whether the watch is to fire now.
  bool is_due(Watch& watch);
  bool fire(const Watch& watch);
  /// False if there was nothing to act upon.
  bool fire(std::size_t index) { return fire(index, spec_.events[index]); }
  bool fire(std::size_t index, const EventSpec& event);
  void fire_one(std::uint64_t number);

  const ScenarioSpec& spec_;
  Cluster& cluster_;
  FaultInjector& injector_;
  ActiveEffects& effects_;
  std::function<void()> on_sample_;
  std::vector<Outcome> outcomes_;
  std::vector<Watch> watches_;
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
