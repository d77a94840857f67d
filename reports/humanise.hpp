// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/base/units.hpp"
#include "sim/observe/run_result.hpp"

/// Numbers for a person: three or four digits that matter and a unit. Never read back.
namespace shardproof::reports {

/// "1,234,567"
std::string human_count(std::uint64_t count);
/// "950", "12.3 k", "1.23 M", "4.5 G"
std::string human_scaled(double number);
/// "0 s", "950 ns", "1.24 ms", "12.3 s", "2 min 3.4 s", "3 h 12 min"
std::string human_duration(double nanoseconds);
inline std::string human_duration(Nanoseconds span) {
  return human_duration(static_cast<double>(span.count()));
}
/// Decimal units: "950 B", "1.24 GB"
std::string human_bytes(double bytes);
/// A metric's value with the unit's scale, "-" if there is none.
std::string human_value(sim::MetricUnit unit, const std::optional<sim::ExactValue>& value);
/// With a singular for one: "1 event", "2,000 events".
std::string human_number_of(std::uint64_t count, std::string_view noun);

}  // namespace shardproof::reports
