// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <fmt/format.h>

#include "sim/input/json_fields.hpp"
#include "sim/input/json_records.hpp"
#include "sim/input/text_source.hpp"
#include "sim/snapshot/snapshot_builder.hpp"
#include "sim/snapshot/snapshot_file.hpp"

namespace shardproof::sim {
namespace {

std::optional<std::string> add_partition(const JsonValue& record, SnapshotBuilder& builder) {
  JsonFields fields(record);
  SnapshotShard shard;
  shard.collection = fields.text("topic");
  shard.name = fields.name("partition");
  shard.replicas = fields.names("replicas");
  shard.line = record.line;
  if (fields.wrong()) return fields.wrong();
  if (shard.replicas.empty()) return "a partition without replicas";
  for (const std::string& broker : shard.replicas) builder.add_node_once(broker);
  return builder.add(shard);
}

/// Takes the lines up to the one that heads the current assignment. The number of the next one, or
/// nothing if there is no such heading.
std::optional<std::uint64_t> skip_to_current(TextSource& source) {
  std::string begin;
  std::uint64_t line = 1;
  while (const std::optional<char> c = source.next()) {
    if (c != '\n') {
      if (begin.size() < kKafkaCurrentHeading.size()) begin += *c;
      continue;
    }
    ++line;
    if (begin == kKafkaCurrentHeading) return line;
    begin.clear();
  }
  return std::nullopt;
}

Result<void, InputError> read_current(const std::string& file, const JsonRecordSink& record,
                                      const JsonRecordSink& member) {
  auto begin = TextSource::open(file);
  if (!begin) return {Unexpected<InputError>{begin.error()}};
  const std::optional<char> first = first_that_is_not_white(*begin);
  if (!first || first == '{' || first == '[') return read_json_records(file, record, member);
  auto source = TextSource::open(file);
  if (!source) return {Unexpected<InputError>{source.error()}};
  const auto line = skip_to_current(*source);
  if (auto error = source->failure()) return {Unexpected<InputError>{*error}};
  if (line) return read_json_value(std::move(*source), *line, record, member);
  return {Unexpected<InputError>{
      {InputError::Kind::kMalformed, file, 0,
       fmt::format("expected JSON, or a line \"{}\" before it", kKafkaCurrentHeading)}}};
}

}  // namespace

Result<ClusterSnapshot, InputError> read_kafka_assignment(const std::string& file,
                                                          const SnapshotReading&) {
  SnapshotBuilder builder;
  const auto record = [&](std::string_view path,
                          const JsonValue& value) -> std::optional<std::string> {
    if (path != "partitions") return std::nullopt;
    return add_partition(value, builder);
  };
  const auto member = [](std::string_view path,
                         const JsonValue& value) -> std::optional<std::string> {
    if (path != "version" || (value.kind == JsonValue::Kind::kWhole && value.whole == 1)) {
      return std::nullopt;
    }
    return "an assignment of another version than 1";
  };
  const auto read = read_current(file, record, member);
  if (!read) return {Unexpected<InputError>{read.error()}};
  return finished(builder, file);
}

}  // namespace shardproof::sim
