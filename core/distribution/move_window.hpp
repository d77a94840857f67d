// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/units.hpp"

namespace shardproof::distribution {

/// A span of time in which moves may start, exact to the nanosecond. Start and end are never equal.
struct MoveWindow {
  /// Start and end are times of day, 24 h allowed as the end; one that ends before it starts runs
  /// over midnight. Else it comes once, and they count from the start of time.
  bool daily = false;
  Nanoseconds start{};  ///< included
  Nanoseconds end{};    ///< excluded

  /// `time_of_day_at_start` in [0, 24 h).
  bool contains(Instant now, Nanoseconds time_of_day_at_start) const;

  friend bool operator==(const MoveWindow&, const MoveWindow&) = default;
};

/// The time of day at a simulated instant, in [0, 24 h), given that at the start.
Nanoseconds time_of_day(Instant now, Nanoseconds time_of_day_at_start);

/// True if there are no windows or one of them contains the instant.
bool inside_windows(const std::vector<MoveWindow>& windows, Instant now,
                    Nanoseconds time_of_day_at_start);

}  // namespace shardproof::distribution
