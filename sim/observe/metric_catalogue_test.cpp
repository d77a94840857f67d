// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/metric_catalogue.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

TEST(MetricCatalogue, FindsEachNameAtItsPlace) {
  for (MetricIndex i = 0; i < metric_catalogue().size(); ++i) {
    EXPECT_EQ(find_metric(metric_catalogue()[i].name), i);
  }
}

TEST(MetricCatalogue, KnowsNoOtherName) {
  for (const std::string_view name : {"", "a", "skew", "skew.bytes", "skew.bytes.cv2", "zzz"}) {
    EXPECT_EQ(find_metric(name), std::nullopt) << name;
  }
}

TEST(MetricCatalogue, HasTheNamesThatResultsPromise) {
  for (const std::string vector : {"shards", "leaders", "bytes", "requests"}) {
    for (const std::string measure : {"max_over_mean", "cv", "gini"}) {
      EXPECT_TRUE(find_metric("skew." + vector + "." + measure)) << vector << measure;
    }
  }
  for (const std::string_view name :
       {"migration.count", "migration.bytes.moved", "migration.bytes.minimum",
        "migration.bytes.regret", "migration.makespan_ns", "migration.aborted",
        "safety.ownerless_shard_ns", "safety.write_blocked_shard_ns",
        "safety.under_replicated_shard_ns", "safety.single_copy_shard_ns", "client.ok",
        "client.failed", "client.unknown", "client.latency_ns.p50", "client.latency_ns.p99"}) {
    ASSERT_TRUE(find_metric(name)) << name;
    EXPECT_TRUE(metric_catalogue()[*find_metric(name)].in_result) << name;
  }
}

TEST(MetricCatalogue, SamplesWhatIsCheapOfSkewAndComparesCountsAloneWithChance) {
  const auto find = [](std::string_view name) -> const MetricDefinition& {
    return metric_catalogue()[metric_index(name)];
  };
  EXPECT_TRUE(find("skew.shards.p99_over_mean").in_series);
  EXPECT_FALSE(find("skew.shards.jain").in_series) << "it is 1 / (1 + cv^2)";
  EXPECT_FALSE(find("skew.bytes.theil").in_series);
  EXPECT_TRUE(find("skew.bytes.max_over_mean.within_rack").in_series);
  EXPECT_FALSE(find("skew.bytes.max_over_mean.within_rack.time_mean").in_series);
  EXPECT_FALSE(find_metric("skew.bytes.chi_square"));
  EXPECT_THAT(find("skew.leaders.cv").definition, testing::HasSubstr("shards led"));
}

TEST(MetricCatalogue, TellsUnitsInNames) {
  for (const MetricDefinition& metric : metric_catalogue()) {
    const bool says_ns = metric.name.find("_ns") != std::string_view::npos;
    const bool is_time = metric.unit == MetricUnit::kNanoseconds && metric.name != "time";
    EXPECT_EQ(says_ns, is_time || metric.unit == MetricUnit::kShardNanoseconds) << metric.name;
    EXPECT_EQ(metric.choices.empty(), metric.unit != MetricUnit::kChoice) << metric.name;
    EXPECT_LE(metric.choices.size(), 32u);
    EXPECT_FALSE(metric.definition.empty()) << metric.name;
  }
}

}  // namespace
}  // namespace shardproof::sim
