// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reports/golden_testing.hpp"
#include "sim/observe/metric_catalogue.hpp"

namespace shardproof::reports {
namespace {

constexpr std::string_view kBegin = "<!-- metrics: begin (checked by reports_test) -->\n";
constexpr std::string_view kEnd = "<!-- metrics: end -->";

std::string table() {
  std::string text = "| metric | unit | is |\n| --- | --- | --- |\n";
  for (const sim::MetricDefinition& metric : sim::metric_catalogue()) {
    if (!metric.in_result) continue;
    text +=
        fmt::format("| `{}` | {} | {} |\n", metric.name, to_string(metric.unit), metric.definition);
  }
  return text;
}

// What the documentation lists is what a result holds: both are made of the catalogue.
TEST(Documentation, ListsEveryMetricOfAResult) {
  const auto document = read_file("docs/results.md");
  ASSERT_TRUE(document.has_value()) << document.error().message;
  const std::size_t begin = document->find(kBegin);
  const std::size_t end = document->find(kEnd);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::size_t body = begin + kBegin.size();
  if (testing::updates_goldens()) {
    const std::string updated = document->substr(0, body) + table() + document->substr(end);
    ASSERT_TRUE(write_file("docs/results.md", updated).has_value());
    return;
  }
  EXPECT_EQ(document->substr(body, end - body), table());
}

}  // namespace
}  // namespace shardproof::reports
