// SPDX-License-Identifier: Apache-2.0
#include "reports/series_csv.hpp"

#include <cmath>

#include <fmt/format.h>

namespace shardproof::reports {

std::string series_csv(const sim::Series& series) {
  std::string text = "time_ns";
  for (const sim::MetricIndex metric : series.columns()) {
    text.append(",").append(sim::metric_catalogue()[metric].name);
  }
  text += "\n";
  for (const sim::Series::Row& row : series.rows()) {
    fmt::format_to(std::back_inserter(text), "{}", row.time.count());
    for (const double value : row.values) {
      text += ",";
      // The shortest text that reads back as the same number; counts without a fraction.
      if (std::isnan(value)) continue;
      const bool is_whole = value == std::floor(value) && value < 9e15;
      if (is_whole) {
        fmt::format_to(std::back_inserter(text), "{:.0f}", value);
      } else {
        fmt::format_to(std::back_inserter(text), "{}", value);
      }
    }
    text += "\n";
  }
  return text;
}

}  // namespace shardproof::reports
