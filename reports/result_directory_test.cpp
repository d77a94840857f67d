// SPDX-License-Identifier: Apache-2.0
#include "reports/result_directory.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/event_lines.hpp"
#include "reports/sample_testing.hpp"
#include "reports/series_csv.hpp"

namespace shardproof::reports {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::passed_run;
using ::testing::StartsWith;

/// A directory of its own, gone afterwards.
class ResultDirectory : public ::testing::Test {
 protected:
  ResultDirectory()
      : root_(fs::path(::testing::TempDir()) /
              (std::string("shardproof_") +
               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~ResultDirectory() override { fs::remove_all(root_); }

  std::vector<std::string> names(const fs::path& directory) const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(directory)) {
      found.push_back(entry.path().filename().string());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  fs::path root_;
};

TEST_F(ResultDirectory, HoldsItsFiveFilesAndNothingElse) {
  const fs::path directory = root_ / "deep" / "down";
  ASSERT_TRUE(prepare_directory(directory).has_value());
  EXPECT_TRUE(names(directory).empty());
  ASSERT_TRUE(write_results(passed_run(), {}, directory).has_value());
  EXPECT_EQ(names(directory), (std::vector<std::string>{"events.jsonl", "result.json", "scopes.csv",
                                                        "series.csv", "stores.csv"}));
}

TEST_F(ResultDirectory, AFileInItsPlaceIsAnErrorThatNamesIt) {
  std::ofstream(root_ / "file") << "x";
  const auto prepared = prepare_directory(root_ / "file");
  ASSERT_FALSE(prepared.has_value());
  EXPECT_THAT(prepared.error().message, HasSubstr("file"));
}

TEST_F(ResultDirectory, AnOldResultDoesNotOutliveAFailedWrite) {
  ASSERT_TRUE(write_results(passed_run(), {}, root_).has_value());
  fs::remove(root_ / "series.csv");
  fs::create_directory(root_ / "series.csv");
  std::ofstream(root_ / "series.csv" / "in_the_way") << "x";
  EXPECT_FALSE(write_results(passed_run(), {}, root_).has_value());
  EXPECT_EQ(names(root_),
            (std::vector<std::string>{"events.jsonl", "scopes.csv", "series.csv", "stores.csv"}));
}

TEST(SeriesCsv, HasAColumnForEachMetricAndBlanksForWhatIsNotKnown) {
  const std::string csv = series_csv(passed_run().series);
  EXPECT_THAT(csv, StartsWith("time_ns,client.failed,"));
  const std::size_t commas = static_cast<std::size_t>(std::count(csv.begin(), csv.end(), ','));
  EXPECT_EQ(commas, 3 * passed_run().series.columns().size());  // header and two rows
  EXPECT_THAT(csv, Not(HasSubstr("nan")));
}

TEST(ScopesCsv, HasALineForEachScopeOfASample) {
  const std::string csv = scopes_csv(passed_run().scope_series);
  EXPECT_THAT(csv, StartsWith("time_ns,kind,scope,shards.max_over_mean,shards.cv,leaders."));
  // Copies 1 2 1 of three nodes, then 1 1 and the copy of n0 gone.
  EXPECT_THAT(csv, HasSubstr("\n0,within_collection,shop.orders,1.5,"));
  EXPECT_THAT(csv, HasSubstr("\n60000000000,within_collection,shop.orders,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
  EXPECT_THAT(csv, Not(HasSubstr("nan")));
}

TEST(StoresCsv, HasALineForEachMemberOfASample) {
  const std::string csv = stores_csv(passed_run().store_series);
  EXPECT_THAT(csv, StartsWith("time_ns,node,qps,cpu,cpu_util,write,"));
  EXPECT_THAT(csv, HasSubstr("\n60000000000,n1,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 2 * 3);
  EXPECT_THAT(csv, Not(HasSubstr("nan")));
}

TEST(ShardLife, ShowsTheShardAndTheProcessesItDependedOn) {
  const auto life = shard_life(event_lines(passed_run().log), "s0");
  ASSERT_TRUE(life.has_value()) << life.error().message;
  EXPECT_THAT(*life, HasSubstr("10.000000000s  process     n0    down"));
  EXPECT_THAT(*life, HasSubstr("13.000000000s  shard       n1    e2 Active, led by n1 on [n1]"));
  EXPECT_THAT(*life, Not(HasSubstr("n2    running")));
}

TEST(ShardLife, AnUnknownShardAndABrokenLineAreErrors) {
  EXPECT_FALSE(shard_life(event_lines(passed_run().log), "s9").has_value());
  const auto broken = shard_life("{\"time_ns\": 1, \"shard\": \"s0\"}\n{\"time_ns\": ", "s0");
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().message, StartsWith("line 2:"));
}

}  // namespace
}  // namespace shardproof::reports
