// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "sim/cluster/applied.hpp"
#include "sim/cluster/cluster.hpp"

namespace shardproof::sim {

/// The effects that are on, of scripted and of random faults: carries out their later steps, ends
/// them when they are over, and tells the checks how many there are.
class ActiveEffects {
 public:
  /// Of events of kind Script; `word` is a number.
  enum Detail : std::uint8_t { kEnd = 1, kStep = 3 };

  explicit ActiveEffects(Cluster& cluster) : cluster_(cluster) {}

  /// A number that names one scheduled thing, never given out before.
  std::uint64_t next_number() { return next_++; }
  /// Schedules an event of kind Script, so long after now or the scenario's start.
  void schedule(Nanoseconds delay, std::uint8_t detail, std::uint64_t word);

  /// Keeps what has happened until it ends: after `lasts`, or else with the run if `is_fault`.
  void keep(Applied applied, std::optional<Nanoseconds> lasts, bool is_fault);
  /// A step or an end is due.
  void on_event(const WorldEvent& event);
  /// Ends every effect that is still on; what was to be done later is not done.
  void end_all();

  /// How many are on now.
  std::uint32_t count() const { return static_cast<std::uint32_t>(undos_.size()); }

 private:
  void end(std::uint64_t number);
  void tell_checks();

  Cluster& cluster_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, Undo> undos_;
  std::map<std::uint64_t, std::function<void()>> steps_;
};

}  // namespace shardproof::sim
