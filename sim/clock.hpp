// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/units.hpp"
#include "core/base/wide.hpp"
#include "sim/clock_wobble.hpp"

namespace shardproof::sim {

/// A node's own clock: off by an amount, fast or slow by a rate, stepped now and then, and maybe
/// wobbling. Exact integer arithmetic: local = base + elapsed + floor(elapsed * drift / 1e9) + the
/// wobble's error.
///
/// Within an incarnation of the node it never runs backwards: after a step back the reading stands
/// still until the clock has caught up with it. All operations are O(1); `true_delay` of a clock
/// that wobbles is O(log amplitude).
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
  /// It wobbles in another way from now on, or no more; its error so far stays.
  void set_wobble(Instant now, const ClockWobble& wobble, std::uint64_t seed);
  /// A new incarnation: what earlier ones have read binds it no more.
  void restart(Instant now);

  std::int64_t drift_ppb() const { return drift_ppb_; }

 private:
  /// Without the wobble.
  Instant steady(Instant now) const;
  Instant raw(Instant now) const;
  void rebase(Instant now, Nanoseconds step);
  Nanoseconds steady_delay(Instant now, Int128 target) const;
  Nanoseconds wobbling_delay(Instant now, Int128 target) const;

  Instant base_true_;
  Instant base_local_;
  std::int64_t drift_ppb_ = 0;
  ClockWobble wobble_;
  std::uint64_t wobble_seed_ = 0;
  Instant wobble_since_;
  Instant last_read_{Nanoseconds(std::numeric_limits<std::int64_t>::min())};
};

}  // namespace shardproof::sim
