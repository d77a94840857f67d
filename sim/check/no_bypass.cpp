// SPDX-License-Identifier: Apache-2.0
#include "sim/check/no_bypass.hpp"

#include "core/base/humanise.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

bool is_internal(const std::string& name) { return name.empty() || name.front() == '_'; }

/// The collection as the commit leaves it.
const CollectionConfig& after(const TableDelta& delta, const CollectionConfig& before) {
  for (const Record& record : delta.records) {
    const auto* collection = std::get_if<CollectionConfig>(&record);
    if (collection != nullptr && collection->id == before.id) return *collection;
  }
  return before;
}

/// Two collections may share their name if operations on one go to the other, or documents do.
bool are_one(const CollectionConfig& a, const CollectionConfig& b) {
  return a.successor.has_value() || b.successor.has_value() || a.moving_to == b.id ||
         b.moving_to == a.id;
}

}  // namespace

void NoBypass::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* collection = std::get_if<CollectionConfig>(&record);
    if (collection == nullptr) continue;
    evaluated();
    // A single node (no term) keeps its own settings in a collection of the system's.
    const bool is_catalog = commit.term == Term() && collection->full_name() == "_system._catalog";
    if (!is_catalog && (is_internal(collection->database) || is_internal(collection->name))) {
      report(at, {ShardId::none(), {commit.author}, {}},
             fmt::format("{} commits {} as \"{}\", a name kept for the system",
                         human_node(commit.author), collection->id, collection->full_name()));
    }
    for (const CollectionConfig& other : oracle_.table().collections()) {
      if (other.id.is_none() || other.id == collection->id) continue;
      if (other.full_name() != collection->full_name()) continue;
      if (are_one(*collection, after(commit.delta, other))) continue;
      report(at, {ShardId::none(), {commit.author}, {}},
             fmt::format("{} commits {} as \"{}\" ({}), and {} ({}) is called so, too",
                         human_node(commit.author), collection->id, other.full_name(),
                         shards_text(*collection), other.id, shards_text(other)));
    }
  }
}

void NoBypass::on_unknown_shard(ShardId shard, const char* fact, const At& at) {
  report(at, {shard, {at.node}, {}},
         fmt::format("{} stated {} of {}, which no commit has created", at.node, fact, shard));
}

}  // namespace shardproof::sim::check
