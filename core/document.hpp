// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <boost/container/small_vector.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "core/base/ids.hpp"
#include "core/base/stable_hash.hpp"
#include "core/base/units.hpp"

namespace shardproof {

/// A top-level field's value. Null stands for every kind of value that a shard key may not have
/// (null itself, arrays, objects); numbers are 64-bit integers.
using FieldValue = std::variant<std::monostate, bool, std::int64_t, std::string>;

struct Field {
  std::string name;
  FieldValue value;

  friend bool operator==(const Field&, const Field&) = default;
};

/// A JSON-like document as the sharding layer sees it: its key, the top-level fields that matter
/// for routing, its size, and one word that stands for the rest of its content. Immutable once
/// shared; the bulk of the content is never materialised, only accounted for by `size`.
class Document : public boost::intrusive_ref_counter<Document, boost::thread_unsafe_counter> {
 public:
  /// The field `_key`: unique within a collection, not empty.
  std::string key;
  /// What the document occupies on disk and on the wire.
  Bytes size;
  /// Identifies the content: two documents with the same key and content word are the same
  /// document.
  std::uint64_t content = 0;
  /// Top-level fields other than `_key`, names unique, in no particular order. Behind what every
  /// operation looks at, in the same line of the processor's cache.
  boost::container::small_vector<Field, 1> fields;

  /// The field of that name (not `_key`), or null if there is none. O(number of fields).
  const Field* find(std::string_view name) const {
    for (const Field& field : fields) {
      if (field.name == name) return &field;
    }
    return nullptr;
  }
};

/// Shared within one process and one thread; copying costs one increment.
using DocumentRef = boost::intrusive_ptr<const Document>;

/// Place of a write in the history of its shard: first the epoch of the leader that accepted it,
/// then its index. Total over all writes of a shard; versions of one document only rise.
struct Version {
  Epoch epoch;
  LogIndex index;

  friend constexpr auto operator<=>(const Version&, const Version&) = default;
  /// The version of a document that was never written.
  static constexpr Version zero() { return Version{}; }
};

/// What a store answers for a key: the version last applied, and the document unless that version
/// is a tombstone or zero.
struct VersionedDocument {
  Version version;
  DocumentRef document;
};

/// The hash that a shard's content digest sums up: covers key, version, tombstone mark and content.
std::uint64_t document_digest(std::string_view key, Version version, bool tombstone,
                              std::uint64_t content);

/// The same, for who has the key's `stable_hash` already.
constexpr std::uint64_t document_digest_hashed(std::uint64_t key_hash, Version version,
                                               bool tombstone, std::uint64_t content) {
  std::uint64_t state = combine64(key_hash, version.epoch.value());
  state = combine64(state, version.index.value() * 2 + (tombstone ? 1 : 0));
  return mix64(combine64(state, content));
}

/// What a document, or the tombstone that stands for it, occupies: a tombstone no more than its
/// key.
inline Bytes stored_size(const Document& document, bool tombstone) {
  return tombstone ? Bytes(document.key.size()) : document.size;
}

}  // namespace shardproof

template <>
struct fmt::formatter<shardproof::Version> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::Version version, FormatContext& context) const {
    return fmt::format_to(context.out(), "{}/{}", version.epoch, version.index);
  }
};
