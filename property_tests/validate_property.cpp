// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/enable_sharding.hpp"
#include "core/replica_bench_testing.hpp"
#include "core/router.hpp"
#include "core/shard_key.hpp"

/// The rules of the table against models that are written down a second time, and routing by tables
/// that came about in different ways.
namespace shardproof {
namespace {

std::uint32_t below(std::uint32_t bound) { return *rc::gen::inRange<std::uint32_t>(0, bound); }

ShardTable table_of(std::uint32_t nodes) {
  std::vector<Record> records;
  for (std::uint32_t i = 0; i < nodes; ++i) {
    NodeRecord node = test::member(i);
    if (below(4) == 0) node.state = static_cast<NodeState>(below(4));
    records.push_back(node);
  }
  ShardTable table;
  table.apply({Revision(1), std::move(records)});
  return table;
}

NodeList any_nodes(std::uint32_t most) {
  NodeList nodes;
  for (std::uint32_t i = below(most + 1); i > 0; --i) nodes.push_back(NodeId(below(6)));
  return nodes;
}

/// Mostly right, so that each rule is the only one broken now and then.
ShardInfo any_shard(const CollectionConfig& collection) {
  ShardInfo shard;
  const bool is_inside = below(8) != 0;
  shard.id = ShardId(is_inside ? collection.first_shard.value() + below(collection.num_shards)
                               : below(12));
  shard.replicas = any_nodes(3);
  shard.learners = any_nodes(1);
  if (!shard.replicas.empty()) shard.leader = shard.replicas.front();
  if (below(6) == 0) shard.leader = NodeId(below(5));
  shard.status = static_cast<ShardStatus>(below(3));
  if (below(4) == 0) shard.status = ShardStatus::Offline;
  if (shard.status == ShardStatus::Offline && below(4) != 0) shard.leader = NodeId::none();
  if (below(4) == 0) shard.migration = Migration();
  if (below(6) == 0) shard.status = ShardStatus::Retired;
  if (shard.status == ShardStatus::Retired && below(2) == 0) {
    shard.leader = NodeId::none();
    shard.replicas.clear();
    shard.learners.clear();
    shard.migration.reset();
  }
  return shard;
}

bool is_valid(const ShardInfo& shard, const CollectionConfig& collection, const ShardTable& table) {
  std::set<ShardId> shards;
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    shards.insert(ShardId(collection.first_shard.value() + i));
  }
  std::multiset<NodeId> copies(shard.replicas.begin(), shard.replicas.end());
  const std::size_t in_sync = copies.size();
  const bool leads_in_sync = copies.count(shard.leader) > 0;
  copies.insert(shard.learners.begin(), shard.learners.end());
  if (shards.count(shard.id) == 0) return false;
  if (shard.status == ShardStatus::Retired) {
    return copies.empty() && !shard.leader.has_value() && !shard.fencing.has_value() &&
           !shard.migration.has_value();
  }
  const bool are_known = std::all_of(copies.begin(), copies.end(), [&](NodeId node) {
    return table.find_node(node) != nullptr && copies.count(node) == 1;
  });
  const bool is_led =
      shard.status == ShardStatus::Offline ? !shard.leader.has_value() : leads_in_sync;
  std::size_t most = collection.replication_factor + (shard.migration ? 1u : 0u);
  const ShardInfo* before = table.find_shard(shard.id);
  if (before != nullptr) most = std::max(most, before->replicas.size());
  return in_sync >= 1 && in_sync <= most && are_known && is_led;
}

RC_GTEST_PROP(Validate, AShardIsValidExactlyIfItKeepsEveryRule, ()) {
  ShardTable table = table_of(4);
  CollectionConfig collection = test::collection(1 + below(4), 1 + below(3));
  collection.first_shard = ShardId(below(4));
  const ShardInfo shard = any_shard(collection);
  if (below(2) == 0) {
    ShardInfo before = any_shard(collection);
    before.id = shard.id;
    table.apply({Revision(2), {before}});
  }
  const auto verdict = validate(shard, collection, table);
  RC_CLASSIFY(verdict.has_value());
  RC_ASSERT(verdict.has_value() == is_valid(shard, collection, table));
  if (!verdict) RC_ASSERT(!verdict.error().message.empty());
}

bool is_name(const std::string& name) {
  const bool has_separator = std::count(name.begin(), name.end(), '.') > 0 ||
                             std::count(name.begin(), name.end(), '/') > 0;
  return !name.empty() && name[0] != '_' && !has_separator;
}

RC_GTEST_PROP(Validate, ACollectionIsValidExactlyIfItKeepsEveryRule, ()) {
  const ShardTable table = table_of(1 + below(5));
  const auto any_name = [] {
    return *rc::gen::weightedElement<std::string>(
        {{40, "shop"}, {20, "or_ders"}, {1, ""}, {1, "_system"}, {1, "a.b"}, {1, "a/b"}, {1, "."}});
  };
  CollectionConfig wanted;
  wanted.database = any_name();
  wanted.name = any_name();
  wanted.num_shards = *rc::gen::weightedElement<std::uint32_t>(
      {{20, 16}, {2, 1}, {2, 65'536}, {1, 0}, {1, 65'537}});
  wanted.replication_factor = below(4);
  wanted.write_concern = below(3);
  wanted.shard_key.clear();
  for (std::uint32_t i = below(4); i > 0; --i) {
    wanted.shard_key.push_back(*rc::gen::weightedElement<std::string>(
        {{4, "_key"}, {4, "tenant"}, {4, "region"}, {1, ""}}));
  }
  std::map<std::string, int> fields;
  for (const std::string& field : wanted.shard_key) fields[field] += 1;
  const bool are_fields =
      !fields.empty() && fields.count("") == 0 && fields.size() == wanted.shard_key.size();
  std::uint32_t active = 0;
  for (const NodeRecord& node : table.nodes()) active += node.state == NodeState::Active ? 1 : 0;
  const bool is_counted = wanted.num_shards - 1 < 65'536 &&
                          wanted.replication_factor - 1 < active &&
                          wanted.write_concern <= wanted.replication_factor;
  const bool expected =
      is_name(wanted.database) && is_name(wanted.name) && are_fields && is_counted;
  const auto verdict = validate_new_collection(wanted, table);
  RC_CLASSIFY(verdict.has_value());
  RC_ASSERT(verdict.has_value() == expected);
}

/// A node that has adopted `commits`, each on its own or up to `merged` in one answer.
class RoutingNode {
 public:
  RoutingNode(std::uint32_t id, const std::vector<std::vector<Record>>& commits, std::size_t merged)
      : bench_(id) {
    std::vector<Record> first;
    for (std::size_t i = 0; i < merged; ++i) {
      first.insert(first.end(), commits[i].begin(), commits[i].end());
    }
    if (merged > 0) bench_.commit(std::move(first));
    for (std::size_t i = merged; i < commits.size(); ++i) bench_.commit(commits[i]);
    bench_.effects.clear();
  }
  ShardId shard_of(const DocumentRef& document) {
    ReplicaStep step = bench_.step();
    router_.on_client_request(Endpoint::client(ClientId(1)),
                              {{ClientId(1), 1}, test::operation(OperationKind::Read, document)},
                              step);
    const auto sent = bench_.take<message::ShardRequest>();
    return sent.size() == 1 ? sent[0].second.shard : ShardId::none();
  }

