// SPDX-License-Identifier: Apache-2.0
#include "sim/check/shard_key_rules.hpp"

#include <algorithm>

#include "core/shard_key.hpp"
#include "sim/check/plain_routing.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

/// Whether some document of the operation fails to route with that status.
bool fails_with(const CollectionConfig& collection, const Operation& operation,
                ReplyStatus status) {
  const auto fails = [&](const DocumentRef& document) {
    if (!document) return false;
    const auto routed = plain_route(collection, *document);
    return !routed && routed.error() == status;
  };
  if (fails(operation.document) || fails(operation.selector)) return true;
  return std::any_of(operation.steps.begin(), operation.steps.end(),
                     [&](const TransactionStep& step) { return fails(step.document); });
}

bool crosses_shards(const CollectionConfig& collection, const Operation& operation) {
  ShardId first;
  for (const TransactionStep& step : operation.steps) {
    const auto routed = plain_route(collection, *step.document);
    if (!routed) return false;
    if (first.has_value() && first != *routed) return true;
    first = *routed;
  }
  return false;
}

/// Whether the documents by which an operation looks for one and replaces it route by different
/// values; unknown, and so true, if one of them does not route.
bool changes_shard_key(const CollectionConfig& collection, const Operation& operation) {
  if (!operation.selector) return false;
  const auto wanted = plain_route(collection, *operation.document);
  const auto present = plain_route(collection, *operation.selector);
  if (!wanted || !present || *wanted != *present) return true;
  return operation.document->key != operation.selector->key ||
         shard_key_hash(collection, *operation.document) !=
             shard_key_hash(collection, *operation.selector);
}

/// The shard keys of all documents that the operation names: `customer="a" (s3)`.
std::string keys_text(const CollectionConfig& collection, const Operation& operation) {
  std::string text;
  const auto add = [&](const DocumentRef& document) {
    if (!document) return;
    const auto routed = plain_route(collection, *document);
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ",
                        describe_shard_key(collection, *document),
                        routed ? fmt::format("{}", *routed) : to_string(routed.error()));
  };
  add(operation.document);
  add(operation.selector);
  for (const TransactionStep& step : operation.steps) add(step.document);
  return text;
}

void raise(std::vector<std::uint32_t>& sequences, RequestId request) {
  const std::uint32_t client = request.client.value();
  if (client >= sequences.size()) sequences.resize(client + 1);
  sequences[client] = std::max(sequences[client], request.sequence);
}

/// 0 if there is none: sequences begin at 1.
std::uint32_t last(const std::vector<std::uint32_t>& sequences, ClientId client) {
  return client.value() < sequences.size() ? sequences[client.value()] : 0;
}

}  // namespace

void ShardKeyRules::on(const fact::WriteAccepted& write, const At& at) {
  for (const Mutation& mutation : write.entry->mutations) check_document(write, mutation, at);
}

void ShardKeyRules::on(const fact::EntryApplied& applied, const At& at) {
  const RequestId request = applied.entry->request;
  if (request.client.is_none() || is_internal(request.client)) return;
  raise(applied_, request);
  if (last(refused_, request.client) != request.sequence) return;
  report(at, {applied.shard, {at.node}, {}},
         fmt::format("{} applied {} at {} in {}, which {}, and it had been refused", at.node,
                     request, applied.entry->version, applied.shard, effect_text(*applied.entry)));
}

void ShardKeyRules::check_document(const fact::WriteAccepted& write, const Mutation& mutation,
                                   const At& at) {
  evaluated();
  const CollectionConfig& collection = oracle_.collection_of(write.shard);
  const Document& document = *mutation.document;
  // With the key alone as shard key there is nothing else that could be missing, or have changed.
  if (routes_by_key_alone(collection) && !document.key.empty()) return;
  const Subject subject{write.shard, {at.node}, {write.epoch}};
  const auto routed = plain_route(collection, document);
  if (!routed) {
    report(
        at, subject,
        fmt::format("{} accepted \"{}\" of {} at {} in {}, which has no shard key: {} ({})",
                    at.node, document.key, write.entry->request, write.entry->version, write.shard,
                    describe_shard_key(collection, document), to_string(routed.error())));
    return;
  }
  const KeyState* known = oracle_.find_key(write.shard, document);
  if (known == nullptr || known->tombstone || known->applied == Version::zero()) return;
  if (oracle_.keys().detail(*known).shard_key == shard_key_hash(collection, document)) return;
  report(
      at, subject,
      fmt::format("{} accepted a change of the shard key of \"{}\" to {} by {} at {} in {}: it had "
                  "another since {}",
                  at.node, document.key, describe_shard_key(collection, document),
                  write.entry->request, write.entry->version, write.shard, known->applied));
}

void ShardKeyRules::on(const fact::RequestRefused& refused, const At& at) {
  const Operation& operation = *refused.operation;
  const CollectionConfig* collection = oracle_.table().find_collection(operation.collection);
  if (collection == nullptr) return;
  const CollectionConfig& serving = *oracle_.table().find_serving_collection(operation.collection);
  evaluated();
  const Subject subject{ShardId::none(), {at.node}, {}};
  raise(refused_, refused.request);
  if (last(applied_, refused.request.client) == refused.request.sequence) {
    report(at, subject,
           fmt::format("{} refused {} ({}) with \"{}\" after it had taken effect", at.node,
                       refused.request, operation_text(operation), to_string(refused.status)));
  }
  const bool is_key_error = refused.status == ReplyStatus::MissingShardKeyField ||
                            refused.status == ReplyStatus::ShardKeyType;
  const bool wrong_key = is_key_error && operation.kind != OperationKind::Transaction &&
                         !fails_with(*collection, operation, refused.status) &&
                         !fails_with(serving, operation, refused.status);
  const bool wrong_scope = refused.status == ReplyStatus::CrossShardTransaction &&
                           !crosses_shards(*collection, operation) &&
                           !crosses_shards(serving, operation);
  const bool wrong_change = refused.status == ReplyStatus::ShardKeyChanged &&
                            !changes_shard_key(*collection, operation) &&
                            !changes_shard_key(serving, operation);
  if (!wrong_key && !wrong_scope && !wrong_change) return;
  report(at, subject,
         fmt::format("{} refused {} ({}) with \"{}\", which is not so: {}", at.node,
                     refused.request, operation_text(operation), to_string(refused.status),
                     keys_text(serving, operation)));
}

}  // namespace shardproof::sim::check
