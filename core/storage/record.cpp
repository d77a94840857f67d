// SPDX-License-Identifier: Apache-2.0
#include "core/storage/record.hpp"

#include "core/base/check.hpp"
#include "core/base/stable_hash.hpp"
#include "core/storage/document_codec.hpp"

namespace shardproof::storage {

namespace {

constexpr std::size_t kChecksumAt = 4;
constexpr std::size_t kCheckedFrom = 12;
constexpr std::uint8_t kBeginsBatch = 0x80;

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
void put(Sink&, const record::Reset&) {}
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
void read(ByteReader&, record::Reset&) {}
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

/// Without what the writer's number adds.
std::uint64_t checksum_in(FileId file, std::string_view record, std::uint32_t length) {
  return stable_hash(record.substr(kCheckedFrom), combine64(file.value, length));
}

std::uint64_t checksum_of(RecordHome home, std::string_view record, std::uint32_t length) {
  SHARDPROOF_CHECK(home.writer.has_value());
  return checksum_in(home.file, record, length) + home.writer.value();
}

/// A record that somebody else has written shows him by the difference.
bool is_right(std::uint64_t checksum, RecordHome home, std::string_view record,
              std::uint32_t length) {
  const std::uint64_t writer = checksum - checksum_in(home.file, record, length);
  return home.writer.is_none() ? writer < NodeId::none().value() : writer == home.writer.value();
}

}  // namespace

Bytes append_record(std::string& buffer, RecordHome home, std::uint64_t number,
                    const Record& record, bool begins_batch) {
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
        const std::size_t type = (record.index() + 1) | (begins_batch ? kBeginsBatch : 0u);
        writer.word(static_cast<std::uint8_t>(type));
        put(writer, typed);
        SHARDPROOF_CHECK(writer.position() == buffer.data() + buffer.size());
        ByteWriter(buffer.data() + begin + kChecksumAt)
            .word(checksum_of(home, std::string_view(buffer).substr(begin), length));
        return Bytes(kRecordHeader + length) + bulk(typed);
      },
      record);
}

void readdress_records(std::string& buffer, RecordHome home) {
  for (std::size_t begin = 0; begin < buffer.size();) {
    const std::string_view rest = std::string_view(buffer).substr(begin);
    const auto length = ByteReader(rest).word<std::uint32_t>();
    SHARDPROOF_CHECK(kRecordHeader + length <= rest.size());
    const std::string_view record = rest.substr(0, kRecordHeader + length);
    ByteWriter(buffer.data() + begin + kChecksumAt).word(checksum_of(home, record, length));
    begin += record.size();
  }
}

std::uint64_t record_checksum(std::string_view bytes) {
  return ByteReader(bytes.substr(kChecksumAt)).word<std::uint64_t>();
}

namespace {

/// The record that `bytes` begins with, if it is whole and at home there.
std::optional<RawRecord> first_record(RecordHome home, std::string_view bytes, bool checks) {
  ByteReader reader(bytes);
  const auto length = reader.word<std::uint32_t>();
  RawRecord raw;
  raw.checksum = reader.word<std::uint64_t>();
  raw.number = reader.word<std::uint64_t>();
  const auto type = reader.word<std::uint8_t>();
  raw.type = type & ~kBeginsBatch;
  raw.begins_batch = (type & kBeginsBatch) != 0;
  if (!reader.is_good() || length > reader.left()) return std::nullopt;
  const std::string_view record = bytes.substr(0, kRecordHeader + length);
  if (checks && !is_right(raw.checksum, home, record, length)) return std::nullopt;
  raw.payload = record.substr(kRecordHeader);
  return raw;
}

}  // namespace

std::optional<RawRecord> RecordScanner::next() {
  std::optional<RawRecord> raw = first_record(home_, left_, checks_);
  if (raw) left_.remove_prefix(kRecordHeader + raw->payload.size());
  return raw;
}

bool RecordScanner::has_batch_beyond(std::uint64_t last) const {
  constexpr std::size_t kTypeAt = kRecordHeader - 1;
  for (std::size_t at = 0; at + kRecordHeader <= left_.size(); ++at) {
    // Most places are ruled out by one byte, without a look at what a record there would be.
    if ((static_cast<std::uint8_t>(left_[at + kTypeAt]) & kBeginsBatch) == 0) continue;
    const std::optional<RawRecord> raw = first_record(home_, left_.substr(at), true);
    if (raw && raw->number > last) return true;
  }
  return false;
}

std::optional<Record> decode(const RawRecord& raw) {
  ByteReader reader(raw.payload);
  std::optional<Record> record = read_record(raw.type, reader);
  if (!reader.is_exact()) return std::nullopt;
  return record;
}

}  // namespace shardproof::storage
