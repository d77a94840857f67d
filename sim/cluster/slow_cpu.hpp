// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <deque>

#include "core/ports.hpp"
#include "sim/cluster/world_event.hpp"
#include "sim/faults.hpp"

namespace shardproof::sim {

/// What holds a node's CPU up, and the inputs that wait for it, in order of arrival.
///
/// A step is atomic, as ever: it happens, and its effects leave the node, when its time is over.
class SlowCpu {
 public:
  /// An input that has reached the process.
  struct Waiting {
    WorldEvent event;
    DiskDone done;  ///< of EventKind::DiskDone
    bool is_void =
        false;  ///< a timer that has been cancelled since: takes its turn, and does nothing
  };

  FaultId add(Ratio factor) {
    const FaultId id = factors_.add(factor);
    refresh();
    return id;
  }
  /// What waits goes on waiting its turn.
  void heal(FaultId id) {
    factors_.remove(id);
    refresh();
  }

  /// How much longer than at full speed one input takes, if it takes `step` then.
  Nanoseconds delay(Nanoseconds step) const { return factor_.of(step) - step; }
  bool is_slow() const { return factor_ != Ratio(1, 1); }
  /// How long one input takes that would take `step` at full speed.
  Nanoseconds busy(Nanoseconds step) const { return is_slow() ? factor_.of(step) : step; }

  const std::deque<Waiting>& waiting() const { return waiting_; }
  void push(const WorldEvent& event, const DiskDone& done) {
    waiting_.push_back({event, done, false});
  }
  /// The process has cancelled its timer of that kind, or set it anew: one that has run out already
  /// must not reach it any more. O(inputs that wait).
  void cancel_timer(TimerKind kind) {
    for (Waiting& one : waiting_) {
      const bool is_it =
          one.event.kind == EventKind::Timer && static_cast<TimerKind>(one.event.detail) == kind;
      one.is_void = one.is_void || is_it;
    }
  }
  Waiting pop() {
    const Waiting first = waiting_.front();
    waiting_.pop_front();
    return first;
  }
  /// The process has ended: nothing waits. The CPU stays as slow as it is.
  void forget() { waiting_.clear(); }

 private:
  void refresh() {
    factor_ = Ratio(1, 1);
    for (const auto& [id, factor] : factors_) factor_ = std::max(factor_, factor);
  }

  ActiveFaults<Ratio> factors_;
  Ratio factor_{1, 1};
  std::deque<Waiting> waiting_;
};

}  // namespace shardproof::sim
