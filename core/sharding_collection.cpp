// SPDX-License-Identifier: Apache-2.0
#include "core/sharding_collection.hpp"

#include <fmt/ranges.h>

namespace shardproof {
namespace {

/// Builds one document; its size is that of what it says.
class Row {
 public:
  explicit Row(std::string key) : document_(new Document) {
    document_->key = std::move(key);
    document_->size = Bytes(document_->key.size());
  }
  Row& add(const char* name, std::string value) {
    document_->size += Bytes(value.size());
    document_->fields.push_back({name, std::move(value)});
    return *this;
  }
  Row& add(const char* name, std::uint64_t value) {
    document_->size += Bytes(8);
    document_->fields.push_back({name, static_cast<std::int64_t>(value)});
    return *this;
  }
  DocumentRef take(std::uint64_t digest) {
    document_->content = digest;
    return DocumentRef(document_);
  }

 private:
  Document* document_;
};

std::string list(const NodeList& nodes) { return fmt::format("{}", fmt::join(nodes, " ")); }

DocumentRef collection_row(const CollectionConfig& collection) {
  Row row(collection.full_name());
  row.add("num_shards", collection.num_shards)
      .add("replication_factor", collection.replication_factor)
      .add("shard_key", fmt::format("{}", fmt::join(collection.shard_key, " ")))
      .add("first_shard", collection.first_shard.value());
  if (!collection.sharded) row.add("sharded", "false");
  if (collection.moving_to.has_value()) {
    row.add("moving_to", fmt::format("{}", collection.moving_to));
  }
  return row.take(record_digest(collection));
}

DocumentRef shard_row(const ShardInfo& shard, const CollectionConfig& collection) {
  const std::uint32_t index = shard.id.value() - collection.first_shard.value();
  Row row(fmt::format("{}/{}", collection.full_name(), index));
  row.add("shard", fmt::format("{}", shard.id))
      .add("epoch", shard.epoch.value())
      .add("leader", fmt::format("{}", shard.leader))
      .add("replicas", list(shard.replicas))
      .add("learners", list(shard.learners))
      .add("status", to_string(shard.status));
  if (shard.migration) {
    row.add("migration", fmt::format("{} {}->{} {}", shard.migration->id, shard.migration->source,
                                     shard.migration->target, to_string(shard.migration->phase)));
  }
  return row.take(record_digest(shard));
}

DocumentRef node_row(const NodeRecord& node) {
  return Row(fmt::format("{}", node.id))
      .add("state", to_string(node.state))
      .take(record_digest(node));
}

/// By collection id: one of each name is listed, so that keys are unique.
std::vector<bool> listed_collections(const ShardTable& table) {
  std::vector<bool> listed(table.collections().size());
  for (const CollectionConfig& collection : table.collections()) {
    if (collection.id.is_none()) continue;
    const auto* used = table.find_collection(collection.database, collection.name);
    listed[collection.id.value()] = used == &collection;
  }
  return listed;
}

}  // namespace

std::vector<DocumentRef> sharding_documents(const ShardTable& table) {
  const std::vector<bool> listed = listed_collections(table);
  std::vector<DocumentRef> rows;
  for (const CollectionConfig& collection : table.collections()) {
    if (collection.id.is_none() || !listed[collection.id.value()]) continue;
    rows.push_back(collection_row(collection));
  }
  for (const ShardInfo& shard : table.shards()) {
    const CollectionConfig* collection = table.find_collection(shard.collection);
    if (collection == nullptr || !listed[shard.collection.value()]) continue;
    rows.push_back(shard_row(shard, *collection));
  }
  for (const NodeRecord& node : table.nodes()) {
    if (node.id.has_value()) rows.push_back(node_row(node));
  }
  return rows;
}

void answer_from_sharding_collection(Endpoint client, const message::ClientRequest& request,
                                     Step& step) {
  const Operation& operation = *request.operation;
  const Version version{Epoch(), LogIndex(step.table.revision().value())};
  message::ClientReply reply{request.request, ReplyStatus::NoSuchCollection, {}, nullptr};
  if (operation.kind == OperationKind::Read) {
    reply.status = ReplyStatus::NotFound;
    for (DocumentRef& row : sharding_documents(step.table)) {
      if (row->key != operation.document->key) continue;
      reply.status = ReplyStatus::Ok;
      reply.result = {version, std::move(row)};
      break;
    }
  } else if (operation.kind == OperationKind::Scan || operation.kind == OperationKind::Count) {
    auto part = std::make_shared<ScanPart>();
    for (DocumentRef& row : sharding_documents(step.table)) {
      part->documents.push_back({version, std::move(row)});
    }
    part->count = part->documents.size();
    auto result = std::make_shared<ScanResult>();
    result->revision = step.table.revision();
    result->count = part->count;
    if (operation.kind == OperationKind::Scan) result->parts.push_back(std::move(part));
    reply.status = ReplyStatus::Ok;
    reply.scan = std::move(result);
  } else {
    step.effects.fact(fact::RequestRefused{request.request, reply.status, request.operation});
  }
  step.effects.send(client, std::move(reply));
}

}  // namespace shardproof
