// SPDX-License-Identifier: Apache-2.0
#include "core/shard_key.hpp"

#include <cstring>
#include <string>
#include <utility>

#include "core/base/stable_hash.hpp"

namespace shardproof {
namespace {

constexpr std::string_view kKeyField = "_key";

/// The values of a shard key, so that unequal ones have unequal bytes. Short ones, as nearly all
/// are, are kept where they are made: every request is routed.
class Encoded {
 public:
  void append(const char* bytes, std::size_t count) {
    if (size_ + count <= sizeof inline_) {
      std::memcpy(inline_ + size_, bytes, count);
    } else {
      if (size_ <= sizeof inline_) long_.assign(inline_, size_);
      long_.append(bytes, count);
    }
    size_ += count;
  }
  std::string_view bytes() const {
    return size_ <= sizeof inline_ ? std::string_view(inline_, size_) : std::string_view(long_);
  }

 private:
  /// Only the first `size_` bytes are ever read.
  char inline_[120];
  std::size_t size_ = 0;
  std::string long_;
};

/// Little-endian whatever the machine, so that the hash is the same everywhere.
void append_number(Encoded& out, std::uint64_t number) {
  char bytes[8];
  for (std::size_t i = 0; i < sizeof bytes; ++i) {
    bytes[i] = static_cast<char>(number >> (8 * i) & 0xff);
  }
  out.append(bytes, sizeof bytes);
}

void append_string(Encoded& out, std::string_view text) {
  out.append("s", 1);
  append_number(out, text.size());
  out.append(text.data(), text.size());
}

/// False for a value of a type that a shard key may not have.
bool append_value(Encoded& out, const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    append_string(out, *text);
    return true;
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    out.append("n", 1);
    append_number(out, static_cast<std::uint64_t>(*number));
    return true;
  }
  if (const auto* flag = std::get_if<bool>(&value)) {
    out.append(*flag ? "t" : "f", 1);
    return true;
  }
  return false;
}

/// Ok, or why the document cannot be routed.
ReplyStatus encode(const CollectionConfig& collection, const Document& document, Encoded& out) {
  for (const std::string& name : collection.shard_key) {
    if (name == kKeyField) {
      if (document.key.empty()) return ReplyStatus::MissingShardKeyField;
      append_string(out, document.key);
      continue;
    }
    const Field* field = document.find(name);
    if (field == nullptr) return ReplyStatus::MissingShardKeyField;
    if (!append_value(out, field->value)) return ReplyStatus::ShardKeyType;
  }
  return ReplyStatus::Ok;
}

ShardId shard_of(const CollectionConfig& collection, const Encoded& encoded) {
  const std::uint64_t hash = stable_hash(encoded.bytes());
  return ShardId(collection.first_shard.value() +
                 static_cast<std::uint32_t>(hash % collection.num_shards));
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
  Encoded encoded;
  const ReplyStatus status = encode(collection, document, encoded);
  if (status != ReplyStatus::Ok) return Unexpected{status};
  return shard_of(collection, encoded);
}

Result<ShardId, ReplyStatus> route(const CollectionConfig& collection, const Operation& operation) {
  if (operation.kind == OperationKind::Transaction) return route_transaction(collection, operation);
  if (!operation.selector) return route(collection, *operation.document);
  Encoded wanted;
  Encoded present;
  for (auto [document, encoded] :
       {std::pair(&operation.document, &wanted), std::pair(&operation.selector, &present)}) {
    const ReplyStatus status = encode(collection, **document, *encoded);
    if (status != ReplyStatus::Ok) return Unexpected{status};
  }
  if (wanted.bytes() != present.bytes()) return Unexpected{ReplyStatus::ShardKeyChanged};
  return shard_of(collection, wanted);
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
