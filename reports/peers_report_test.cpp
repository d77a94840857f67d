// SPDX-License-Identifier: Apache-2.0
#include "reports/peers_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/golden_testing.hpp"
#include "reports/result_json.hpp"
#include "reports/sample_testing.hpp"

namespace shardproof::reports {
namespace {

using testing::expect_golden;
using testing::passed_run;

TEST(PeersReport, IsAsAgreed) { expect_golden("peers.txt", peers_text(passed_run(), {})); }

TEST(PeersReport, MarkdownHasTheSameFigures) {
  const std::string text = peers_markdown(passed_run());
  EXPECT_NE(text.find("| ceph | avg |"), std::string::npos) << text.substr(0, 400);
  EXPECT_NE(text.find("| hdfs | usage_deviation |"), std::string::npos);
}

TEST(PeersReport, ResultsHaveTheSameFiguresBySystem) {
  const auto whole = nlohmann::json::parse(result_json(passed_run(), {}));
  std::size_t figures = 0;
  for (const auto& [system, of_system] : whole.at("peers").items()) {
    for (const auto& [figure, value] : of_system.items()) {
      EXPECT_EQ(value, whole.at("metrics").at("peers." + system + "." + figure));
      ++figures;
    }
  }
  EXPECT_GT(figures, 30u);
  EXPECT_TRUE(whole.at("peers").at("ceph").at("stddev").is_number());
  EXPECT_TRUE(whole.at("peers").at("hdfs").at("usage_deviation").is_null());
}

}  // namespace
}  // namespace shardproof::reports
