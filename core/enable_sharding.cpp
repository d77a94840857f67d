// SPDX-License-Identifier: Apache-2.0
#include "core/enable_sharding.hpp"

#include <algorithm>
#include <set>

namespace shardproof {

Result<void> validate_name(const char* what, const std::string& name) {
  if (name.empty()) return fail("{} name is empty", what);
  if (name.front() == '_') {
    return fail("{} name \"{}\": names that begin with \"_\" are the system's own", what, name);
  }
  if (name.find_first_of("./") != std::string::npos) {
    return fail("{} name \"{}\" contains \".\" or \"/\"", what, name);
  }
  return {};
}

namespace {

Result<void> validate_shard_key(const std::vector<std::string>& fields) {
  if (fields.empty()) return fail("shard_key is empty: at least one field is needed");
  std::set<std::string> seen;
  for (const std::string& field : fields) {
    if (field.empty()) return fail("shard_key has an empty field name");
    if (!seen.insert(field).second) return fail("shard_key lists \"{}\" twice", field);
  }
  return {};
}

}  // namespace

Result<void> validate_new_collection(const CollectionConfig& collection, const ShardTable& table) {
  if (auto named = validate_name("database", collection.database); !named) return named;
  if (auto named = validate_name("collection", collection.name); !named) return named;
  if (auto keyed = validate_shard_key(collection.shard_key); !keyed) return keyed;
  constexpr std::uint32_t kShardsMax = 65536;
  if (collection.num_shards == 0 || collection.num_shards > kShardsMax) {
    return fail("num_shards is {}: 1 to {} are possible", collection.num_shards, kShardsMax);
  }
  const auto members =
      std::count_if(table.nodes().begin(), table.nodes().end(), [](const NodeRecord& node) {
        return node.id.has_value() && node.state == NodeState::Active;
      });
  if (collection.replication_factor == 0 || collection.replication_factor > members) {
    return fail("replication_factor is {}: 1 to {} (the active nodes) are possible",
                collection.replication_factor, members);
  }
  if (collection.write_concern > collection.replication_factor) {
    return fail("write_concern {} exceeds the replication factor {}", collection.write_concern,
                collection.replication_factor);
  }
  return {};
}

}  // namespace shardproof
