// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/style.hpp"

namespace shardproof::reports {

/// Rows of cells in aligned columns, for the text report.
class Table {
 public:
  enum class Align : std::uint8_t { kLeft, kRight };

  /// `columns`: how each is aligned; rows have as many cells.
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  /// The first row that is added is dimmed if it is a heading.
  void heading(std::vector<std::string> cells);
  void row(std::vector<std::string> cells);

  /// Each line indented by two blanks, columns two blanks apart, no blanks at the end.
  std::string text(const Style& style) const;
  /// The same in Markdown (as GitHub reads it), with an empty heading if there is none.
  std::string markdown() const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
  bool has_heading_ = false;
};

}  // namespace shardproof::reports
