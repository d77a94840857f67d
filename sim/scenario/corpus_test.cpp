// SPDX-License-Identifier: Apache-2.0
//
// The corpus of good and bad scenario files. Beside each bad file stands what the reader says of
// it; `sim_scenario_corpus_test --rewrite` writes these files and the JSON schema anew.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include <gtest/gtest.h>

#include "sim/scenario/printer.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/schema.hpp"
#include "sim/scenario/starter.hpp"

namespace shardproof::sim {
namespace {

bool rewrite = false;

std::string content(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void expect_content(const std::string& path, const std::string& wanted) {
  if (rewrite) std::ofstream(path, std::ios::binary) << wanted;
  EXPECT_EQ(content(path), wanted) << path << ": run this test with --rewrite if that is right";
}

std::vector<std::string> scenarios_below(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path().generic_string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += to_string(diagnostic) + "\n";
  return text;
}

std::string with_extension(const std::string& path, const char* extension) {
  return std::filesystem::path(path).replace_extension(extension).generic_string();
}

TEST(Corpus, SaysOfEachBadFileWhatIsWrongWhereAndWhatToDo) {
  const auto files = scenarios_below("sim/scenario/testdata/bad");
  EXPECT_GE(files.size(), 100u);
  for (const std::string& file : files) {
    const auto loaded = read_scenario_file(file);
    ASSERT_FALSE(loaded.has_value()) << file;
    expect_content(with_extension(file, ".expected"), text_of(loaded.error().diagnostics));
  }
}

TEST(Corpus, OneMistakeIsOneErrorWithItsPlace) {
  std::size_t files = 0;
  for (const std::string& file : scenarios_below("sim/scenario/testdata/bad")) {
    if (file.find("one_mistake_") == std::string::npos) continue;
    files += 1;
    const auto loaded = read_scenario_file(file);
    ASSERT_FALSE(loaded.has_value()) << file;
    EXPECT_EQ(loaded.error().diagnostics.size(), 1u) << text_of(loaded.error().diagnostics);
    EXPECT_GT(loaded.error().diagnostics.front().at.line, 0u) << file;
  }
  EXPECT_GE(files, 30u);
}

TEST(Corpus, TellsUnreadableFilesFromBadOnes) {
  for (const std::string& file : scenarios_below("sim/scenario/testdata/bad")) {
    const auto loaded = read_scenario_file(file);
    ASSERT_FALSE(loaded.has_value()) << file;
    const bool names_a_missing_file = file.find("_unreadable") != std::string::npos;
    EXPECT_EQ(loaded.error().unreadable, names_a_missing_file) << file;
  }
  EXPECT_TRUE(read_scenario_file("sim/scenario/testdata/nowhere.toml").error().unreadable);
  EXPECT_TRUE(read_scenario_file("sim/scenario/testdata").error().unreadable);
}

TEST(Corpus, ReadsEachGoodFileAndWhatItPrintsOfIt) {
  auto files = scenarios_below("sim/scenario/testdata/good");
  EXPECT_GE(files.size(), 5u);
  for (const std::string& file : scenarios_below("scenarios")) files.push_back(file);
  for (const std::string& file : files) {
    const auto loaded = read_scenario_file(file);
    ASSERT_TRUE(loaded.has_value()) << text_of(loaded.error().diagnostics);
    const std::string printed = to_toml(loaded->spec);
    const auto again = read_scenario(printed, file + " printed");
    ASSERT_TRUE(again.has_value()) << text_of(again.error().diagnostics) << printed;
    EXPECT_EQ(again->spec, loaded->spec) << printed;
    EXPECT_EQ(to_toml(again->spec), printed);
    const std::string sparse = to_sparse_toml(loaded->spec);
    const auto from_sparse = read_scenario(sparse, file + " printed without defaults");
    ASSERT_TRUE(from_sparse.has_value()) << text_of(from_sparse.error().diagnostics) << sparse;
    EXPECT_EQ(from_sparse->spec, loaded->spec) << sparse;
    EXPECT_LT(sparse.size(), printed.size());
  }
}

TEST(Corpus, FindsNothingStrangeInTheScenariosThatAreShipped) {
  const auto files = scenarios_below("scenarios");
  EXPECT_GE(files.size(), 20u);
  for (const std::string& file : files) {
    const auto loaded = read_scenario_file(file);
    ASSERT_TRUE(loaded.has_value()) << text_of(loaded.error().diagnostics);
    EXPECT_EQ(text_of(loaded->warnings), "");
    EXPECT_FALSE(loaded->spec.about.empty()) << file;
    // What the scenario of a rule shows is an invariant that falls without the rule.
    if (file.starts_with("scenarios/rules/")) continue;
    EXPECT_GE(loaded->spec.expectations.size(), 2u) << file;
  }
}

TEST(Corpus, WarnsOfImplausibleExperiments) {
  const std::string file = "sim/scenario/testdata/good/implausible.toml";
  const auto loaded = read_scenario_file(file);
  ASSERT_TRUE(loaded.has_value()) << text_of(loaded.error().diagnostics);
  expect_content(with_extension(file, ".expected"), text_of(loaded->warnings));
  EXPECT_GE(loaded->warnings.size(), 8u);
}

TEST(Corpus, PrintsEveryDefault) {
  const auto loaded = read_scenario_file("sim/scenario/testdata/good/minimal.toml");
  ASSERT_TRUE(loaded.has_value()) << text_of(loaded.error().diagnostics);
  expect_content("sim/scenario/testdata/good/minimal.resolved", to_toml(loaded->spec));
}

TEST(Corpus, PrintsWithoutDefaultsWhatAPersonWouldHaveWritten) {
  const std::string file = "sim/scenario/testdata/good/minimal.toml";
  const auto loaded = read_scenario_file(file);
  ASSERT_TRUE(loaded.has_value()) << text_of(loaded.error().diagnostics);
  EXPECT_EQ(to_sparse_toml(loaded->spec), R"(schema = 1
name = "minimal"
duration = "1min"

[cluster]
nodes = 1

[[collection]]
database = "d"
name = "c"
)");
}

TEST(Corpus, TheStarterIsAGoodScenario) {
  const auto loaded = read_scenario(starter_scenario(), "starter.toml");
  ASSERT_TRUE(loaded.has_value()) << text_of(loaded.error().diagnostics);
  EXPECT_EQ(text_of(loaded->warnings), "");
  EXPECT_EQ(loaded->spec.events.size(), 2u);
}

TEST(Corpus, TheSchemaIsWhatTheReaderKnows) {
  expect_content("scenarios/scenario.schema.json", scenario_schema());
}

}  // namespace
}  // namespace shardproof::sim

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--rewrite") shardproof::sim::rewrite = true;
  }
  return RUN_ALL_TESTS();
}
