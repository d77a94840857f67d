// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "core/base/wide.hpp"
#include "sim/input/csv_reader.hpp"
#include "sim/scenario/traffic_spec.hpp"

namespace shardproof::sim {

/// One request of a trace. `key` is good until the next one is read.
struct TraceRecord {
  Nanoseconds at;  ///< since the first record, after the speedup; never falls
  TrafficOperation operation = TrafficOperation::kReplace;
  std::string_view key;       ///< never empty
  std::optional<Bytes> size;  ///< absent without a size column
  std::uint64_t line = 0;
};

/// What a whole trace holds.
struct TraceSummary {
  std::uint64_t records = 0;
  Nanoseconds span;  ///< from the first record to the last, after the speedup
};

/// Streams the requests of a trace file. `spec.file` is opened as it is.
class TraceReader {
 public:
  static Result<TraceReader, InputError> open(const TraceSpec& spec);

  /// The next record, null at the end, or the first error, after which there is nothing more to
  /// read.
  Result<const TraceRecord*, InputError> next();

 private:
  TraceReader(CsvReader csv, const TraceSpec& spec);
  std::optional<InputError> find_columns(const TraceSpec& spec);
  std::optional<InputError> read_time(std::string_view text);
  std::optional<InputError> read_operation(std::string_view text);
  std::optional<InputError> read_size(std::string_view text);

  CsvReader csv_;
  std::size_t time_ = 0;
  std::size_t key_ = 0;
  std::optional<std::size_t> operation_;
  std::optional<std::size_t> size_;
  std::map<std::string, TrafficOperation, std::less<>> operations_;
  Nanoseconds time_unit_;
  Ratio speedup_;
  std::optional<Int128> first_;  ///< time of the first record in nanoseconds
  TraceRecord record_;
};

/// Reads the whole trace once in constant memory, so that a run that begins need not stop at a bad
/// line. A trace without records is an error.
Result<TraceSummary, InputError> check_trace(const TraceSpec& spec);

}  // namespace shardproof::sim
