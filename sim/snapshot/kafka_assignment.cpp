// SPDX-License-Identifier: Apache-2.0
#include "sim/input/json_fields.hpp"
#include "sim/input/json_records.hpp"
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
  if (fields.wrong()) return fields.wrong();
  if (shard.replicas.empty()) return "a partition without replicas";
  for (const std::string& broker : shard.replicas) builder.add_node_once(broker);
  return builder.add(shard);
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
  const auto read = read_json_records(file, record, member);
  if (!read) return {Unexpected<InputError>{read.error()}};
  return finished(builder, file);
}

}  // namespace shardproof::sim
