// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "sim/scenario/text_error.hpp"
#include "sim/scenario/traffic_spec.hpp"

namespace shardproof::sim {

/// Amounts with units, as texts of a scenario. Every number is exact: one that is no whole number
/// of the base unit (nanoseconds, bytes) is an error, as is one out of range. `to_text` prints what
/// the parser of the same type reads back.

/// `250us`, `1.5s`, `1h30m`; units ns, us, ms, s, m or min, h, d.
Result<Nanoseconds, TextError> parse_duration(std::string_view text);
/// As above, with a leading minus allowed.
Result<Nanoseconds, TextError> parse_signed_duration(std::string_view text);
/// `01:30` or `01:30:15`, below 24:00, as the time since midnight.
Result<Nanoseconds, TextError> parse_time_of_day(std::string_view text);
/// `4KiB`, `1.5GB`; units B, KB, MB, GB, TB, PB (powers of 1000), KiB, ... PiB (powers of 1024).
Result<Bytes, TextError> parse_bytes(std::string_view text);
/// As above, or `unlimited`, which is zero.
Result<Bytes, TextError> parse_capacity(std::string_view text);
/// `200MB/s`, `10Gbit/s`, `unlimited`.
Result<Bandwidth, TextError> parse_bandwidth(std::string_view text);
/// `2000/s`, `1/min`, `15/10s`.
Result<Rate, TextError> parse_rate(std::string_view text);
/// `0.1%`, `0.5`, `1/3`; not negative.
Result<Ratio, TextError> parse_ratio(std::string_view text);
/// `10x`, `1.5x`.
Result<Ratio, TextError> parse_factor(std::string_view text);
/// `50ppm`, `-200ppb`, as parts in 1e9.
Result<std::int64_t, TextError> parse_drift(std::string_view text);

std::string to_text(Nanoseconds span);
std::string to_text(Bytes bytes);
std::string capacity_text(Bytes bytes);
std::string to_text(Bandwidth bandwidth);
std::string to_text(Rate rate);
std::string time_of_day_text(Nanoseconds since_midnight);
std::string factor_text(Ratio factor);
std::string drift_text(std::int64_t parts_in_1e9);

}  // namespace shardproof::sim
