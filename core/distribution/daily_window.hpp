// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/units.hpp"

namespace shardproof::distribution {

/// A daily span of time, `HH:MM-HH:MM`: from the first minute, included, to the second, not
/// included. One that ends before it starts runs over midnight. Minutes since midnight, start
/// 0..1439, end 1..1440 (24:00), never equal.
struct DailyWindow {
  std::uint16_t start_minute = 0;
  std::uint16_t end_minute = 1440;

  /// `time_of_day` in [0, 24 h).
  bool contains(Nanoseconds time_of_day) const;

  friend bool operator==(const DailyWindow&, const DailyWindow&) = default;
};

/// Reads `HH:MM-HH:MM`, two digits each, 24:00 allowed as the end. An end equal to the start is an
/// error, for it could mean never or always.
Result<DailyWindow> parse_daily_window(std::string_view text);

/// The time of day at a simulated instant, in [0, 24 h), given that at the start.
Nanoseconds time_of_day(Instant now, Nanoseconds time_of_day_at_start);

/// True if there are no windows or one of them contains the time of day.
bool inside_windows(const std::vector<DailyWindow>& windows, Nanoseconds time_of_day);

/// The first instant at or after `now` that is inside a window; `now` itself if there are no
/// windows. For a timer that wakes the scheduler. O(windows).
Instant next_opening(const std::vector<DailyWindow>& windows, Instant now,
                     Nanoseconds time_of_day_at_start);

}  // namespace shardproof::distribution
