// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "sim/input/input_error.hpp"
#include "sim/input/text_source.hpp"

namespace shardproof::sim {

/// One row. The fields point into the reader and are good until its next row.
struct CsvRow {
  std::uint64_t line = 0;  ///< on which the row begins, from 1
  std::vector<std::string_view> fields;
};

/// Reads a CSV file (RFC 4180: commas, fields in double quotes with quotes doubled, CRLF or LF) row
/// by row, plain or compressed with gzip. The first row names the columns; every other row has as
/// many fields; empty lines are skipped. Memory is bounded by the longest row, which may have 1
/// MiB.
class CsvReader {
 public:
  static Result<CsvReader, InputError> open(const std::string& file);

  const std::string& file() const { return source_.file(); }
  const std::vector<std::string>& columns() const { return columns_; }
  /// The place of a column; an unknown one is an error that says which there are.
  Result<std::size_t, InputError> column(std::string_view name) const;

  /// The next row, null at the end, or an error, after which there is nothing more to read.
  Result<const CsvRow*, InputError> next();

  InputError malformed(std::uint64_t line, std::string reason) const;

 private:
  enum class State : std::uint8_t { kFieldStart, kPlain, kQuoted, kQuoteInQuoted };

  explicit CsvReader(TextSource source) : source_(std::move(source)) {}
  std::optional<InputError> read_header();
  /// The next row into `text_` and `ends_`; false at the end of the file.
  Result<bool, InputError> scan_row();
  std::optional<InputError> scan_character(char c, State& state, bool& row_done);
  void end_field() { ends_.push_back(text_.size()); }

  TextSource source_;
  std::vector<std::string> columns_;
  std::uint64_t line_ = 0;  ///< of the last character read
  std::string text_;        ///< the fields of the row, one after the other
  std::vector<std::size_t> ends_;
  CsvRow row_;
};

}  // namespace shardproof::sim
