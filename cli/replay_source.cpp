// SPDX-License-Identifier: Apache-2.0
#include "cli/replay_source.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/scenario_files.hpp"
#include "cli/terminal.hpp"
#include "sim/observe/shell_word.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::cli {
namespace {

namespace fs = std::filesystem;

bool is_result(const fs::path& path) {
  std::error_code ignored;
  return path.extension() == ".json" || fs::is_directory(path, ignored);
}

Unexpected<ExitCode> refuse(ExitCode code, const std::string& message) {
  print_error(fmt::format("shardproof: {}\n", message));
  return {code};
}

/// The directories of results in one that holds none itself, a line each; the first of many.
std::vector<std::string> results_within(const fs::path& directory) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string> found;
  std::error_code ignored;
  if (!fs::is_directory(directory, ignored) || fs::exists(directory / "result.json", ignored)) {
    return found;
  }
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    if (fs::exists(entry.path() / "result.json", ignored)) {
      found.push_back("  " + entry.path().string());
    }
  }
  std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);
  });
  if (found.size() > kShown) {
    const std::size_t rest = found.size() - kShown;
    found.resize(kShown);
    found.push_back(fmt::format("  and {} more", rest));
  }
  return found;
}

Result<ReplaySource, ExitCode> load_result(const ReplayTarget& target) {
  if (target.seed || !target.rules_off.empty()) {
    return refuse(ExitCode::kUsage,
                  fmt::format("'{}' is a result, which has its own seed and rules; --seed and "
                              "--rules-off are for scenarios",
                              target.path));
  }
  if (const auto several = results_within(target.path); !several.empty()) {
    return refuse(ExitCode::kUsage, fmt::format("'{}' holds results of several runs; name one:\n{}",
                                                target.path, fmt::join(several, "\n")));
  }
  auto recorded = reports::read_recorded_run(target.path);
  if (!recorded) {
    return refuse(recorded.error().is_io ? ExitCode::kInternal : ExitCode::kUsage,
                  recorded.error().message);
  }
  sim::ReadOptions options;
  const fs::path file = reports::result_file(target.path);
  options.directory = file.parent_path().string();
  const auto loaded = sim::read_scenario(recorded->scenario_toml, "scenario", options);
  if (!loaded) {
    print_error(
        fmt::format("shardproof: this version cannot read the scenario in '{}':\n", file.string()));
    for (const sim::Diagnostic& diagnostic : loaded.error().diagnostics) {
      print_error(to_string(diagnostic) + "\n");
    }
    return Unexpected<ExitCode>{loaded.error().unreadable ? ExitCode::kInternal : ExitCode::kUsage};
  }
  ReplaySource source{loaded->spec, std::move(*recorded), {target.path}};
  source.spec.seed = source.recorded->seed;
  return source;
}

}  // namespace

Result<ReplaySource, ExitCode> load_replay_source(const ReplayTarget& target) {
  if (is_result(target.path)) return load_result(target);
  ScenarioFiles files = load_scenarios({target.path}, "", true);
  if (files.code != ExitCode::kOk) return Unexpected<ExitCode>{files.code};
  ReplaySource source{std::move(files.scenarios.front().spec), std::nullopt, {target.path}};
  switch_rules_off(target.rules_off, source.spec);
  if (target.seed) {
    source.spec.seed = *target.seed;
    source.arguments.insert(source.arguments.end(), {"--seed", fmt::format("{}", *target.seed)});
  }
  for (std::string& argument : rules_off_arguments(target.rules_off)) {
    source.arguments.push_back(std::move(argument));
  }
  return source;
}

std::string command_line(const std::string& command, const ReplaySource& source) {
  std::string line = "shardproof " + command;
  for (const std::string& argument : source.arguments) line += " " + sim::shell_word(argument);
  return line;
}

}  // namespace shardproof::cli
