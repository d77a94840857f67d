// SPDX-License-Identifier: Apache-2.0
#include "sim/snapshot/snapshot_file.hpp"

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

}  // namespace

const std::vector<SnapshotFormat>& snapshot_formats() {
  static const std::vector<SnapshotFormat> kFormats{
      {"shardproof", "our own JSON, or a reference to CSV inventories (docs/plan.md)",
       &read_own_snapshot},
      {"kafka", "the assignment of kafka-reassign-partitions, as JSON", &read_kafka_assignment},
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
  const bool is_json = first == '{' || first == '[';
  const std::string_view format = is_json ? format_of_json(file) : "cat-shards";
  auto snapshot = find_snapshot_format(format)->read(file, reading);
  if (snapshot || is_json || snapshot.error().kind == InputError::Kind::kUnreadable)
    return snapshot;
  InputError error = snapshot.error();
  error.reason +=
      fmt::format("; taken for {}, for it is no JSON (--format says otherwise)", format);
  return {Unexpected<InputError>{error}};
}

}  // namespace shardproof::sim
