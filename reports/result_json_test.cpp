// SPDX-License-Identifier: Apache-2.0
#include "reports/result_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/golden_testing.hpp"
#include "reports/sample_testing.hpp"

namespace shardproof::reports {
namespace {

using Json = nlohmann::ordered_json;
using testing::contradicted_run;
using testing::expect_golden;
using testing::failed_run;
using testing::passed_run;
using testing::unsettled_run;

TEST(VerdictJson, IsAsAgreed) { expect_golden("fail.json", verdict_json(failed_run(), 2) + "\n"); }

TEST(VerdictJson, HasExactlyThePromisedKeys) {
  const Json document = Json::parse(verdict_json(passed_run(), -1));
  std::vector<std::string> keys;
  for (const auto& [key, value] : document.items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"verdict", "scenario", "seed", "rules_off", "digest",
                                            "events", "simulated_ns", "checks", "violations",
                                            "expectations", "warnings", "metrics"}));
}

TEST(VerdictJson, MetricsAreFlatAndThoseOfTheCatalogue) {
  const Json document = Json::parse(verdict_json(passed_run(), -1));
  std::size_t expected = 0;
  for (const sim::MetricDefinition& metric : sim::metric_catalogue()) {
    if (!metric.in_result) continue;
    ++expected;
    const auto value = document["metrics"].find(std::string(metric.name));
    ASSERT_NE(value, document["metrics"].end()) << metric.name;
    EXPECT_TRUE(value->is_number() || value->is_null()) << metric.name;
  }
  EXPECT_EQ(document["metrics"].size(), expected);
}

TEST(VerdictJson, DoesNotDependOnTheMachine) {
  sim::RunResult slow = passed_run();
  slow.wall_ns = 1;
  EXPECT_EQ(verdict_json(slow, 2), verdict_json(passed_run(), 2));
  EXPECT_EQ(result_json(slow, {}), result_json(passed_run(), {}));
}

TEST(VerdictJson, HasTheOperationsThatContradictEachOtherAsData) {
  const Json document = Json::parse(verdict_json(contradicted_run(), -1));
  const Json& history = document["violations"][0]["history"];
  EXPECT_EQ(history["document"], "k0000000012");
  ASSERT_EQ(history["operations"].size(), 4u);
  const Json expected = {{"client", "k7"},
                         {"question", "read"},
                         {"answer", "-> #4"},
                         {"asked_at_ns", 13'300'000'000},
                         {"answered_at_ns", 13'302'000'000},
                         {"contradictory", true}};
  EXPECT_EQ(history["operations"][3], expected);
  EXPECT_EQ(history["operations"][1]["answered_at_ns"], nullptr);
}

TEST(VerdictJson, BytesThatAreNoTextDoNotBreakIt) {
  sim::RunResult result = failed_run();
  result.violations[0].message = "key \xff\xfe";
  EXPECT_TRUE(Json::accept(verdict_json(result, 2)));
}

TEST(ResultJson, HasWhatIsPendingAsData) {
  const Json whole = Json::parse(result_json(unsettled_run(), {}));
  const Json& migration = whole.at("pending").at(0);
  EXPECT_EQ(migration.at("shard"), "s1");
  EXPECT_EQ(migration.at("phase"), "Copy");
  const Json expected = {{"node", "n1"},
                         {"coordinator", true},
                         {"message", "ShardReport Copied"},
                         {"from", "n2"},
                         {"since_ns", 12'000'000'000}};
  EXPECT_EQ(migration.at("waits").at(0), expected);
  EXPECT_EQ(whole.at("pending").at(1).at("shard"), nullptr);
  EXPECT_EQ(Json::parse(result_json(failed_run(), {})).at("pending"), Json::array());
}

TEST(ResultJson, TellsStuckShardsFromImpossibleOnes) {
  const Json settling = Json::parse(result_json(unsettled_run(), {})).at("settling");
  EXPECT_EQ(settling.at("heal"), "core");
  EXPECT_EQ(settling.at("core"), Json({"n1", "n2"}));
  EXPECT_EQ(settling.at("broken").at(1), Json({{"node", "n3"}, {"how", "cut off"}}));
  EXPECT_EQ(settling.at("unserved").at(0).at("verdict"), "stuck");
  EXPECT_EQ(settling.at("unserved").at(1).at("verdict"), "impossible");
  EXPECT_EQ(settling.at("came_to_rest"), false);
  EXPECT_EQ(Json::parse(result_json(failed_run(), {})).at("settling"), nullptr);
}

TEST(ResultJson, BeginsWithTheVerdictsDocument) {
  const Json verdict = Json::parse(verdict_json(failed_run(), -1));
  const Json whole = Json::parse(result_json(failed_run(), {}));
  for (const auto& [key, value] : verdict.items()) EXPECT_EQ(whole.at(key), value) << key;
  EXPECT_EQ(whole.at("replay"), "shardproof run scenarios/failover.toml --seed 42");
  EXPECT_EQ(whole.at("violations_total"), 3);
}

}  // namespace
}  // namespace shardproof::reports
