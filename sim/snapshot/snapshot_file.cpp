// SPDX-License-Identifier: Apache-2.0
#include "sim/snapshot/snapshot_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/input/json_records.hpp"
#include "sim/input/text_source.hpp"

namespace shardproof::sim {
namespace {

/// Stops the reading of a file as soon as it shows what it is: no message, for nobody sees it.
constexpr char kSeen[] = "seen";

std::string_view format_of_json(const std::string& file) {
  std::string_view format = "shardproof";
  const auto record = [&](std::string_view path, const JsonValue&) -> std::optional<std::string> {
    if (path.empty()) format = "cat-shards";
    if (path == "partitions") format = "kafka";
    return kSeen;
  };
  const auto member = [&](std::string_view path, const JsonValue&) -> std::optional<std::string> {
    if (path == "snapshot") return kSeen;
    return std::nullopt;
  };
  // Why it cannot be read, if it cannot, is told by the reader of the format.
  (void)read_json_records(file, record, member).has_value();
  return format;
}

std::string_view format_of_text(TextSource& source) {
  std::string begin;
  while (begin.size() < kKafkaCurrentHeading.size() && source.peek()) begin += *source.next();
  return begin == kKafkaCurrentHeading ? "kafka" : "cat-shards";
}

std::string formats_that_are_read() {
  std::vector<std::string_view> names;
  for (const SnapshotFormat& format : snapshot_formats()) names.push_back(format.name);
  return fmt::format(
      "`shardproof list snapshots` says more of the formats that are read, {}; "
      "--format names one",
      fmt::join(names, ", "));
}

}  // namespace

const std::vector<SnapshotFormat>& snapshot_formats() {
  static const std::vector<SnapshotFormat> kFormats{
      {"shardproof", "our own JSON, or a reference to CSV inventories (docs/plan.md)",
       &read_own_snapshot},
      {"kafka", "what kafka-reassign-partitions --generate prints, or an assignment alone, as JSON",
       &read_kafka_assignment},
      {"cat-shards", "_cat/shards of Elasticsearch and OpenSearch, a table or JSON",
       &read_cat_shards},
  };
  return kFormats;
}

const SnapshotFormat* find_snapshot_format(std::string_view name) {
  for (const SnapshotFormat& format : snapshot_formats()) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

Result<ClusterSnapshot, InputError> read_snapshot(const std::string& file,
                                                  const SnapshotReading& reading) {
  auto source = TextSource::open(file);
  if (!source) return {Unexpected<InputError>{source.error()}};
  const std::optional<char> first = first_that_is_not_white(*source);
  if (auto error = source->failure()) return {Unexpected<InputError>{*error}};
  if (!first) {
    return {Unexpected<InputError>{
        {InputError::Kind::kMalformed, file, 0, "an empty file; " + formats_that_are_read()}}};
  }
  const bool is_json = first == '{' || first == '[';
  const std::string_view format = is_json ? format_of_json(file) : format_of_text(*source);
  auto snapshot = find_snapshot_format(format)->read(file, reading);
  if (snapshot || is_json || snapshot.error().kind == InputError::Kind::kUnreadable)
    return snapshot;
  InputError error = snapshot.error();
  error.reason +=
      fmt::format("; taken for {}, for it is no JSON: {}", format, formats_that_are_read());
  return {Unexpected<InputError>{error}};
}

}  // namespace shardproof::sim
