// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/units.hpp"

namespace shardproof::sim {

/// A node's own clock: off by an amount, fast or slow by a rate, and stepped now and then. Exact
/// integer arithmetic: local = base + elapsed + floor(elapsed * drift / 1e9).
///
/// Within an incarnation of the node it never runs backwards: after a step back the reading stands
/// still until the clock has caught up with it. All operations are O(1).
class Clock {
 public:
  Clock() = default;
  /// `drift_ppb` is in parts in 1e9, above -1e9; positive is fast.
  Clock(Nanoseconds offset, std::int64_t drift_ppb);

  /// What the node reads at true time `now`, which never decreases from call to call.
  Instant read(Instant now);
  /// The shortest true delay from `now` on after which `read` is at least `local_delay` >= 0 more
  /// than it is now, if nobody meddles with the clock meanwhile. Nanoseconds::max() if that is
  /// never.
  Nanoseconds true_delay(Instant now, Nanoseconds local_delay);

  /// The clock jumps, in either direction.
  void step(Instant now, Nanoseconds by);
  /// It runs at another rate from now on.
  void set_drift(Instant now, std::int64_t drift_ppb);
  /// A new incarnation: what earlier ones have read binds it no more.
  void restart(Instant now);

  std::int64_t drift_ppb() const { return drift_ppb_; }

 private:
  Instant raw(Instant now) const;
  void rebase(Instant now, Nanoseconds step);

  Instant base_true_;
  Instant base_local_;
  std::int64_t drift_ppb_ = 0;
  Instant last_read_{Nanoseconds(std::numeric_limits<std::int64_t>::min())};
};

}  // namespace shardproof::sim