 private:
  test::ReplicaBench bench_;
  Router router_;
};

RC_GTEST_PROP(Routing, EveryNodeRoutesADocumentToTheSameShardAlsoAfterARestart, ()) {
  CollectionConfig config = test::collection(1 + below(20), 1);
  config.shard_key = {"a", "_key"};
  config.first_shard = ShardId(below(5));
  std::vector<std::vector<Record>> commits{{config}};
  for (std::uint32_t i = 0; i < config.num_shards; ++i) {
    ShardInfo shard = test::shard(Epoch(1), {NodeId(1 + below(3))});
    shard.id = ShardId(config.first_shard.value() + i);
    commits.push_back({shard});
  }
  auto* made = new Document(*test::document("k" + std::to_string(below(1000))));
  made->fields.push_back({"a", *rc::gen::arbitrary<std::int64_t>()});
  made->fields.push_back({"b", *rc::gen::arbitrary<bool>()});
  const DocumentRef document(made);
  auto* reversed = new Document(*made);
  std::reverse(reversed->fields.begin(), reversed->fields.end());
  reversed->content = 99;
  const DocumentRef same_key(reversed);
  const ShardId expected = *route(config, *document);
  for (std::uint32_t node = 0; node < 3; ++node) {
    RoutingNode running(node, commits, below(static_cast<std::uint32_t>(commits.size()) + 1));
    RC_ASSERT(running.shard_of(document) == expected);
    RoutingNode restarted(node, commits, commits.size());
    RC_ASSERT(restarted.shard_of(same_key) == expected);
  }
}

}  // namespace
}  // namespace shardproof
