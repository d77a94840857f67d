// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/daily_window.hpp"

#include <algorithm>
#include <optional>

namespace shardproof::distribution {
namespace {

constexpr Nanoseconds kDay = hours(24);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `HH:MM` from 00:00 to 24:00 as minutes.
std::optional<std::uint16_t> parse_minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0u, 1u, 3u, 4u}) {
    if (!is_digit(text[i])) return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour * 60 + minute > 1440) return std::nullopt;
  return static_cast<std::uint16_t>(hour * 60 + minute);
}

}  // namespace

bool DailyWindow::contains(Nanoseconds time_of_day) const {
  const bool after_start = time_of_day >= minutes(start_minute);
  const bool before_end = time_of_day < minutes(end_minute);
  return start_minute < end_minute ? after_start && before_end : after_start || before_end;
}

Result<DailyWindow> parse_daily_window(std::string_view text) {
  const bool has_form = text.size() == 11 && text[5] == '-';
  const auto start = has_form ? parse_minutes(text.substr(0, 5)) : std::nullopt;
  const auto end = has_form ? parse_minutes(text.substr(6)) : std::nullopt;
  if (!start || !end || *start == 1440) {
    return fail("\"{}\" is not a daily window; expected HH:MM-HH:MM, like 22:00-05:30", text);
  }
  if (*start == *end) {
    return fail(
        "\"{}\" starts and ends at the same time; expected two different times, or "
        "00:00-24:00 for always",
        text);
  }
  return DailyWindow{*start, *end};
}

Nanoseconds time_of_day(Instant now, Nanoseconds time_of_day_at_start) {
  const std::int64_t rest =
      (now.count() % kDay.count() + time_of_day_at_start.count()) % kDay.count();
  return Nanoseconds(rest < 0 ? rest + kDay.count() : rest);
}

bool inside_windows(const std::vector<DailyWindow>& windows, Nanoseconds time_of_day) {
  if (windows.empty()) return true;
  return std::any_of(windows.begin(), windows.end(),
                     [&](const DailyWindow& window) { return window.contains(time_of_day); });
}

Instant next_opening(const std::vector<DailyWindow>& windows, Instant now,
                     Nanoseconds time_of_day_at_start) {
  const Nanoseconds today = time_of_day(now, time_of_day_at_start);
  if (inside_windows(windows, today)) return now;
  Nanoseconds wait = kDay;
  for (const DailyWindow& window : windows) {
    const Nanoseconds until = minutes(window.start_minute) - today;
    wait = std::min(wait, until < Nanoseconds(0) ? until + kDay : until);
  }
  return now + wait;
}

}  // namespace shardproof::distribution
