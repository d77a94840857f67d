// SPDX-License-Identifier: Apache-2.0
#include "reports/recorded_run.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/result_directory.hpp"
#include "reports/result_json.hpp"
#include "reports/sample_testing.hpp"

namespace shardproof::reports {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

sim::Recording recording() {
  return {"schema = 1\n", {{64, 80}, {{"network.delay", "n0", {4, 6}}}}};
}

sim::RunResult run() {
  sim::RunResult result = testing::failed_run();
  result.checkpoints = {{0, 1}, {64, 2}, {80, result.digest}};
  return result;
}

class RecordedRunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() /
            fmt::format("recorded-run-{}",
                        ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  /// The result.json of a run, after a change.
  Result<RecordedRun, UnreadableRun> read_changed(const std::function<void(Json&)>& change) {
    Json document = Json::parse(result_json(run(), recording()));
    change(document);
    EXPECT_TRUE(write_file(root_ / "result.json", document.dump()).has_value());
    return read_recorded_run(root_);
  }
  std::string complaint_after(const std::function<void(Json&)>& change) {
    const auto read = read_changed(change);
    if (read.has_value()) return "no complaint";
    EXPECT_FALSE(read.error().is_io);
    return read.error().message;
  }

  fs::path root_;
};

TEST_F(RecordedRunTest, IsReadAsItWasWritten) {
  ASSERT_TRUE(write_results(run(), recording(), root_).has_value());
  const auto read = read_recorded_run(root_);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->scenario, "failover");
  EXPECT_EQ(read->scenario_toml, "schema = 1\n");
  EXPECT_EQ(read->seed, 42u);
  EXPECT_EQ(read->trace_format, sim::kTraceFormat);
  EXPECT_EQ(read->verdict, "fail");
  EXPECT_EQ(read->digest, run().digest);
  EXPECT_EQ(read->checkpoints, run().checkpoints);
  EXPECT_EQ(read->streams.marks, (std::vector<std::uint64_t>{64, 80}));
  ASSERT_EQ(read->streams.streams.size(), 1u);
  EXPECT_EQ(read->streams.streams[0].draws, (std::vector<std::uint64_t>{4, 6}));
  EXPECT_EQ(read->violation_event, 1234u);
}

TEST_F(RecordedRunTest, TheFileIsAsGoodAsItsDirectory) {
  ASSERT_TRUE(write_results(run(), recording(), root_).has_value());
  EXPECT_TRUE(read_recorded_run(root_ / "result.json").has_value());
}

TEST_F(RecordedRunTest, AFileThatIsNotThereIsAnInputError) {
  const auto read = read_recorded_run(root_ / "nothing.json");
  ASSERT_FALSE(read.has_value());
  EXPECT_TRUE(read.error().is_io);
  EXPECT_THAT(read.error().message, HasSubstr("nothing.json"));
}

TEST_F(RecordedRunTest, AResultOfAVersionThatKeptNoScenarioSaysHowToRunItAgain) {
  EXPECT_THAT(complaint_after([](Json& document) { document.erase("scenario_toml"); }),
              HasSubstr("shardproof run scenarios/failover.toml --seed 42"));
}

TEST_F(RecordedRunTest, WhatIsNoResultIsRefused) {
  EXPECT_THAT(complaint_after([](Json& document) { document = Json::array(); }),
              HasSubstr("no JSON object"));
  EXPECT_THAT(complaint_after([](Json& document) { document.erase("digest"); }),
              HasSubstr("digest"));
  EXPECT_THAT(complaint_after([](Json& document) { document["seed"] = "x"; }),
              HasSubstr("no result"));
}

TEST_F(RecordedRunTest, CheckpointsThatAreNoneAreRefused) {
  EXPECT_THAT(complaint_after([](Json& document) { document["digest_checkpoints"][1][1] = "12"; }),
              HasSubstr("'12' is no digest"));
  EXPECT_THAT(complaint_after([](Json& document) { document["digest_checkpoints"][1][0] = 99; }),
              HasSubstr("ascending"));
  EXPECT_THAT(
      complaint_after([](Json& document) { document["digest_checkpoints"].erase(std::size_t{2}); }),
      HasSubstr("do not end"));
  EXPECT_THAT(
      complaint_after([](Json& document) { document["streams"]["draws"][0]["draws"] = {1}; }),
      HasSubstr("at_events"));
}

}  // namespace
}  // namespace shardproof::reports
