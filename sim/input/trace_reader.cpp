// SPDX-License-Identifier: Apache-2.0
#include "sim/input/trace_reader.hpp"

#include <fmt/ranges.h>

#include "sim/scenario/decimal.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

constexpr std::int64_t kSpanMax = std::int64_t{1} << 62;

}  // namespace

TraceReader::TraceReader(CsvReader csv, const TraceSpec& spec)
    : csv_(std::move(csv)), time_unit_(spec.time_unit), speedup_(spec.speedup) {
  for (const auto& [text, operation] : spec.operations) operations_[text] = operation;
  if (operations_.empty()) {
    for (std::size_t i = 0; i < kTrafficOperations; ++i) {
      const auto operation = static_cast<TrafficOperation>(i);
      operations_[std::string(to_string(operation))] = operation;
    }
  }
}

Result<TraceReader, InputError> TraceReader::open(const TraceSpec& spec) {
  auto csv = CsvReader::open(spec.file);
  if (!csv) return {Unexpected<InputError>{csv.error()}};
  TraceReader reader(std::move(*csv), spec);
  if (auto error = reader.find_columns(spec)) return {Unexpected<InputError>{*error}};
  return reader;
}

std::optional<InputError> TraceReader::find_columns(const TraceSpec& spec) {
  const auto time = csv_.column(spec.time_column);
  if (!time) return time.error();
  time_ = *time;
  const auto key = csv_.column(spec.key_column);
  if (!key) return key.error();
  key_ = *key;
  if (!spec.operation_column.empty()) {
    const auto operation = csv_.column(spec.operation_column);
    if (!operation) return operation.error();
    operation_ = *operation;
  }
  if (!spec.size_column.empty()) {
    const auto size = csv_.column(spec.size_column);
    if (!size) return size.error();
    size_ = *size;
  }
  return std::nullopt;
}

Result<const TraceRecord*, InputError> TraceReader::next() {
  const auto row = csv_.next();
  if (!row) return {Unexpected<InputError>{row.error()}};
  if (*row == nullptr) return static_cast<const TraceRecord*>(nullptr);
  const CsvRow& fields = **row;
  record_.line = fields.line;
  record_.key = fields.fields[key_];
  std::optional<InputError> error = read_time(fields.fields[time_]);
  if (!error && operation_) error = read_operation(fields.fields[*operation_]);
  if (!error && size_) error = read_size(fields.fields[*size_]);
  if (!error && record_.key.empty()) error = csv_.malformed(record_.line, "the key is empty");
  if (error) return {Unexpected<InputError>{*error}};
  return static_cast<const TraceRecord*>(&record_);
}

std::optional<InputError> TraceReader::read_time(std::string_view text) {
  const auto number = parse_decimal(text);
  if (!number) {
    return csv_.malformed(record_.line, fmt::format("the time \"{}\" is not a number", text));
  }
  const Int128 nanoseconds =
      static_cast<Int128>(number->digits) * time_unit_.count() / static_cast<Int128>(number->scale);
  if (!first_) first_ = nanoseconds;
  const Int128 since_first = nanoseconds - *first_;
  const bool in_range = since_first >= 0 && since_first <= kSpanMax;
  const Int128 at = in_range ? since_first * static_cast<Int128>(speedup_.denominator()) /
                                   static_cast<Int128>(speedup_.numerator())
                             : -1;
  if (at < record_.at.count()) {
    return csv_.malformed(record_.line,
                          fmt::format("the time \"{}\" is before the record above", text));
  }
  if (at > kSpanMax) return csv_.malformed(record_.line, "the time is out of range");
  record_.at = Nanoseconds(static_cast<std::int64_t>(at));
  return std::nullopt;
}

std::optional<InputError> TraceReader::read_operation(std::string_view text) {
  const auto found = operations_.find(text);
  if (found != operations_.end()) {
    record_.operation = found->second;
    return std::nullopt;
  }
  std::vector<std::string_view> known;
  for (const auto& [name, operation] : operations_) known.push_back(name);
  return csv_.malformed(record_.line, fmt::format("unknown operation \"{}\"; known are {}", text,
                                                  fmt::join(known, ", ")));
}

std::optional<InputError> TraceReader::read_size(std::string_view text) {
  const auto number = parse_decimal(text);
  if (!number || number->scale != 1) {
    return csv_.malformed(record_.line,
                          fmt::format("the size \"{}\" is not a whole number of bytes", text));
  }
  record_.size = Bytes(number->digits);
  return std::nullopt;
}

Result<TraceSummary, InputError> check_trace(const TraceSpec& spec) {
  auto reader = TraceReader::open(spec);
  if (!reader) return {Unexpected<InputError>{reader.error()}};
  TraceSummary summary;
  while (true) {
    const auto record = reader->next();
    if (!record) return {Unexpected<InputError>{record.error()}};
    if (*record == nullptr) break;
    ++summary.records;
    summary.span = (*record)->at;
  }
  if (summary.records == 0) {
    return {Unexpected<InputError>{
        {InputError::Kind::kMalformed, spec.file, 0, "no records below the column names"}}};
  }
  return summary;
}

}  // namespace shardproof::sim
