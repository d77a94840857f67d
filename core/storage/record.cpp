// SPDX-License-Identifier: Apache-2.0
#include "core/storage/record.hpp"

#include "core/base/check.hpp"
#include "core/base/stable_hash.hpp"
#include "core/storage/document_codec.hpp"

namespace shardproof::storage {

namespace {

constexpr std::size_t kChecksumAt = 4;
constexpr std::size_t kCheckedFrom = 12;

// The payloads: the members in the order of their declaration.

template <typename Sink>
void put(Sink& sink, ShardId shard) {
  sink.word(shard.value());
}
template <typename Sink>
void put(Sink& sink, const record::Create& create) {
  put(sink, create.shard);
}
template <typename Sink>
void put(Sink& sink, const record::Entry& entry) {
  put(sink, entry.shard);
  sink.word(entry.committed.value());
  put(sink, *entry.entry);
}
template <typename Sink>
void put(Sink& sink, const record::Truncate& truncate) {
  put(sink, truncate.shard);
  sink.word(truncate.last_kept.value());
}
template <typename Sink>
void put(Sink& sink, const record::Drop& drop) {
  put(sink, drop.shard);
}
template <typename Sink>
void put(Sink& sink, const record::StageBegin& begin) {
  put(sink, begin.shard);
}
template <typename Sink>
void put(Sink& sink, const record::StageChunk& stage) {
  put(sink, stage.shard);
  put(sink, *stage.chunk);
}
template <typename Sink>
void put(Sink& sink, const record::StageDiscard& discard) {
  put(sink, discard.shard);
}
template <typename Sink>
void put(Sink& sink, const record::Install& install) {
  put(sink, install.shard);
  put(sink, install.applied);
}
template <typename Sink>
void put(Sink& sink, const record::CheckpointBegin& begin) {
  sink.word(begin.covered.value);
}
template <typename Sink>
void put(Sink& sink, const record::CheckpointEnd& end) {
  sink.word(end.checksum);
}

// What the documents of a record occupy beyond its encoded bytes.

template <typename Type>
Bytes bulk(const Type&) {
  return Bytes(0);
}
Bytes bulk(const record::Entry& entry) {
  Bytes size;
  for (const Mutation& mutation : entry.entry->mutations) {
    size += stored_size(*mutation.document, mutation.tombstone);
  }
  return size;
}
Bytes bulk(const record::StageChunk& stage) { return stage.chunk->bytes; }

void read(ByteReader& reader, ShardId& shard) { shard = ShardId(reader.word<std::uint32_t>()); }
void read(ByteReader& reader, LogIndex& index) { index = LogIndex(reader.word<std::uint64_t>()); }

void read(ByteReader& reader, record::Create& create) { read(reader, create.shard); }
void read(ByteReader& reader, record::Entry& entry) {
  read(reader, entry.shard);
  read(reader, entry.committed);
  entry.entry = read_entry(reader);
}
void read(ByteReader& reader, record::Truncate& truncate) {
  read(reader, truncate.shard);
  read(reader, truncate.last_kept);
}
void read(ByteReader& reader, record::Drop& drop) { read(reader, drop.shard); }
void read(ByteReader& reader, record::StageBegin& begin) { read(reader, begin.shard); }
void read(ByteReader& reader, record::StageChunk& stage) {
  read(reader, stage.shard);
  stage.chunk = read_chunk(reader);
}
void read(ByteReader& reader, record::StageDiscard& discard) { read(reader, discard.shard); }
void read(ByteReader& reader, record::Install& install) {
  read(reader, install.shard);
  install.applied = read_version(reader);
}
void read(ByteReader& reader, record::CheckpointBegin& begin) {
  begin.covered.value = reader.word<std::uint64_t>();
}
void read(ByteReader& reader, record::CheckpointEnd& end) {
  end.checksum = reader.word<std::uint64_t>();
}

template <std::size_t Place = 0>
std::optional<Record> read_record(std::uint8_t type, ByteReader& reader) {
  if constexpr (Place == std::variant_size_v<Record>) {
    return std::nullopt;
  } else {
    if (type != Place + 1) return read_record<Place + 1>(type, reader);
    std::variant_alternative_t<Place, Record> typed;
    read(reader, typed);
    return typed;
  }
}

std::uint64_t checksum_of(std::string_view record, std::uint32_t length) {
  return stable_hash(record.substr(kCheckedFrom), length);
}

}  // namespace

Bytes append_record(std::string& buffer, std::uint64_t number, const Record& record) {
  return std::visit(
      [&](const auto& typed) {
        ByteCounter counter;
        put(counter, typed);
        const auto length = static_cast<std::uint32_t>(counter.count());
        const std::size_t begin = buffer.size();
        buffer.resize(begin + kRecordHeader + length);
        ByteWriter writer(buffer.data() + begin);
        writer.word(length);
        writer.word(std::uint64_t{0});
        writer.word(number);
        writer.word(static_cast<std::uint8_t>(record.index() + 1));
        put(writer, typed);
        SHARDPROOF_CHECK(writer.position() == buffer.data() + buffer.size());
        ByteWriter(buffer.data() + begin + kChecksumAt)
            .word(checksum_of(std::string_view(buffer).substr(begin), length));
        return Bytes(kRecordHeader + length) + bulk(typed);
      },
      record);
}

std::uint64_t record_checksum(std::string_view bytes) {
  return ByteReader(bytes.substr(kChecksumAt)).word<std::uint64_t>();
}

std::optional<RawRecord> RecordScanner::next() {
  ByteReader reader(left_);
  const auto length = reader.word<std::uint32_t>();
  RawRecord raw;
  raw.checksum = reader.word<std::uint64_t>();
  raw.number = reader.word<std::uint64_t>();
  raw.type = reader.word<std::uint8_t>();
  if (!reader.is_good() || length > reader.left()) return std::nullopt;
  const std::string_view record = left_.substr(0, kRecordHeader + length);
  if (checks_ && checksum_of(record, length) != raw.checksum) return std::nullopt;
  raw.payload = record.substr(kRecordHeader);
  left_.remove_prefix(record.size());
  return raw;
}

std::optional<Record> decode(const RawRecord& raw) {
  ByteReader reader(raw.payload);
  std::optional<Record> record = read_record(raw.type, reader);
  if (!reader.is_exact()) return std::nullopt;
  return record;
}

}  // namespace shardproof::storage
