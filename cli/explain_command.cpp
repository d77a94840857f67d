// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/option_words.hpp"
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

bool is_shard_id(std::string_view name) {
  return name.size() > 1 && name[0] == 's' && parse_seed(name.substr(1)).has_value();
}

/// The shard's name in the event log; the error is the exit code, and has been told.
Result<std::string, ExitCode> log_name_of(const std::string& name, std::string_view lines) {
  if (is_shard_id(name)) return name;
  const std::size_t slash = name.find('/');
  const auto number =
      slash == std::string::npos ? std::nullopt : parse_seed(name.substr(slash + 1));
  if (!number) {
    return Unexpected<ExitCode>{complain(
        ExitCode::kUsage, fmt::format("'{}' is not a shard like s3 or shop.orders/3", name))};
  }
  const std::string collection = name.substr(0, slash);
  const auto created = reports::collections_of(lines);
  if (!created) return Unexpected<ExitCode>{complain(ExitCode::kUsage, created.error().message)};
  std::vector<std::string> names;
  // Who is sharded later is followed by a collection of the same name.
  for (auto one = created->rbegin(); one != created->rend(); ++one) {
    names.push_back(one->name);
    if (one->name != collection) continue;
    if (*number < one->shards) return fmt::format("s{}", one->first_shard + *number);
    return Unexpected<ExitCode>{complain(
        ExitCode::kUsage,
        one->shards == 1 ? fmt::format("{} has the shard 0 only", collection)
                         : fmt::format("{} has the shards 0 to {}", collection, one->shards - 1))};
  }
  return Unexpected<ExitCode>{complain(
      ExitCode::kUsage, fmt::format("no collection '{}'{}", collection, hint(collection, names)))};
}

ExitCode explain_shard(const ExplainCommand& command) {
  if (command.directory.empty()) {
    return complain(ExitCode::kUsage, fmt::format("explain shard {}: --in DIR is missing: the "
                                                  "directory that `run --out` wrote",
                                                  command.name));
  }
  std::filesystem::path directory = command.directory;
  if (directory.extension() == ".json") directory = directory.parent_path();
  const std::filesystem::path path = directory / "events.jsonl";
  const auto lines = reports::read_file(path);
  if (!lines) return complain(ExitCode::kInternal, lines.error().message);
  const auto name = log_name_of(command.name, *lines);
  if (!name) return name.error();
  const auto life = reports::shard_life(*lines, *name);
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
