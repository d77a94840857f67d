// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/shrunk_text.hpp"

#include "core/base/humanise.hpp"
#include "sim/campaign/settings.hpp"
#include "sim/scenario/amounts.hpp"
#include "sim/scenario/printer.hpp"

namespace shardproof::sim::campaign {
namespace {

constexpr std::size_t kColumns = 100;

/// The text as comment lines of at most kColumns, broken at blanks. What would end a comment or is
/// not allowed in one is a blank.
std::string comment(std::string text) {
  for (char& c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7F) c = ' ';
  }
  std::string lines;
  std::string_view rest = text;
  while (rest.size() > kColumns - 2) {
    const std::size_t blank = rest.rfind(' ', kColumns - 2);
    if (blank == std::string_view::npos || blank == 0) break;
    lines += fmt::format("# {}\n", rest.substr(0, blank));
    rest.remove_prefix(blank + 1);
  }
  return lines + fmt::format("# {}\n", rest);
}

std::string when(const Failure& failure) {
  if (!failure.time) return "";
  std::string text = fmt::format(" at {}", Instant(*failure.time));
  if (failure.event > 0) text += fmt::format(", event {}", human_count(failure.event));
  return text;
}

std::string replay_line(const ShrunkScenario& shrunk) {
  RunResult place;
  place.file = shrunk.file;
  place.seed = shrunk.spec.seed;
  return place.replay_line();
}

std::string reduction(const ShrunkScenario& shrunk) {
  const ScenarioSize before = size_of(shrunk.original);
  const ScenarioSize after = size_of(shrunk.spec);
  return fmt::format(
      "Reduced in {} from {} (seed {}): events {} to {}, traffic {} to {}, settings {} to {}, "
      "nodes {} to {}, shards {} to {}, documents {} to {}, duration {} to {}.",
      human_number_of(shrunk.runs, "run"), shrunk.original_file, shrunk.original.seed,
      before.events, after.events, before.traffic, after.traffic, before.settings, after.settings,
      before.nodes, after.nodes, before.shards, after.shards, before.documents, after.documents,
      to_text(before.duration), to_text(after.duration));
}

}  // namespace

ScenarioSize size_of(const ScenarioSpec& spec) {
  ScenarioSize size;
  size.events = spec.events.size();
  size.traffic = spec.traffic.size();
  size.settings = changed_settings(spec);
  size.nodes = spec.cluster.nodes.size();
  for (const CollectionSpec& collection : spec.collections) {
    size.shards += collection.shards;
    size.documents += collection.documents;
  }
  size.duration = spec.duration;
  return size;
}

std::string shrunk_toml(const ShrunkScenario& shrunk) {
  std::string text =
      comment(fmt::format("Fails: {}{}.", shrunk.failure.title, when(shrunk.failure)));
  if (!shrunk.failure.detail.empty()) text += comment(shrunk.failure.detail);
  if (!shrunk.failure.statement.empty()) {
    text += comment("Must hold: " + shrunk.failure.statement);
  }
  text += "#\n#     " + comment(replay_line(shrunk)).substr(2) + "#\n";
  text += comment(reduction(shrunk)) + "\n";
  return text + to_sparse_toml(shrunk.spec, shrunk.directory);
}

}  // namespace shardproof::sim::campaign
