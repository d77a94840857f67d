// SPDX-License-Identifier: Apache-2.0
#include "core/standalone.hpp"

#include <sstream>

#include <fmt/ranges.h>

#include "core/enable_sharding.hpp"

namespace shardproof {
namespace {

constexpr CollectionId kCatalogCollection{0};

CollectionConfig catalog_config() {
  CollectionConfig config;
  config.id = kCatalogCollection;
  config.database = "_system";
  config.name = "_catalog";
  config.num_shards = 1;
  config.first_shard = Standalone::kCatalogShard;
  return config;
}

DocumentRef to_document(const CollectionConfig& config) {
  auto* document = new Document;
  document->key = fmt::format("{:010}", config.id.value());
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  document->fields = {{"database", config.database},
                      {"name", config.name},
                      {"num_shards", number(config.num_shards)},
                      {"replication_factor", number(config.replication_factor)},
                      {"write_concern", number(config.write_concern)},
                      {"first_shard", number(config.first_shard.value())},
                      {"shard_key", fmt::format("{}", fmt::join(config.shard_key, "\n"))}};
  document->size = Bytes(256);
  document->content = record_digest(config);
  return DocumentRef(document);
}

CollectionConfig from_document(const Document& document) {
  const auto text = [&](const char* name) {
    return std::get<std::string>(document.find(name)->value);
  };
  const auto number = [&](const char* name) {
    return static_cast<std::uint32_t>(std::get<std::int64_t>(document.find(name)->value));
  };
  CollectionConfig config;
  config.id = CollectionId(static_cast<std::uint32_t>(std::stoul(document.key)));
  config.database = text("database");
  config.name = text("name");
  config.num_shards = number("num_shards");
  config.replication_factor = number("replication_factor");
  config.write_concern = number("write_concern");
  config.first_shard = ShardId(number("first_shard"));
  config.shard_key.clear();
  std::istringstream fields(text("shard_key"));
  for (std::string field; std::getline(fields, field);) config.shard_key.push_back(field);
  return config;
}

}  // namespace

Epoch Standalone::next_epoch(ShardId shard, const ReplicaStep& step) const {
  if (!step.store.holds(shard)) return Epoch(1);
  const CopyState state = step.store.state(shard);
  const Version last = state.tail.empty() ? state.applied : state.tail.back()->version;
  return last.epoch.next();
}

TableDeltaRef Standalone::records_of(const CollectionConfig& collection, ReplicaStep& step) const {
  auto delta = std::make_shared<TableDelta>();
  delta->revision = step.table.revision().next();
  delta->records.push_back(collection);
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    ShardInfo shard;
    shard.id = ShardId(collection.first_shard.value() + i);
    shard.collection = collection.id;
    shard.epoch = next_epoch(shard.id, step);
    shard.leader = step.self();
    shard.replicas.push_back(step.self());
    delta->records.push_back(std::move(shard));
  }
  return delta;
}

TableDeltaRef Standalone::boot(ReplicaStep& step) {
  auto delta = std::make_shared<TableDelta>(*records_of(catalog_config(), step));
  delta->records.insert(delta->records.begin(), step.config.record);
  return delta;
}

TableDeltaRef Standalone::load(ReplicaStep& step) {
  auto all = std::make_shared<TableDelta>();
  all->revision = step.table.revision().next();
  for (const VersionedDocument& row : step.store.scan(kCatalogShard)) {
    const TableDeltaRef one = records_of(from_document(*row.document), step);
    all->records.insert(all->records.end(), one->records.begin(), one->records.end());
  }
  return all;
}

void Standalone::answer(Endpoint to, std::uint64_t request, message::AdminOutcome outcome,
                        std::string text, Step& step) {
  step.effects.fact(fact::AdminEnded{request, outcome});
  step.effects.send(to, message::AdminReply{request, outcome, std::move(text)});
}

void Standalone::on_admin(Endpoint from, const message::AdminRequestRef& request,
                          ReplicaStep& step) {
  using message::AdminOutcome;
  if (request->kind != message::AdminKind::EnableSharding) {
    return answer(from, request->request, AdminOutcome::Refused,
                  "a single node has no cluster: only enable_sharding is possible here", step);
  }
  if (waiting_) return;
  CollectionConfig collection = request->collection;
  if (step.table.find_collection(collection.database, collection.name) != nullptr) {
    return answer(from, request->request, AdminOutcome::Done, "exists already", step);
  }
  if (const auto valid = validate_new_collection(collection, step.table); !valid) {
    return answer(from, request->request, AdminOutcome::Refused, valid.error().message, step);
  }
  collection.id = CollectionId(static_cast<std::uint32_t>(step.table.collections().size()));
  collection.first_shard = ShardId(static_cast<std::uint32_t>(step.table.shards().size()));
  auto* operation = new Operation;
  operation->kind = OperationKind::Insert;
  operation->collection = kCatalogCollection;
  operation->document = to_document(collection);
  const RequestId id{ClientId(0x3fff'ffff), ++last_sequence_};
  const ShardInfo& shard = *step.table.find_shard(kCatalogShard);
  step.effects.send(Endpoint::node(step.self()),
                    message::ShardRequest{kTicket, kCatalogShard, shard.epoch,
                                          step.table.revision(), id, OperationRef(operation)});
  waiting_ = Waiting{from, request->request, std::move(collection)};
}

TableDeltaRef Standalone::on_shard_reply(const message::ShardReply& reply, ReplicaStep& step) {
  if (!waiting_) return nullptr;
  const Waiting done = std::move(*waiting_);
  waiting_.reset();
  if (reply.status == ReplyStatus::Ok) {
    answer(done.from, done.request, message::AdminOutcome::Done, "", step);
    return records_of(done.collection, step);
  }
  if (!is_retryable(reply.status)) {
    answer(done.from, done.request, message::AdminOutcome::Refused, to_string(reply.status), step);
  }
  return nullptr;
}

}  // namespace shardproof
