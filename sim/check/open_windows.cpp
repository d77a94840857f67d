// SPDX-License-Identifier: Apache-2.0
#include "sim/check/open_windows.hpp"

#include <algorithm>

namespace shardproof::sim::check {
namespace {

constexpr Nanoseconds kDay = hours(24);

/// When the window that is open at `now` was opened.
std::optional<Instant> opened_at(const distribution::MoveWindow& window, Nanoseconds day_start,
                                 Instant now) {
  if (!window.daily) {
    const Instant begin = Instant() + window.start;
    return now >= begin && now < Instant() + window.end ? std::optional(begin) : std::nullopt;
  }
  const bool ends_next_day = window.end < window.start;
  const Nanoseconds length = window.end - window.start + (ends_next_day ? kDay : Nanoseconds(0));
  // The first midnight, and how many days are over since.
  const Instant midnight = Instant() - day_start;
  const std::int64_t days = (now - midnight).count() / kDay.count();
  // A window may have been opened the day before; a clock may be behind the first midnight.
  for (std::int64_t day = days - 1; day <= days + 1; ++day) {
    const Instant begin = midnight + kDay * day + window.start;
    if (now >= begin && now < begin + length) return begin;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Instant> open_since(const distribution::MoveLimits& limits, Instant now) {
  if (limits.windows.empty()) return Instant() - hours(24) * 365;
  std::optional<Instant> earliest;
  for (const distribution::MoveWindow& window : limits.windows) {
    const auto begin = opened_at(window, limits.time_of_day_at_start, now);
    if (begin && (!earliest || *begin < *earliest)) earliest = begin;
  }
  return earliest;
}

}  // namespace shardproof::sim::check
