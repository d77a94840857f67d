// SPDX-License-Identifier: Apache-2.0
#include "reports/recorded_run.hpp"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/result_directory.hpp"

namespace shardproof::reports {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::uint64_t digest_of(const Json& text) {
  const auto& digits = text.get_ref<const std::string&>();
  std::uint64_t digest = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, digest, 16);
  if (digits.size() != 16 || stopped != end || error != std::errc()) {
    throw std::invalid_argument(fmt::format("'{}' is no digest", digits));
  }
  return digest;
}

std::vector<sim::Checkpoint> checkpoints_of(const Json& list, std::uint64_t digest) {
  std::vector<sim::Checkpoint> checkpoints;
  for (const Json& entry : list) {
    checkpoints.push_back({entry.at(0).get<std::uint64_t>(), digest_of(entry.at(1))});
    if (checkpoints.size() > 1 && checkpoints.end()[-2].events >= checkpoints.back().events) {
      throw std::invalid_argument("digest_checkpoints are not in ascending order");
    }
  }
  if (checkpoints.empty() || checkpoints.back().digest != digest) {
    throw std::invalid_argument("digest_checkpoints do not end with the run's digest");
  }
  return checkpoints;
}

sim::StreamUses streams_of(const Json& document) {
  sim::StreamUses uses;
  uses.marks = document.at("at_events").get<std::vector<std::uint64_t>>();
  for (const Json& entry : document.at("draws")) {
    uses.streams.push_back({entry.at("site"), entry.at("subject"), entry.at("draws")});
    if (uses.streams.back().draws.size() != uses.marks.size()) {
      throw std::invalid_argument("a stream has not as many numbers as there are in at_events");
    }
  }
  return uses;
}

RecordedRun run_of(const Json& document) {
  RecordedRun run;
  run.scenario = document.at("scenario");
  run.scenario_toml = document.at("scenario_toml");
  run.seed = document.at("seed");
  run.trace_format = document.at("trace_format");
  run.verdict = document.at("verdict");
  run.interrupted = document.at("interrupted");
  run.events = document.at("events");
  run.digest = digest_of(document.at("digest"));
  run.checkpoints = checkpoints_of(document.at("digest_checkpoints"), run.digest);
  run.streams = streams_of(document.at("streams"));
  const Json& violations = document.at("violations");
  if (!violations.empty()) run.violation_event = violations.at(0).at("event").get<std::uint64_t>();
  return run;
}

}  // namespace

Unexpected<UnreadableRun> no_result(const fs::path& file, std::string_view why) {
  return {
      {fmt::format("'{}' is no result of `shardproof run --out`: {}", file.string(), why), false}};
}

fs::path result_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? path / "result.json" : path;
}

Result<RecordedRun, UnreadableRun> read_recorded_run(const fs::path& path) {
  const fs::path file = result_file(path);
  const auto text = read_file(file);
  if (!text) return Unexpected<UnreadableRun>{{text.error().message, true}};
  try {
    const Json document = Json::parse(*text);
    if (!document.is_object()) return no_result(file, "it is no JSON object");
    if (!document.contains("digest") || !document.contains("replay")) {
      return no_result(file, "it has neither a digest nor a line that replays it");
    }
    if (!document.contains("scenario_toml")) {
      return no_result(file, fmt::format("the version that wrote it kept no scenario in it; run "
                                         "the scenario again:\n  {}",
                                         document.at("replay").get<std::string>()));
    }
    return run_of(document);
  } catch (const std::exception& error) {
    return no_result(file, error.what());
  }
}

}  // namespace shardproof::reports
