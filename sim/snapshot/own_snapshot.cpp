// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <map>

#include "core/distribution/registry.hpp"
#include "sim/input/inventory_reader.hpp"
#include "sim/input/json_fields.hpp"
#include "sim/input/json_records.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/snapshot/shard_inventory.hpp"
#include "sim/snapshot/snapshot_builder.hpp"
#include "sim/snapshot/snapshot_file.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

using Wrong = std::optional<std::string>;

constexpr char kNoSnapshot[] =
    "no snapshot: it has no \"snapshot\": 1, and `shardproof list snapshots` names the other "
    "formats";

/// A node's state as it is written, and what it is to a policy.
struct StateName {
  std::string_view name;
  NodeState state;
  bool alive;
};
constexpr StateName kStates[] = {{"active", NodeState::Active, true},
                                 {"draining", NodeState::Draining, true},
                                 {"maintenance", NodeState::Maintenance, true},
                                 {"down", NodeState::Removed, false}};

Wrong read_state(const std::string& name, SnapshotNode& node) {
  std::vector<std::string_view> known;
  for (const StateName& one : kStates) {
    if (one.name == name) {
      node.state = one.state;
      node.alive = one.alive;
      return std::nullopt;
    }
    known.push_back(one.name);
  }
  return fmt::format("unknown state \"{}\"; {}", name, suggest(name, known));
}

Wrong add_node(const JsonValue& record, SnapshotBuilder& builder) {
  JsonFields fields(record);
  SnapshotNode node;
  node.name = fields.name("name");
  node.region = fields.optional_text("region").value_or("");
  node.zone = fields.optional_text("zone").value_or("");
  node.rack = fields.optional_text("rack").value_or("");
  const auto bytes = [&](std::string_view key) {
    return Bytes(fields.optional_whole(key).value_or(0));
  };
  node.capacity.disk = bytes("disk_bytes");
  node.capacity.memory = bytes("memory_bytes");
  node.capacity.cpu_milli = fields.optional_whole("cpu_milli").value_or(0);
  node.capacity.network = Bandwidth(bytes("network_bytes_per_second").count());
  if (const auto used = fields.optional_whole("disk_used_bytes")) node.disk_used = Bytes(*used);
  const std::string state = fields.optional_text("state").value_or("active");
  if (auto wrong = fields.wrong_or_unknown()) return wrong;
  if (auto wrong = read_state(state, node)) return wrong;
  return builder.add(node);
}

Wrong add_shard(const JsonValue& record, SnapshotBuilder& builder) {
  JsonFields fields(record);
  SnapshotShard shard;
  shard.name = fields.name("name");
  shard.collection = fields.optional_text("collection").value_or("");
  shard.replicas = fields.names("replicas");
  shard.line = record.line;
  shard.leader = fields.optional_text("leader").value_or("");
  if (const auto bytes = fields.optional_whole("bytes")) shard.bytes = Bytes(*bytes);
  shard.requests_per_second = fields.optional_whole("requests_per_second");
  shard.leader_cpu = fields.optional_whole("leader_cpu");
  shard.follower_cpu = fields.optional_whole("follower_cpu");
  if (const auto factor = fields.optional_whole("replication_factor")) {
    if (*factor == 0 || *factor > builder.nodes()) {
      return fmt::format("a replication factor of {} with {} nodes", *factor, builder.nodes());
    }
    shard.replication_factor = static_cast<std::uint32_t>(*factor);
  }
  shard.pinned = fields.optional_boolean("pinned");
  if (auto wrong = fields.wrong_or_unknown()) return wrong;
  return builder.add(shard);
}

/// What a snapshot says of CSV files: each setting by its path, with its line.
class Settings {
 public:
  Wrong set(std::string_view path, const JsonValue& value) {
    if (value.kind != JsonValue::Kind::kText && value.kind != JsonValue::Kind::kWhole) {
      return fmt::format("\"{}\" has to be a text, found {}", path, to_string(value.kind));
    }
    const bool known = std::find(kKnown.begin(), kKnown.end(), path) != kKnown.end();
    if (!known) {
      const std::string hint = suggest(path, kKnown);
      return fmt::format("unknown key \"{}\"{}{}", path, hint.empty() ? "" : "; ", hint);
    }
    values_[std::string(path)] =
        value.kind == JsonValue::Kind::kWhole ? fmt::format("{}", value.whole) : value.text;
    return std::nullopt;
  }
  const std::string& get(std::string_view path) const {
    static const std::string kNone;
    const auto found = values_.find(path);
    return found == values_.end() ? kNone : found->second;
  }

 private:
  inline static const std::vector<std::string_view> kKnown{"snapshot",
                                                           "nodes.csv",
                                                           "nodes.columns.name",
                                                           "nodes.columns.region",
                                                           "nodes.columns.zone",
                                                           "nodes.columns.rack",
                                                           "nodes.columns.cpu_milli",
                                                           "nodes.columns.memory_mib",
                                                           "nodes.columns.disk_mib",
                                                           "nodes.columns.network_mbit",
                                                           "shards.csv",
                                                           "shards.columns.name",
                                                           "shards.columns.collection",
                                                           "shards.columns.replicas",
                                                           "shards.columns.leader",
                                                           "shards.columns.bytes",
                                                           "shards.columns.mib",
                                                           "shards.columns.requests_per_second",
                                                           "shards.columns.leader_cpu",
                                                           "shards.columns.follower_cpu",
                                                           "shards.placement",
                                                           "shards.replication_factor"};

  std::map<std::string, std::string, std::less<>> values_;
};

