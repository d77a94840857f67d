// SPDX-License-Identifier: Apache-2.0
#include "core/storage/document_codec.hpp"

namespace shardproof::storage {

namespace {

FieldValue read_value(ByteReader& reader) {
  switch (reader.word<std::uint8_t>()) {
    case 1: return reader.word<std::uint8_t>() != 0;
    case 2: return static_cast<std::int64_t>(reader.word<std::uint64_t>());
    case 3: return std::string(reader.text());
    default: return std::monostate();
  }
}

}  // namespace

Version read_version(ByteReader& reader) {
  const Epoch epoch(reader.word<std::uint64_t>());
  return {epoch, LogIndex(reader.word<std::uint64_t>())};
}

RequestId read_request(ByteReader& reader) {
  const ClientId client(reader.word<std::uint32_t>());
  return {client, reader.word<std::uint32_t>()};
}

DocumentRef read_document(ByteReader& reader) {
  const boost::intrusive_ptr<Document> document(new Document);
  document->key = reader.text();
  const auto fields = reader.word<std::uint32_t>();
  for (std::uint32_t i = 0; i < fields && reader.is_good(); ++i) {
    Field& field = document->fields.emplace_back();
    field.name = reader.text();
    field.value = read_value(reader);
  }
  document->size = Bytes(reader.word<std::uint64_t>());
  document->content = reader.word<std::uint64_t>();
  return document;
}

EntryRef read_entry(ByteReader& reader) {
  const boost::intrusive_ptr<LogEntry> entry(new LogEntry);
  entry->version = read_version(reader);
  entry->request = read_request(reader);
  entry->outcome = static_cast<ReplyStatus>(reader.word<std::uint8_t>());
  const auto mutations = reader.word<std::uint32_t>();
  for (std::uint32_t i = 0; i < mutations && reader.is_good(); ++i) {
    Mutation& mutation = entry->mutations.emplace_back();
    mutation.document = read_document(reader);
    mutation.tombstone = reader.word<std::uint8_t>() != 0;
  }
  return entry;
}

ChunkRef read_chunk(ByteReader& reader) {
  const auto chunk = std::make_shared<Chunk>();
  const auto items = reader.word<std::uint32_t>();
  for (std::uint32_t i = 0; i < items && reader.is_good(); ++i) {
    ChunkItem& item = chunk->items.emplace_back();
    item.version = read_version(reader);
    item.document = read_document(reader);
    item.tombstone = reader.word<std::uint8_t>() != 0;
  }
  const auto sessions = reader.word<std::uint32_t>();
  for (std::uint32_t i = 0; i < sessions && reader.is_good(); ++i) {
    SessionRecord& session = chunk->sessions.emplace_back();
    session.request = read_request(reader);
    session.version = read_version(reader);
    session.outcome = static_cast<ReplyStatus>(reader.word<std::uint8_t>());
  }
  chunk->digest = reader.word<std::uint64_t>();
  chunk->bytes = Bytes(reader.word<std::uint64_t>());
  chunk->last = reader.word<std::uint8_t>() != 0;
  return chunk;
}

}  // namespace shardproof::storage
