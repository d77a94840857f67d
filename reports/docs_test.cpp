// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reports/golden_testing.hpp"
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
