// SPDX-License-Identifier: Apache-2.0
#include "sim/input/csv_reader.hpp"

#include <utility>

#include <fmt/ranges.h>

namespace shardproof::sim {
namespace {

constexpr std::size_t kRowBytesMax = std::size_t{1} << 20;

}  // namespace

InputError CsvReader::malformed(std::uint64_t line, std::string reason) const {
  return {InputError::Kind::kMalformed, file(), line, std::move(reason)};
}

Result<CsvReader, InputError> CsvReader::open(const std::string& file) {
  auto source = TextSource::open(file);
  if (!source) return {Unexpected<InputError>{source.error()}};
  CsvReader reader(std::move(*source));
  if (auto error = reader.read_header()) return {Unexpected<InputError>{*error}};
  return reader;
}

std::optional<InputError> CsvReader::read_header() {
  const auto found = scan_row();
  if (!found) return found.error();
  if (!*found) return malformed(0, "empty, without even a line of column names");
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    columns_.push_back(text_.substr(begin, end - begin));
    begin = end;
  }
  return std::nullopt;
}

Result<std::size_t, InputError> CsvReader::column(std::string_view name) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] == name) return i;
  }
  return {Unexpected<InputError>{malformed(
      1, fmt::format("no column \"{}\"; there are {}", name, fmt::join(columns_, ", ")))}};
}

Result<const CsvRow*, InputError> CsvReader::next() {
  const auto found = scan_row();
  if (!found) return {Unexpected<InputError>{found.error()}};
  if (!*found) return static_cast<const CsvRow*>(nullptr);
  if (ends_.size() != columns_.size()) {
    return {Unexpected<InputError>{malformed(
        row_.line, fmt::format("expected {} fields, found {}", columns_.size(), ends_.size()))}};
  }
  row_.fields.clear();
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    row_.fields.push_back(std::string_view(text_).substr(begin, end - begin));
    begin = end;
  }
  return static_cast<const CsvRow*>(&row_);
}

Result<bool, InputError> CsvReader::scan_row() {
  text_.clear();
  ends_.clear();
  State state = State::kFieldStart;
  bool row_done = false;
  bool row_begun = false;
  row_.line = ++line_;
  while (!row_done) {
    const std::optional<char> c = source_.next();
    if (!c) break;
    if (!row_begun && (*c == '\n' || *c == '\r')) {
      if (*c == '\n') row_.line = ++line_;
      continue;
    }
    row_begun = true;
    if (auto error = scan_character(*c, state, row_done)) return {Unexpected<InputError>{*error}};
    if (text_.size() > kRowBytesMax) {
      return {Unexpected<InputError>{
          malformed(row_.line, "a row of more than 1 MiB: is a quote not closed?")}};
    }
  }
  if (auto error = source_.failure()) return {Unexpected<InputError>{*error}};
  if (row_done || !row_begun) return row_done;
  if (state == State::kQuoted) {
    return {Unexpected<InputError>{malformed(row_.line, "the file ends within a quoted field")}};
  }
  end_field();
  return true;
}

std::optional<InputError> CsvReader::scan_character(char c, State& state, bool& row_done) {
  if (state == State::kQuoted) {
    if (c == '"') {
      state = State::kQuoteInQuoted;
    } else {
      if (c == '\n') ++line_;
      text_ += c;
    }
    return std::nullopt;
  }
  if (c == '"' && state == State::kQuoteInQuoted) {
    text_ += '"';
    state = State::kQuoted;
  } else if (c == '"' && state == State::kFieldStart) {
    state = State::kQuoted;
  } else if (c == '"') {
    return malformed(line_, "a quote within a field that does not begin with one");
  } else if (c == ',') {
    end_field();
    state = State::kFieldStart;
  } else if (c == '\n') {
    const std::size_t begin = ends_.empty() ? 0 : ends_.back();
    if (state == State::kPlain && text_.size() > begin && text_.back() == '\r') text_.pop_back();
    end_field();
    row_done = true;
  } else if (state == State::kQuoteInQuoted && c != '\r') {
    return malformed(line_, "text behind the closing quote of a field");
  } else if (state != State::kQuoteInQuoted) {
    text_ += c;
    state = State::kPlain;
  }
  return std::nullopt;
}

}  // namespace shardproof::sim
