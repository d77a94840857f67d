// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/observe/event_log.hpp"
#include "sim/run/run_watch.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// Event numbers from 1, both included.
struct EventRange {
  std::uint64_t first = 1;
  std::uint64_t last = 0;
};

/// Writes down the events of a range, and ends the run behind it; in a range within setting up the
/// run goes on until the scenario begins, for only then are the times known.
class TraceRecorder final : public RunWatch {
 public:
  /// `spec` must outlive it.
  TraceRecorder(const ScenarioSpec& spec, EventRange range) : spec_(spec), range_(range) {}

  void on_delivery(const Delivery& delivery) override;
  void on_fact(NodeId node, const Fact& fact) override;
  bool after_event(World& world) override;

  /// After the run, with its log: in order, fewer than the range if the run ended in it.
  /// O(lines + records).
  std::vector<TraceLine> lines(const EventLog& log) const;

 private:
  bool is_within(std::uint64_t event) const {
    return event >= range_.first && event <= range_.last;
  }
  void describe(const WorldEvent& event, const Message* message, TraceLine& line) const;
  std::string script_text(const WorldEvent& event) const;

  const ScenarioSpec& spec_;
  EventRange range_;
  std::uint64_t now_ = 0;
  Instant origin_;
  /// With times of the world.
  std::vector<TraceLine> lines_;
};

}  // namespace shardproof::sim
