// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/amounts.hpp"

#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "core/base/wide.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

constexpr Unit kTimeUnits[] = {
    {"ns", 1},
    {"us", 1'000},
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"m", 60'000'000'000},
    {"min", 60'000'000'000},
    {"h", 3'600'000'000'000},
    {"d", 86'400'000'000'000},
};
constexpr Unit kByteUnits[] = {
    {"B", 1},
    {"KB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"TB", 1'000'000'000'000},
    {"PB", 1'000'000'000'000'000},
    {"KiB", std::uint64_t{1} << 10},
    {"MiB", std::uint64_t{1} << 20},
    {"GiB", std::uint64_t{1} << 30},
    {"TiB", std::uint64_t{1} << 40},
    {"PiB", std::uint64_t{1} << 50},
};
/// In bits, since the smallest is an eighth of a byte.
constexpr Unit kBandwidthUnits[] = {
    {"B/s", 8},
    {"KB/s", 8'000},
    {"MB/s", 8'000'000},
    {"GB/s", 8'000'000'000},
    {"KiB/s", std::uint64_t{8} << 10},
    {"MiB/s", std::uint64_t{8} << 20},
    {"GiB/s", std::uint64_t{8} << 30},
    {"bit/s", 1},
    {"Kbit/s", 1'000},
    {"Mbit/s", 1'000'000},
    {"Gbit/s", 1'000'000'000},
    {"Tbit/s", 1'000'000'000'000},
};
constexpr Unit kDriftUnits[] = {{"ppb", 1}, {"ppm", 1'000}};

constexpr std::uint64_t kAmountMax = std::uint64_t{1} << 62;

std::vector<std::string_view> names(std::span<const Unit> units) {
  std::vector<std::string_view> result;
  for (const Unit& unit : units) result.push_back(unit.name);
  return result;
}

bool is_number_start(char c) { return (c >= '0' && c <= '9') || c == '.'; }

Unexpected<TextError> too_large(Unit unit, std::uint64_t divisor, std::size_t offset) {
  const UInt128 most = static_cast<UInt128>(kAmountMax) * divisor / unit.size;
  return text_error(
      fmt::format("too large, at most {}{}", static_cast<std::uint64_t>(most), unit.name), {},
      offset);
}

Result<std::uint64_t, TextError> scaled(Decimal number, Unit unit, std::string_view base_unit,
                                        std::uint64_t divisor, std::size_t offset) {
  const UInt128 amount = static_cast<UInt128>(number.digits) * unit.size;
  const UInt128 whole = static_cast<UInt128>(number.scale) * divisor;
  if (amount % whole != 0) {
    return text_error(fmt::format("not a whole number of {}", base_unit), {}, offset);
  }
  if (amount / whole > kAmountMax) return too_large(unit, divisor, offset);
  return static_cast<std::uint64_t>(amount / whole);
}

/// `<number><unit>` at `position`, in units of `divisor` base units.
Result<std::uint64_t, TextError> scan_amount(std::string_view text, std::size_t& position,
                                             std::span<const Unit> units,
                                             std::string_view base_unit,
                                             std::uint64_t divisor = 1) {
  const std::size_t begin = position;
  const auto number = scan_decimal(text, position);
  if (!number) {
    const bool begins_well =
        begin < text.size() && (is_number_start(text[begin]) || text[begin] == '-');
    if (begins_well) return {Unexpected<TextError>{number.error()}};
    return text_error(fmt::format("expected a number with a unit ({})", base_unit), {}, begin);
  }
  const std::size_t unit_begin = position;
  while (position < text.size() && !is_number_start(text[position])) ++position;
  const std::string_view written = text.substr(unit_begin, position - unit_begin);
  for (const Unit& unit : units) {
    if (unit.name == written) return scaled(*number, unit, base_unit, divisor, begin);
  }
  if (!written.empty() && written.front() == ' ') {
    return text_error("a blank before the unit", "write it without", unit_begin);
  }
  if (written.empty()) {
    return text_error("a unit is missing", suggest(written, names(units)), unit_begin);
  }
  return text_error(fmt::format("unknown unit \"{}\"", written), suggest(written, names(units)),
                    unit_begin);
}

Result<std::uint64_t, TextError> parse_amount(std::string_view text, std::span<const Unit> units,
                                              std::string_view base_unit,
                                              std::uint64_t divisor = 1) {
  std::size_t position = 0;
  auto amount = scan_amount(text, position, units, base_unit, divisor);
  if (amount && position != text.size()) {
    return text_error("unexpected text behind the unit", {}, position);
  }
  return amount;
}

/// The largest unit (of those up to `count`) that divides the amount.
std::string printed(std::uint64_t amount, std::span<const Unit> units) {
  const Unit* best = &units[0];
  for (const Unit& unit : units) {
    if (amount != 0 && unit.size > best->size && amount % unit.size == 0) best = &unit;
  }
  return fmt::format("{}{}", amount / best->size, best->name);
}

}  // namespace

Result<Nanoseconds, TextError> parse_duration(std::string_view text) {
  std::size_t position = 0;
  std::uint64_t total = 0;
  do {
    const auto part = scan_amount(text, position, kTimeUnits, "nanoseconds");
    if (!part) return {Unexpected<TextError>{part.error()}};
    total += *part;
    if (total > kAmountMax) return too_large(kTimeUnits[std::size(kTimeUnits) - 1], 1, 0);
  } while (position < text.size());
  return Nanoseconds(static_cast<std::int64_t>(total));
}

Result<Nanoseconds, TextError> parse_signed_duration(std::string_view text) {
  if (text.empty() || text.front() != '-') return parse_duration(text);
  const auto magnitude = parse_duration(text.substr(1));
  if (magnitude) return Nanoseconds(0) - *magnitude;
  TextError error = magnitude.error();
  ++error.offset;
  return {Unexpected<TextError>{error}};
}

Result<Nanoseconds, TextError> parse_time_of_day(std::string_view text) {
  const auto two_digits = [&](std::size_t at, std::int64_t limit) -> std::int64_t {
    if (at + 2 > text.size()) return -1;
    const int tens = text[at] - '0';
    const int ones = text[at + 1] - '0';
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return -1;
    const std::int64_t number = tens * 10 + ones;
    return number < limit ? number : -1;
  };
  const bool with_seconds = text.size() == 8 && text[5] == ':';
  const bool shaped = (text.size() == 5 || with_seconds) && text[2] == ':';
  const std::int64_t hour = shaped ? two_digits(0, 24) : -1;
  const std::int64_t minute = shaped ? two_digits(3, 60) : -1;
  const std::int64_t second = with_seconds ? two_digits(6, 60) : 0;
  if (hour < 0 || minute < 0 || second < 0) {
    return text_error("expected a time of day from \"00:00\" to \"23:59\"");
  }
  return hours(hour) + minutes(minute) + seconds(second);
}

Result<Bytes, TextError> parse_bytes(std::string_view text) {
  const auto amount = parse_amount(text, kByteUnits, "bytes");
  if (!amount) return {Unexpected<TextError>{amount.error()}};
  return Bytes(*amount);
}

Result<Bytes, TextError> parse_capacity(std::string_view text) {
  if (text == "unlimited") return Bytes();
  const auto bytes = parse_bytes(text);
  if (bytes && *bytes == Bytes()) {
    return text_error("a capacity of zero", "write \"unlimited\" for no limit");
  }
  return bytes;
}

Result<Bandwidth, TextError> parse_bandwidth(std::string_view text) {
  if (text == "unlimited") return Bandwidth();
  const auto amount = parse_amount(text, kBandwidthUnits, "bytes per second", 8);
  if (!amount) return {Unexpected<TextError>{amount.error()}};
  if (*amount == 0) {
    return text_error("a bandwidth of zero", "write \"unlimited\" for no limit");
  }
  return Bandwidth(*amount);
}

Result<Rate, TextError> parse_rate(std::string_view text) {
  std::size_t position = 0;
  const auto number = scan_decimal(text, position);
  if (!number && text.starts_with('-')) return {Unexpected<TextError>{number.error()}};
  if (!number) return text_error("expected a rate like \"2000/s\"");
  if (position >= text.size() || text[position] != '/') {
    return text_error("expected \"/\" and a unit of time, as in \"2000/s\"", {}, position);
  }
  std::string per(text.substr(position + 1));
  const bool bare_unit = !per.empty() && !is_number_start(per.front());
  auto span = parse_duration(bare_unit ? "1" + per : per);
  if (!span) {
    TextError error = span.error();
    error.offset += position + (bare_unit ? 0 : 1);
    return {Unexpected<TextError>{error}};
  }
  if (span->count() == 0) return text_error("a rate per no time", {}, position + 1);
  const UInt128 scaled_span = static_cast<UInt128>(span->count()) * number->scale;
  if (scaled_span > kAmountMax) return text_error("too many digits for a rate", {}, 0);
  return Rate::of(number->digits, Nanoseconds(static_cast<std::int64_t>(scaled_span)));
}

Result<Ratio, TextError> parse_ratio(std::string_view text) {
  std::size_t position = 0;
  const auto number = scan_decimal(text, position);
  if (!number && text.starts_with('-')) return {Unexpected<TextError>{number.error()}};
  if (!number) return text_error("expected a number, a percentage or a fraction");
  const std::string_view rest = text.substr(position);
  if (rest.empty()) return to_ratio(*number);
  if (rest == "%") {
    if (number->scale > 10'000'000'000'000'000) return text_error("too many digits");
    return to_ratio(Decimal{number->digits, number->scale * 100});
  }
  if (rest.front() == '/') {
    const auto below = parse_decimal(rest.substr(1));
    if (!below || number->scale != 1 || below->scale != 1 || below->digits == 0) {
      return text_error("expected a fraction of whole numbers, as \"1/3\"", {}, position + 1);
    }
    return reduced(Ratio(number->digits, below->digits));
  }
  return text_error(fmt::format("unknown unit \"{}\" of a ratio", rest),
                    "write a plain number, a percentage (\"5%\") or a fraction (\"1/3\")",
                    position);
}

Result<Ratio, TextError> parse_factor(std::string_view text) {
  if (text.empty() || text.back() != 'x') {
    return text_error("expected a factor like \"10x\"", {}, text.size());
  }
  return parse_ratio(text.substr(0, text.size() - 1));
}

Result<std::int64_t, TextError> parse_drift(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  const auto amount = parse_amount(text.substr(negative ? 1 : 0), kDriftUnits, "ppb");
  if (!amount) {
    TextError error = amount.error();
    if (negative) ++error.offset;
    return {Unexpected<TextError>{error}};
  }
  if (*amount >= 1'000'000'000) return text_error("a drift of 100 % or more");
  const auto drift = static_cast<std::int64_t>(*amount);
  return negative ? -drift : drift;
}

std::string to_text(Nanoseconds span) { return fmt::format("{}", span); }

std::string to_text(Bytes bytes) { return printed(bytes.count(), kByteUnits); }

std::string capacity_text(Bytes bytes) { return bytes == Bytes() ? "unlimited" : to_text(bytes); }

std::string to_text(Bandwidth bandwidth) {
  if (bandwidth.is_unlimited()) return "unlimited";
  return printed(bandwidth.bytes_per_second(), std::span(kByteUnits).first(4)) + "/s";
}

std::string to_text(Rate rate) {
  for (const Unit& unit : {Unit{"s", 1'000'000'000}, Unit{"min", 60'000'000'000},
                           Unit{"h", 3'600'000'000'000}, Unit{"d", 86'400'000'000'000}}) {
    const auto per = static_cast<std::uint64_t>(rate.per.count());
    const UInt128 count = static_cast<UInt128>(rate.count) * (unit.size / per);
    if (unit.size % per == 0 && count < 1'000'000'000'000'000'000u) {
      return fmt::format("{}/{}", static_cast<std::uint64_t>(count), unit.name);
    }
  }
  return fmt::format("{}/{}", rate.count, rate.per);
}

std::string time_of_day_text(Nanoseconds since_midnight) {
  const std::int64_t total = since_midnight.count() / 1'000'000'000;
  const std::string text = fmt::format("{:02}:{:02}", total / 3600, total / 60 % 60);
  return total % 60 == 0 ? text : text + fmt::format(":{:02}", total % 60);
}

std::string factor_text(Ratio factor) { return to_text(factor) + "x"; }

std::string drift_text(std::int64_t parts_in_1e9) {
  const auto magnitude =
      static_cast<std::uint64_t>(parts_in_1e9 < 0 ? -parts_in_1e9 : parts_in_1e9);
  return (parts_in_1e9 < 0 ? "-" : "") + printed(magnitude, kDriftUnits);
}

}  // namespace shardproof::sim
