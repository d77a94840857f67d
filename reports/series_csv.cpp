// SPDX-License-Identifier: Apache-2.0
#include "reports/series_csv.hpp"

#include <cmath>

#include <fmt/format.h>

namespace shardproof::reports {
namespace {

/// Behind a comma the shortest text that reads back as the same number; counts without a fraction,
/// nothing for what is not known.
void append_field(std::string& text, double value) {
  text += ",";
  if (std::isnan(value)) return;
  const bool is_whole = value == std::floor(value) && value < 9e15;
  if (is_whole) {
    fmt::format_to(std::back_inserter(text), "{:.0f}", value);
  } else {
    fmt::format_to(std::back_inserter(text), "{}", value);
  }
}

/// The same with six digits of what is not whole.
void append_short_field(std::string& text, double value) {
  const bool is_whole = std::isnan(value) || value == std::floor(value);
  if (is_whole) return append_field(text, value);
  fmt::format_to(std::back_inserter(text), ",{:.6g}", value);
}

/// As a field of RFC 4180: names of collections may have anything in them.
std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string text = "\"";
  for (const char letter : field) {
    text += letter;
    if (letter == '"') text += letter;
  }
  return text + "\"";
}

}  // namespace

std::string series_csv(const sim::Series& series) {
  std::string text = "time_ns";
  for (const sim::MetricIndex metric : series.columns()) {
    text.append(",").append(sim::metric_catalogue()[metric].name);
  }
  text += "\n";
  for (const sim::Series::Row& row : series.rows()) {
    fmt::format_to(std::back_inserter(text), "{}", row.time.count());
    for (const double value : row.values) append_field(text, value);
    text += "\n";
  }
  return text;
}

std::string scopes_csv(const sim::ScopeSeries& series) {
  std::string text = "time_ns,kind,scope";
  for (std::size_t i = 0; i < sim::kSkewDimensions; ++i) {
    const auto name = to_string(static_cast<sim::SkewDimension>(i));
    fmt::format_to(std::back_inserter(text), ",{0}.max_over_mean,{0}.cv", name);
  }
  text += "\n";
  for (const sim::ScopeSeries::Row& row : series.rows()) {
    const sim::ScopeSeries::Scope& scope = series.scopes()[row.scope];
    fmt::format_to(std::back_inserter(text), "{},{},{}", row.time.count(), to_string(scope.kind),
                   quoted(scope.name));
    for (const double value : row.values) {
      text += ",";
      if (!std::isnan(value)) fmt::format_to(std::back_inserter(text), "{:.6g}", value);
    }
    text += "\n";
  }
  return text;
}

std::string stores_csv(const sim::StoreSeries& series) {
  std::string text = "time_ns,node";
  for (const auto& [name, value] : sim::named_figures({})) text.append(",").append(name);
  text += "\n";
  for (const sim::StoreSeries::Row& row : series.rows()) {
    fmt::format_to(std::back_inserter(text), "{},{}", row.time.count(), row.node);
    for (const double value : row.values) append_short_field(text, value);
    text += "\n";
  }
  return text;
}

}  // namespace shardproof::reports
