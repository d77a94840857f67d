// SPDX-License-Identifier: Apache-2.0
#include "sim/check/plain_routing.hpp"

#include <array>
#include <string>

#include <boost/container/small_vector.hpp>

namespace shardproof::sim::check {
namespace {

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87u;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4Fu;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9u;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63u;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5u;

constexpr std::uint64_t rotated(std::uint64_t word, int bits) {
  return word << bits | word >> (64 - bits);
}

constexpr std::uint64_t round_of(std::uint64_t lane, std::uint64_t word) {
  return rotated(lane + word * kPrime2, 31) * kPrime1;
}

/// The next `count` bytes as a number, the lowest first, and takes them away.
std::uint64_t take_number(std::string_view& bytes, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = count; i > 0; --i) {
    number = number << 8 | static_cast<unsigned char>(bytes[i - 1]);
  }
  bytes.remove_prefix(count);
  return number;
}

/// Step 1 to 3 of the specification: what blocks of 32 bytes come to, without the length.
std::uint64_t hash_blocks(std::string_view& bytes) {
  std::array<std::uint64_t, 4> lanes{kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
  while (bytes.size() >= 32) {
    for (std::uint64_t& lane : lanes) lane = round_of(lane, take_number(bytes, 8));
  }
  std::uint64_t hash =
      rotated(lanes[0], 1) + rotated(lanes[1], 7) + rotated(lanes[2], 12) + rotated(lanes[3], 18);
  for (const std::uint64_t lane : lanes) hash = (hash ^ round_of(0, lane)) * kPrime1 + kPrime4;
  return hash;
}

/// The values of a shard key one behind the other: of most no memory is asked for.
using ValueBytes = boost::container::small_vector<char, 192>;

void append_number(ValueBytes& out, std::uint64_t number) {
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(number >> 8 * i));
  }
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_text(ValueBytes& out, const std::string& text) {
  out.push_back('s');
  append_number(out, text.size());
  out.insert(out.end(), text.begin(), text.end());
}

ReplyStatus append_field(ValueBytes& out, const Document& document, const std::string& name) {
  if (name == "_key") {
    if (document.key.empty()) return ReplyStatus::MissingShardKeyField;
    append_text(out, document.key);
    return ReplyStatus::Ok;
  }
  for (const Field& field : document.fields) {
    if (field.name != name) continue;
    if (std::holds_alternative<std::string>(field.value)) {
      append_text(out, std::get<std::string>(field.value));
    } else if (std::holds_alternative<std::int64_t>(field.value)) {
      out.push_back('n');
      append_number(out, static_cast<std::uint64_t>(std::get<std::int64_t>(field.value)));
    } else if (std::holds_alternative<bool>(field.value)) {
      out.push_back(std::get<bool>(field.value) ? 't' : 'f');
    } else {
      return ReplyStatus::ShardKeyType;
    }
    return ReplyStatus::Ok;
  }
  return ReplyStatus::MissingShardKeyField;
}

}  // namespace

std::uint64_t plain_hash(std::string_view bytes) {
  const std::size_t length = bytes.size();
  std::uint64_t hash = length >= 32 ? hash_blocks(bytes) : kPrime5;
  hash += length;
  while (bytes.size() >= 8) {
    hash = rotated(hash ^ round_of(0, take_number(bytes, 8)), 27) * kPrime1 + kPrime4;
  }
  if (bytes.size() >= 4) {
    hash = rotated(hash ^ take_number(bytes, 4) * kPrime1, 23) * kPrime2 + kPrime3;
  }
  while (!bytes.empty()) hash = rotated(hash ^ take_number(bytes, 1) * kPrime5, 11) * kPrime1;
  hash = (hash ^ hash >> 33) * kPrime2;
  hash = (hash ^ hash >> 29) * kPrime3;
  return hash ^ hash >> 32;
}

Result<ShardId, ReplyStatus> plain_route(const CollectionConfig& collection,
                                         const Document& document) {
  ValueBytes values;
  for (const std::string& name : collection.shard_key) {
    const ReplyStatus status = append_field(values, document, name);
    if (status != ReplyStatus::Ok) return Unexpected{status};
  }
  const std::uint64_t place = plain_hash({values.data(), values.size()}) % collection.num_shards;
  return ShardId(collection.first_shard.value() + static_cast<std::uint32_t>(place));
}

}  // namespace shardproof::sim::check
