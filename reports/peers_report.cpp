// SPDX-License-Identifier: Apache-2.0
#include "reports/peers_report.hpp"

#include <string_view>

#include "reports/humanise.hpp"
#include "reports/table.hpp"

namespace shardproof::reports {

namespace {

Table peers_table(const sim::RunResult& result) {
  constexpr std::string_view kPrefix = "peers.";
  Table table({Table::Align::kLeft, Table::Align::kLeft, Table::Align::kRight});
  table.heading({"system", "figure", "value"});
  std::string last;
  for (const sim::MetricResult& metric : result.metrics) {
    if (!metric.name.starts_with(kPrefix)) continue;
    const std::size_t dot = metric.name.find('.', kPrefix.size());
    const std::string system = metric.name.substr(kPrefix.size(), dot - kPrefix.size());
    table.row({system == last ? "" : system, metric.name.substr(dot + 1),
               human_value(metric.unit, metric.value)});
    last = system;
  }
  return table;
}

}  // namespace

std::string peers_text(const sim::RunResult& result, const Style& style) {
  return style.bold("As other systems see it") + "\n" + peers_table(result).text(style);
}

std::string peers_markdown(const sim::RunResult& result) {
  return "### As other systems see it\n\n" + peers_table(result).markdown();
}

}  // namespace shardproof::reports
