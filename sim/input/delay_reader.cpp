// SPDX-License-Identifier: Apache-2.0
#include "sim/input/delay_reader.hpp"

#include <optional>
#include <string>

#include "core/base/wide.hpp"
#include "sim/input/csv_reader.hpp"
#include "sim/scenario/decimal.hpp"

namespace shardproof::sim {
namespace {

constexpr Nanoseconds kDelayMax = hours(24);

/// None if it is no number, or too large.
std::optional<Nanoseconds> delay_of(std::string_view text, Nanoseconds unit) {
  const auto number = parse_decimal(text);
  if (!number) return std::nullopt;
  const Int128 delay =
      static_cast<Int128>(number->digits) * unit.count() / static_cast<Int128>(number->scale);
  if (delay > kDelayMax.count()) return std::nullopt;
  return Nanoseconds(static_cast<std::int64_t>(delay));
}

}  // namespace

Result<std::vector<Nanoseconds>, InputError> read_delays(const MeasuredDelays& wanted) {
  auto csv = CsvReader::open(wanted.file);
  if (!csv) return {Unexpected<InputError>{csv.error()}};
  const auto column = csv->column(wanted.column);
  if (!column) return {Unexpected<InputError>{column.error()}};
  std::vector<Nanoseconds> delays;
  while (true) {
    const auto row = csv->next();
    if (!row) return {Unexpected<InputError>{row.error()}};
    if (*row == nullptr) break;
    const std::string_view text = (*row)->fields[*column];
    const auto delay = delay_of(text, wanted.unit);
    if (!delay) {
      return {Unexpected<InputError>{csv->malformed(
          (*row)->line,
          fmt::format("the {} \"{}\" is not a number of a sensible size", wanted.column, text))}};
    }
    if (delays.size() == kMeasuredDelaysMax) {
      return {Unexpected<InputError>{
          csv->malformed((*row)->line, fmt::format("more than {} delays", kMeasuredDelaysMax))}};
    }
    delays.push_back(*delay);
  }
  if (delays.empty()) {
    return {Unexpected<InputError>{
        {InputError::Kind::kMalformed, wanted.file, 0, "no delays below the column names"}}};
  }
  return delays;
}

}  // namespace shardproof::sim