std::string beside(const std::string& file, const std::string& named) {
  return (std::filesystem::path(file).parent_path() / named).string();
}

std::optional<InputError> add_node_inventory(const std::string& file, const Settings& settings,
                                             SnapshotBuilder& builder) {
  const auto column = [&](std::string_view name) {
    return settings.get(fmt::format("nodes.columns.{}", name));
  };
  const InventoryColumns columns{column("name"),     column("region"),      column("zone"),
                                 column("rack"),     column("cpu_milli"),   column("memory_mib"),
                                 column("disk_mib"), column("network_mbit")};
  auto reader = InventoryReader::open(file, columns);
  if (!reader) return reader.error();
  while (true) {
    const auto row = reader->next();
    if (!row) return row.error();
    if (*row == nullptr) return std::nullopt;
    const InventoryRow& found = **row;
    SnapshotNode node;
    node.name = found.name.empty() ? fmt::format("n{}", builder.nodes()) : found.name;
    node.region = found.region;
    node.zone = found.zone;
    node.rack = found.rack;
    node.capacity = {found.disk.value_or(Bytes(0)), found.cpu_milli.value_or(0),
                     found.memory.value_or(Bytes(0)), found.network.value_or(Bandwidth())};
    if (auto wrong = builder.add(node)) {
      return InputError{InputError::Kind::kMalformed, file, found.line, *wrong};
    }
  }
}

std::optional<InputError> add_shard_inventory(const std::string& file, const Settings& settings,
                                              SnapshotBuilder& builder) {
  const auto column = [&](std::string_view name) {
    return settings.get(fmt::format("shards.columns.{}", name));
  };
  return add_shards({file, column("name"), column("collection"), column("replicas"),
                     column("leader"), column("bytes"), column("mib"),
                     column("requests_per_second"), column("leader_cpu"), column("follower_cpu")},
                    builder);
}

/// Places what the file says no place of.
Wrong place_shards(const Settings& settings, const SnapshotReading& reading,
                   SnapshotBuilder& builder) {
  const std::string& name = settings.get("shards.placement");
  if (name.empty()) return std::nullopt;
  const dist::PlacementPolicy* policy = dist::find_placement_policy(name);
  if (policy == nullptr) {
    std::vector<std::string_view> known;
    for (const dist::PolicyInfo& info : dist::placement_policies()) known.push_back(info.name);
    return fmt::format("unknown placement \"{}\"; {}", name, suggest(name, known));
  }
  dist::PlacementOptions options;
  options.disk_watermark = reading.disk_watermark;
  if (const std::string& factor = settings.get("shards.replication_factor"); !factor.empty()) {
    const auto number = parse_decimal(factor);
    if (!number || number->scale != 1 || number->digits == 0 || number->digits > builder.nodes()) {
      return fmt::format("a replication factor of {} with {} nodes", factor, builder.nodes());
    }
    options.replication_factor = static_cast<std::uint32_t>(number->digits);
  }
  return builder.place(*policy, options);
}

/// Whether a snapshot has something there, whatever it says of its version later on.
bool is_of_snapshot(std::string_view path) {
  const std::string_view top = path.substr(0, path.find('.'));
  return top == "snapshot" || top == "nodes" || top == "shards";
}

}  // namespace

Result<ClusterSnapshot, InputError> read_own_snapshot(const std::string& file,
                                                      const SnapshotReading& reading) {
  SnapshotBuilder builder;
  Settings settings;
  // Programs that sort the keys of what they write have them in any order.
  std::vector<JsonValue> before_the_nodes;
  const auto has_version = [&] { return !settings.get("snapshot").empty(); };
  const auto record = [&](std::string_view path, const JsonValue& value) -> Wrong {
    if (!has_version() && !is_of_snapshot(path)) return kNoSnapshot;
    if (path == "nodes") return add_node(value, builder);
    if (path == "shards" && builder.nodes() > 0) return add_shard(value, builder);
    if (path == "shards") {
      before_the_nodes.push_back(value);
      return std::nullopt;
    }
    return fmt::format("unknown list \"{}\"; a snapshot has nodes and shards", path);
  };
  const auto member = [&](std::string_view path, const JsonValue& value) -> Wrong {
    if (path == "snapshot" && !(value.kind == JsonValue::Kind::kWhole && value.whole == 1)) {
      return "a snapshot of another version than 1";
    }
    if (!has_version() && !is_of_snapshot(path)) return kNoSnapshot;
    return settings.set(path, value);
  };
  const auto read = read_json_records(file, record, member);
  if (!read) return {Unexpected<InputError>{read.error()}};
  const auto malformed = [&](std::string reason,
                             std::uint64_t line = 0) -> Result<ClusterSnapshot, InputError> {
    return {Unexpected<InputError>{{InputError::Kind::kMalformed, file, line, std::move(reason)}}};
  };
  if (!has_version()) return malformed(kNoSnapshot);
  if (const std::string& nodes = settings.get("nodes.csv"); !nodes.empty()) {
    if (auto error = add_node_inventory(beside(file, nodes), settings, builder)) {
      return {Unexpected<InputError>{*error}};
    }
  }
  for (const JsonValue& shard : before_the_nodes) {
    if (auto wrong = add_shard(shard, builder)) return malformed(*wrong, shard.line);
  }
  if (const std::string& shards = settings.get("shards.csv"); !shards.empty()) {
    if (auto error = add_shard_inventory(beside(file, shards), settings, builder)) {
      return {Unexpected<InputError>{*error}};
    }
  }
  if (auto wrong = place_shards(settings, reading, builder)) return malformed(*wrong);
  return finished(builder, file);
}

}  // namespace shardproof::sim
