// SPDX-License-Identifier: Apache-2.0
#include "reports/event_lines.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/units.hpp"

namespace shardproof::reports {
namespace {

using Json = nlohmann::ordered_json;

Json document_of(const sim::LogRecord& record) {
  Json line = {
      {"time_ns", record.time.count()}, {"event", record.event}, {"kind", to_string(record.kind)}};
  if (record.node.has_value()) line["node"] = fmt::format("{}", record.node);
  if (record.shard.has_value()) line["shard"] = fmt::format("{}", record.shard);
  if (record.migration.has_value()) line["migration"] = fmt::format("{}", record.migration);
  line["text"] = record.text;
  return line;
}

/// A line as far as a person reads it.
struct Line {
  std::int64_t time_ns = 0;
  std::string kind;
  std::string node;
  std::string shard;
  std::string text;
};

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<std::vector<Line>> parse(std::string_view lines) {
  std::vector<Line> parsed;
  std::size_t number = 0;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view text = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    ++number;
    const Json object = Json::parse(text, nullptr, false);
    if (!object.is_object()) return fail("line {}: not a JSON object", number);
    if (object.contains("dropped")) continue;
    const auto time = object.find("time_ns");
    if (time == object.end() || !time->is_number_integer()) {
      return fail("line {}: expected an integer \"time_ns\"", number);
    }
    parsed.push_back({time->get<std::int64_t>(), text_at(object, "kind"), text_at(object, "node"),
                      text_at(object, "shard"), text_at(object, "text")});
  }
  return parsed;
}

}  // namespace

std::string event_lines(const sim::EventLog& log) {
  std::string text;
  for (const sim::LogRecord* record : log.records()) {
    text += document_of(*record).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  if (log.dropped() > 0) text += Json{{"dropped", log.dropped()}}.dump() + "\n";
  return text;
}

Result<std::string> shard_life(std::string_view lines, std::string_view shard) {
  const auto parsed = parse(lines);
  if (!parsed) return Unexpected{parsed.error()};
  std::set<std::string> involved;
  for (const Line& line : *parsed) {
    if (line.shard == shard && !line.node.empty()) involved.insert(line.node);
  }
  std::string text;
  bool is_known = false;
  for (const Line& line : *parsed) {
    const bool is_own = line.shard == shard;
    const bool is_around = line.kind == "process" && involved.count(line.node) > 0;
    if (!is_own && !is_around) continue;
    is_known = is_known || is_own;
    text += fmt::format("{:>18}  {:<10}  {:<5} {}\n",
                        fmt::format("{}", Instant(Nanoseconds(line.time_ns))), line.kind, line.node,
                        line.text);
  }
  if (!is_known) return fail("no event of shard {} in this run", shard);
  return text;
}

Result<std::vector<LoggedCollection>> collections_of(std::string_view lines) {
  const auto parsed = parse(lines);
  if (!parsed) return Unexpected{parsed.error()};
  // "c0 shop.orders: 16 shards, ..."
  static const std::regex kText(R"(c(\d+) (\S+): (\d+) shards, .*)");
  std::vector<LoggedCollection> found;
  for (const Line& line : *parsed) {
    std::smatch parts;
    if (line.kind != "collection" || !std::regex_match(line.text, parts, kText)) continue;
    const std::uint64_t number = std::stoull(parts[1]);
    // It is told again at each change.
    if (number < found.size()) continue;
    if (number > found.size())
      return fail("how collection c{} was made is not in it", found.size());
    const std::uint64_t first = found.empty() ? 0 : found.back().first_shard + found.back().shards;
    found.push_back({parts[2], first, std::stoull(parts[3])});
  }
  return found;
}

}  // namespace shardproof::reports
