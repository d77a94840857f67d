// SPDX-License-Identifier: Apache-2.0
#include "reports/table.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/check.hpp"

namespace shardproof::reports {

void Table::heading(std::vector<std::string> cells) {
  SHARDPROOF_CHECK(rows_.empty());
  has_heading_ = true;
  row(std::move(cells));
}

void Table::row(std::vector<std::string> cells) {
  SHARDPROOF_CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::text(const Style& style) const {
  std::vector<std::size_t> widths(columns_.size());
  for (const auto& cells : rows_) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  std::string text;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string line = "  ";
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string padding(widths[i] - rows_[r][i].size(), ' ');
      if (i > 0) line += "  ";
      line += columns_[i] == Align::kLeft ? rows_[r][i] + padding : padding + rows_[r][i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += (r == 0 && has_heading_ ? style.dim(line) : line) + "\n";
  }
  return text;
}

std::string Table::markdown() const {
  std::string rule = "|";
  for (const Align align : columns_) rule += align == Align::kLeft ? " --- |" : " ---: |";
  const std::vector<std::string> blank(columns_.size());
  std::string text =
      fmt::format("| {} |\n{}\n", fmt::join(has_heading_ ? rows_.front() : blank, " | "), rule);
  for (std::size_t r = has_heading_ ? 1 : 0; r < rows_.size(); ++r) {
    text += fmt::format("| {} |\n", fmt::join(rows_[r], " | "));
  }
  return text;
}

}  // namespace shardproof::reports
