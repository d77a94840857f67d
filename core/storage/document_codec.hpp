// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "core/chunk.hpp"
#include "core/storage/byte_codec.hpp"

/// How documents, entries and chunks look in a record's payload. Every `put` takes a ByteCounter or
/// a ByteWriter and writes the members in the order of their declaration; every `read_*` is its
/// inverse and leaves the reader not good if the bytes are none of its own.
namespace shardproof::storage {

template <typename Sink>
void put(Sink& sink, Version version) {
  sink.word(version.epoch.value());
  sink.word(version.index.value());
}

template <typename Sink>
void put(Sink& sink, RequestId request) {
  sink.word(request.client.value());
  sink.word(request.sequence);
}

template <typename Sink>
void put(Sink& sink, const FieldValue& value) {
  sink.word(static_cast<std::uint8_t>(value.index()));
  if (const bool* boolean = std::get_if<bool>(&value)) {
    sink.word(static_cast<std::uint8_t>(*boolean));
  } else if (const std::int64_t* number = std::get_if<std::int64_t>(&value)) {
    sink.word(static_cast<std::uint64_t>(*number));
  } else if (const std::string* text = std::get_if<std::string>(&value)) {
    sink.text(*text);
  }
}

template <typename Sink>
void put(Sink& sink, const Document& document) {
  sink.text(document.key);
  sink.word(static_cast<std::uint32_t>(document.fields.size()));
  for (const Field& field : document.fields) {
    sink.text(field.name);
    put(sink, field.value);
  }
  sink.word(document.size.count());
  sink.word(document.content);
}

template <typename Sink>
void put(Sink& sink, const LogEntry& entry) {
  put(sink, entry.version);
  put(sink, entry.request);
  sink.word(static_cast<std::uint8_t>(entry.outcome));
  sink.word(static_cast<std::uint32_t>(entry.mutations.size()));
  for (const Mutation& mutation : entry.mutations) {
    put(sink, *mutation.document);
    sink.word(static_cast<std::uint8_t>(mutation.tombstone));
  }
}

template <typename Sink>
void put(Sink& sink, const Chunk& chunk) {
  sink.word(static_cast<std::uint32_t>(chunk.items.size()));
  for (const ChunkItem& item : chunk.items) {
    put(sink, item.version);
    put(sink, *item.document);
    sink.word(static_cast<std::uint8_t>(item.tombstone));
  }
  sink.word(static_cast<std::uint32_t>(chunk.sessions.size()));
  for (const SessionRecord& session : chunk.sessions) {
    put(sink, session.request);
    put(sink, session.version);
    sink.word(static_cast<std::uint8_t>(session.outcome));
  }
  sink.word(chunk.digest);
  sink.word(chunk.bytes.count());
  sink.word(static_cast<std::uint8_t>(chunk.last));
}

Version read_version(ByteReader& reader);
RequestId read_request(ByteReader& reader);
DocumentRef read_document(ByteReader& reader);
EntryRef read_entry(ByteReader& reader);
ChunkRef read_chunk(ByteReader& reader);

}  // namespace shardproof::storage
