// SPDX-License-Identifier: Apache-2.0
#include "core/shard_key.hpp"

#include "core/base/stable_hash.hpp"

namespace shardproof {
namespace {

constexpr std::string_view kKeyField = "_key";

/// Little-endian whatever the machine, so that the hash is the same everywhere.
void append_number(std::string& out, std::uint64_t number) {
  for (int byte = 0; byte < 8; ++byte) out.push_back(static_cast<char>(number >> (8 * byte) & 0xff));
}

void append_string(std::string& out, std::string_view text) {
  out.push_back('s');
  append_number(out, text.size());
  out.append(text);
}

/// False for a value of a type that a shard key may not have.
bool append_value(std::string& out, const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    append_string(out, *text);
    return true;
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    out.push_back('n');
    append_number(out, static_cast<std::uint64_t>(*number));
    return true;
  }
  if (const auto* flag = std::get_if<bool>(&value)) {
    out.push_back(*flag ? 't' : 'f');
    return true;
  }
  return false;
}

std::string describe_value(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return fmt::format("\"{}\"", *text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return "null";
}

Result<ShardId, ReplyStatus> route_transaction(const CollectionConfig& collection,
                                               const Operation& operation) {
  ShardId shard;
  for (const TransactionStep& step : operation.steps) {
    const auto routed = route(collection, *step.document);
    if (!routed) return routed;
    if (shard.has_value() && *routed != shard) {
      return Unexpected{ReplyStatus::CrossShardTransaction};
    }
    shard = *routed;
  }
  if (shard.is_none()) return Unexpected{ReplyStatus::MissingShardKeyField};
  return shard;
}

}  // namespace

Result<ShardId, ReplyStatus> route(const CollectionConfig& collection, const Document& document) {
  std::string encoded;
  for (const std::string& name : collection.shard_key) {
    if (name == kKeyField) {
      if (document.key.empty()) return Unexpected{ReplyStatus::MissingShardKeyField};
      append_string(encoded, document.key);
      continue;
    }
    const Field* field = document.find(name);
    if (field == nullptr) return Unexpected{ReplyStatus::MissingShardKeyField};
    if (!append_value(encoded, field->value)) return Unexpected{ReplyStatus::ShardKeyType};
  }
  const std::uint64_t slot = stable_hash(encoded) % collection.num_shards;
  return ShardId(collection.first_shard.value() + static_cast<std::uint32_t>(slot));
}

Result<ShardId, ReplyStatus> route(const CollectionConfig& collection, const Operation& operation) {
  if (operation.kind == OperationKind::Transaction) return route_transaction(collection, operation);
  const auto routed = route(collection, *operation.document);
  if (!routed || !operation.selector) return routed;
  const auto present = route(collection, *operation.selector);
  if (!present) return present;
  const bool same = describe_shard_key(collection, *operation.selector) ==
                    describe_shard_key(collection, *operation.document);
  if (!same) return Unexpected{ReplyStatus::ShardKeyChanged};
  return routed;
}

std::string describe_shard_key(const CollectionConfig& collection, const Document& document) {
  std::string text;
  for (const std::string& name : collection.shard_key) {
    if (!text.empty()) text += ", ";
    const Field* field = document.find(name);
    if (name == kKeyField) {
      text += fmt::format("_key=\"{}\"", document.key);
    } else if (field == nullptr) {
      text += name + "=(missing)";
    } else {
      text += name + "=" + describe_value(field->value);
    }
  }
  return text;
}

}  // namespace shardproof
