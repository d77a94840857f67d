// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "cli/vocabulary.hpp"
#include "reports/event_lines.hpp"
#include "reports/result_directory.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::cli {
namespace {

ExitCode complain(ExitCode code, const std::string& message) {
  print_error(fmt::format("shardproof: {}\n", message));
  return code;
}

ExitCode explain_shard(const ExplainCommand& command) {
  const std::string& name = command.name;
  const bool is_id =
      name.size() > 1 && name[0] == 's' &&
      std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_id) return complain(ExitCode::kUsage, fmt::format("'{}' is not a shard like s3", name));
  if (command.directory.empty()) {
    return complain(ExitCode::kUsage, fmt::format("explain shard {}: --in DIR is missing: the "
                                                  "directory that `run --out` wrote",
                                                  name));
  }
  std::filesystem::path directory = command.directory;
  if (directory.extension() == ".json") directory = directory.parent_path();
  const std::filesystem::path path = directory / "events.jsonl";
  const auto lines = reports::read_file(path);
  if (!lines) return complain(ExitCode::kInternal, lines.error().message);
  const auto life = reports::shard_life(*lines, name);
  if (!life) {
    return complain(ExitCode::kUsage, fmt::format("{}: {}", path.string(), life.error().message));
  }
  print(*life);
  return ExitCode::kOk;
}

std::string numbers(const std::vector<Entry>& list) {
  std::string text;
  for (const Entry& entry : list) text += (text.empty() ? "" : ", ") + entry.name;
  return text;
}

void print_entry(const std::string& kind, const Entry& entry) {
  print(fmt::format("{} {}: {}\n", kind, stdout_style().bold(entry.name), entry.line));
  if (!entry.more.empty()) print("\n");
  for (std::size_t begin = 0; begin < entry.more.size();) {
    const std::size_t end = std::min(entry.more.find('\n', begin), entry.more.size());
    print(fmt::format("  {}\n", entry.more.substr(begin, end - begin)));
    begin = end + 1;
  }
}

}  // namespace

ExitCode execute(const ExplainCommand& command) {
  if (command.kind == "shard") return explain_shard(command);
  if (!command.directory.empty()) {
    return complain(ExitCode::kUsage, "--in is for `explain shard`");
  }
  const std::vector<Entry> list = entries(list_topic_of(command.kind));
  std::vector<std::string_view> names;
  bool is_found = false;
  for (const Entry& entry : list) {
    names.push_back(entry.name);
    if (!entry.alias.empty()) names.push_back(entry.alias);
    if (entry.name != command.name && entry.alias != command.name) continue;
    // A name may be that of two policies, one of each kind.
    if (is_found) print("\n");
    is_found = true;
    print_entry(command.kind, entry);
  }
  if (is_found) return ExitCode::kOk;
  const bool is_number = std::all_of(command.name.begin(), command.name.end(),
                                     [](char c) { return c >= '0' && c <= '9'; });
  // No number is a misspelling of another one.
  const std::string suggestion = is_number && command.kind == "invariant"
                                     ? "checked are " + numbers(list)
                                     : sim::suggest(command.name, names);
  return complain(ExitCode::kUsage, fmt::format("no {} '{}'{}{}", command.kind, command.name,
                                                suggestion.empty() ? "" : "; ", suggestion));
}

}  // namespace shardproof::cli
