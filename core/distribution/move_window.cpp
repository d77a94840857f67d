// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/move_window.hpp"

#include <algorithm>

namespace shardproof::distribution {

bool MoveWindow::contains(Instant now, Nanoseconds time_of_day_at_start) const {
  const Nanoseconds time = daily ? time_of_day(now, time_of_day_at_start) : now.since_start();
  const bool after_start = time >= start;
  const bool before_end = time < end;
  return start < end ? after_start && before_end : after_start || before_end;
}

Nanoseconds time_of_day(Instant now, Nanoseconds time_of_day_at_start) {
  constexpr Nanoseconds kDay = hours(24);
  const std::int64_t rest =
      (now.count() % kDay.count() + time_of_day_at_start.count()) % kDay.count();
  return Nanoseconds(rest < 0 ? rest + kDay.count() : rest);
}

bool inside_windows(const std::vector<MoveWindow>& windows, Instant now,
                    Nanoseconds time_of_day_at_start) {
  if (windows.empty()) return true;
  return std::any_of(windows.begin(), windows.end(), [&](const MoveWindow& window) {
    return window.contains(now, time_of_day_at_start);
  });
}

}  // namespace shardproof::distribution
