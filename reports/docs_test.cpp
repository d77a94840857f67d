// SPDX-License-Identifier: Apache-2.0
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/ids.hpp"
#include "reports/golden_testing.hpp"
#include "reports/sample_testing.hpp"
#include "reports/text_report.hpp"
#include "sim/observe/metric_catalogue.hpp"

namespace shardproof::reports {
namespace {

std::string table() {
  std::string text = "| metric | unit | is |\n| --- | --- | --- |\n";
  for (const sim::MetricDefinition& metric : sim::metric_catalogue()) {
    if (!metric.in_result) continue;
    text +=
        fmt::format("| `{}` | {} | {} |\n", metric.name, to_string(metric.unit), metric.definition);
  }
  return text;
}

/// What stands in a document between `<!-- NAME: begin (checked by reports_test) -->` and
/// `<!-- NAME: end -->` is `wanted`; rewritten when goldens are.
void expect_block(const std::string& path, std::string_view name, const std::string& wanted) {
  const auto document = read_file(path);
  ASSERT_TRUE(document.has_value()) << document.error().message;
  const std::string mark = fmt::format("<!-- {}: begin (checked by reports_test) -->\n", name);
  const std::size_t begin = document->find(mark);
  const std::size_t end = document->find(fmt::format("<!-- {}: end -->", name));
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::size_t body = begin + mark.size();
  if (testing::updates_goldens()) {
    const std::string updated = document->substr(0, body) + wanted + document->substr(end);
    ASSERT_TRUE(write_file(path, updated).has_value());
    return;
  }
  EXPECT_EQ(document->substr(body, end - body), wanted);
}

// What the documentation lists is what a result holds: both are made of the catalogue.
TEST(Documentation, ListsEveryMetricOfAResult) {
  expect_block("docs/results.md", "metrics", table());
}

/// What stands first on the lines of a part of the report.
std::vector<std::string> labels_of(const std::string& report, std::string_view from,
                                   std::string_view to) {
  std::vector<std::string> labels;
  std::istringstream lines(report.substr(report.find(from), report.find(to) - report.find(from)));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    if (line.size() > 2) labels.push_back(line.substr(2, line.find("  ", 2) - 2));
  }
  return labels;
}

TEST(Documentation, SaysOfEachLineOfTheReportWhichMetricItIs) {
  const auto document = read_file("docs/results.md");
  ASSERT_TRUE(document.has_value()) << document.error().message;
  const std::string report = text_report(testing::passed_run(), {});
  auto labels = labels_of(report, "Migration cost\n", "Safety integrals\n");
  for (const auto& label : labels_of(report, "Safety integrals\n", "Clients\n")) {
    if (!label.starts_with("time in which")) labels.push_back(label);
  }
  EXPECT_EQ(labels.size(), 13u);
  for (const std::string& label : labels) {
    const bool is_there = document->find(fmt::format("\n| {} | `", label)) != std::string::npos ||
                          document->find(fmt::format("\n| {}, ", label)) != std::string::npos;
    EXPECT_TRUE(is_there) << label;
  }
}

TEST(Documentation, SaysWhatTheLettersOfATraceStandFor) {
  const auto document = read_file("docs/results.md");
  ASSERT_TRUE(document.has_value()) << document.error().message;
  for (const std::string& sample :
       {fmt::format("{}", NodeId(3)), fmt::format("{}", NodeId::none()),
        fmt::format("{}", ShardId(17)), fmt::format("{}", CollectionId(0)),
        fmt::format("{}", ClientId(18)), fmt::format("{}", Epoch(4)),
        fmt::format("{}", Revision(154)), fmt::format("{}", Term(1)),
        fmt::format("{}", LogIndex(126)),
        fmt::format("{}", MigrationId((std::uint64_t{7} << 32) | 12))}) {
    EXPECT_NE(document->find(fmt::format("`{}`", sample)), std::string::npos) << sample;
  }
}

TEST(Documentation, ShowsAPolicyThatCompiles) {
  const auto source = read_file("core/distribution/rebalance/own_policy_test.cpp");
  ASSERT_TRUE(source.has_value()) << source.error().message;
  constexpr std::string_view kBegin = "// docs/policies.md: begin\n";
  const std::size_t begin = source->find(kBegin);
  const std::size_t end = source->find("// docs/policies.md: end");
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::size_t body = begin + kBegin.size();
  expect_block("docs/policies.md", "example",
               fmt::format("```cpp\n{}```\n", source->substr(body, end - body)));
}

}  // namespace
}  // namespace shardproof::reports
