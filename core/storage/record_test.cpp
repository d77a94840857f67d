// SPDX-License-Identifier: Apache-2.0
#include "core/storage/record.hpp"

#include <gtest/gtest.h>

namespace shardproof::storage {
namespace {

constexpr RecordHome kHome{FileId{6}, NodeId(3)};

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

EntryRef sample_entry() {
  const boost::intrusive_ptr<Document> document(new Document);
  document->key = "k1";
  document->fields.push_back({"n", std::int64_t{-2}});
  document->fields.push_back({"t", std::string("ab")});
  document->fields.push_back({"b", true});
  document->fields.push_back({"z", std::monostate()});
  document->size = Bytes(1000);
  document->content = 0x1122334455667788;
  const boost::intrusive_ptr<Document> removed(new Document);
  removed->key = "k2";
  const boost::intrusive_ptr<LogEntry> entry(new LogEntry);
  entry->version = {Epoch(3), LogIndex(9)};
  entry->request = {ClientId(5), 6};
  entry->mutations.push_back({document, false});
  entry->mutations.push_back({removed, true});
  return entry;
}

Record round_trip(const Record& record) {
  std::string buffer;
  append_record(buffer, kHome, 1, record);
  RecordScanner scanner(kHome, buffer);
  const std::optional<RawRecord> raw = scanner.next();
  EXPECT_TRUE(raw.has_value());
  EXPECT_EQ(scanner.left(), 0u);
  const std::optional<Record> decoded = decode(*raw);
  EXPECT_TRUE(decoded.has_value());
  return *decoded;
}

TEST(Record, BytesAreAsDocumented) {
  std::string buffer;
  const Bytes size = append_record(buffer, kHome, 7, record::Create{ShardId(2)});
  EXPECT_EQ(size, Bytes(25));
  EXPECT_EQ(hex(buffer),
            "04000000"
            "b8ef866d13540383"
            "0700000000000000"
            "01"
            "02000000");
}

TEST(Record, EntryBytesAreAsDocumented) {
  std::string buffer;
  append_record(buffer, kHome, 8, record::Entry{ShardId(2), LogIndex(4), sample_entry()});
  EXPECT_EQ(hex(buffer),
            "86000000"
            "5d34b3dbb0ece4e4"
            "0800000000000000"
            "02"  // header
            "02000000"
            "0400000000000000"  // shard, committed
            "0300000000000000"
            "0900000000000000"  // version
            "05000000"
            "06000000"
            "00"        // request, outcome
            "02000000"  // mutations
            "02000000"
            "6b31"
            "04000000"  // key, fields
            "01000000"
            "6e"
            "02"
            "feffffffffffffff"  // n: -2
            "01000000"
            "74"
            "03"
            "02000000"
            "6162"  // t: "ab"
            "01000000"
            "62"
            "01"
            "01"  // b: true
            "01000000"
            "7a"
            "00"  // z: null
            "e803000000000000"
            "8877665544332211"
            "00"  // size, content, lives
            "02000000"
            "6b32"
            "00000000"  // key, fields
            "0000000000000000"
            "0000000000000000"
            "01");  // size, content, tombstone
}

TEST(Record, CostsItsBytesAndTheBulkOfItsDocuments) {
  std::string buffer;
  const Bytes size = append_record(buffer, kHome, 1, record::Entry{ShardId(2), {}, sample_entry()});
  EXPECT_EQ(size, Bytes(buffer.size() + 1000 + 2));
}

TEST(Record, EntrySurvivesTheRoundTrip) {
  const EntryRef entry = sample_entry();
  const Record decoded = round_trip(record::Entry{ShardId(2), LogIndex(4), entry});
  const auto& found = std::get<record::Entry>(decoded);
  EXPECT_EQ(found.shard, ShardId(2));
  EXPECT_EQ(found.committed, LogIndex(4));
  EXPECT_EQ(found.entry->version, entry->version);
  EXPECT_EQ(found.entry->request, entry->request);
  ASSERT_EQ(found.entry->mutations.size(), 2u);
  const Document& document = *found.entry->mutations[0].document;
  EXPECT_EQ(document.key, "k1");
  EXPECT_EQ(document.fields, entry->mutations[0].document->fields);
  EXPECT_EQ(document.size, Bytes(1000));
  EXPECT_EQ(document.content, 0x1122334455667788u);
  EXPECT_FALSE(found.entry->mutations[0].tombstone);
  EXPECT_TRUE(found.entry->mutations[1].tombstone);
}

TEST(Record, ARefusalSurvivesTheRoundTrip) {
  auto* refusal = new LogEntry;
  refusal->version = {Epoch(3), LogIndex(9)};
  refusal->request = {ClientId(5), 6};
  refusal->outcome = ReplyStatus::VersionMismatch;
  const Record decoded = round_trip(record::Entry{ShardId(2), LogIndex(4), EntryRef(refusal)});
  const EntryRef& found = std::get<record::Entry>(decoded).entry;
  EXPECT_EQ(found->outcome, ReplyStatus::VersionMismatch);
  EXPECT_TRUE(found->mutations.empty());
}

TEST(Record, ChunkSurvivesTheRoundTrip) {
  const auto chunk = std::make_shared<Chunk>();
  chunk->items.push_back({{Epoch(1), LogIndex(2)}, sample_entry()->mutations[0].document, false});
  chunk->sessions.push_back(
      {{ClientId(4), 5}, {Epoch(1), LogIndex(2)}, ReplyStatus::AlreadyExists});
  chunk->digest = 77;
  chunk->bytes = Bytes(1000);
  chunk->last = true;
  const Record decoded = round_trip(record::StageChunk{ShardId(1), chunk});
  const Chunk& found = *std::get<record::StageChunk>(decoded).chunk;
  ASSERT_EQ(found.items.size(), 1u);
  EXPECT_EQ(found.items[0].version, chunk->items[0].version);
  EXPECT_EQ(found.items[0].document->key, "k1");
  ASSERT_EQ(found.sessions.size(), 1u);
  EXPECT_EQ(found.sessions[0].request, chunk->sessions[0].request);
  EXPECT_EQ(found.sessions[0].outcome, ReplyStatus::AlreadyExists);
  EXPECT_EQ(found.digest, 77u);
  EXPECT_EQ(found.bytes, Bytes(1000));
  EXPECT_TRUE(found.last);
}

TEST(Record, TheOthersSurviveTheRoundTrip) {
  const ShardId shard(3);
  const Version version{Epoch(2), LogIndex(8)};
  EXPECT_EQ(std::get<record::Create>(round_trip(record::Create{shard})).shard, shard);
  EXPECT_EQ(std::get<record::Truncate>(round_trip(record::Truncate{shard, LogIndex(4)})).last_kept,
            LogIndex(4));
  EXPECT_EQ(std::get<record::Drop>(round_trip(record::Drop{shard})).shard, shard);
  EXPECT_EQ(std::get<record::StageBegin>(round_trip(record::StageBegin{shard})).shard, shard);
  EXPECT_EQ(std::get<record::StageDiscard>(round_trip(record::StageDiscard{shard})).shard, shard);
  EXPECT_EQ(std::get<record::Install>(round_trip(record::Install{shard, version})).applied,
            version);
  EXPECT_EQ(std::get<record::CheckpointBegin>(round_trip(record::CheckpointBegin{{9}})).covered,
            StorePosition{9});
  EXPECT_EQ(std::get<record::CheckpointEnd>(round_trip(record::CheckpointEnd{5})).checksum, 5u);
  EXPECT_TRUE(std::holds_alternative<record::Reset>(round_trip(record::Reset{})));
}

TEST(RecordScanner, StopsAtEveryCutWithinARecord) {
  std::string buffer;
  append_record(buffer, kHome, 1, record::Create{ShardId(0)});
  const std::size_t first = buffer.size();
  append_record(buffer, kHome, 2, record::Drop{ShardId(0)});
  for (std::size_t length = first; length < buffer.size(); ++length) {
    RecordScanner scanner(kHome, std::string_view(buffer).substr(0, length));
    ASSERT_TRUE(scanner.next().has_value());
    EXPECT_FALSE(scanner.next().has_value());
    EXPECT_EQ(scanner.left(), length - first);
  }
}

TEST(RecordScanner, StopsAtEveryFlippedBit) {
  std::string whole;
  append_record(whole, kHome, 1, record::Entry{ShardId(2), LogIndex(4), sample_entry()});
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(RecordScanner(kHome, damaged).next().has_value()) << bit;
  }
}

TEST(RecordScanner, FindsTheNextBatchBehindDamage) {
  std::string buffer;
  append_record(buffer, kHome, 1, record::Create{ShardId(0)}, true);
  append_record(buffer, kHome, 2, record::Create{ShardId(1)});
  append_record(buffer, kHome, 3, record::Create{ShardId(2)}, true);
  buffer[kRecordHeader] = 1;
  RecordScanner scanner(kHome, buffer);
  EXPECT_FALSE(scanner.next().has_value());
  EXPECT_TRUE(scanner.has_batch_beyond(2));
  EXPECT_FALSE(scanner.has_batch_beyond(3));
  // What does not begin a batch proves nothing: its batch may have been the last, and torn.
  const RecordScanner torn(kHome, std::string_view(buffer).substr(0, buffer.size() - 1));
  EXPECT_FALSE(torn.has_batch_beyond(1));
}

TEST(RecordScanner, StopsAtARecordThatStoodInAnotherFile) {
  std::string buffer;
  append_record(buffer, kHome, 1, record::Create{ShardId(0)}, true);
  append_record(buffer, kHome, 2, record::Create{ShardId(1)});
  RecordScanner elsewhere({FileId{7}, kHome.writer}, buffer);
  EXPECT_FALSE(elsewhere.next().has_value());
  EXPECT_FALSE(elsewhere.has_batch_beyond(0));
}

TEST(RecordScanner, StopsAtARecordOfAnotherNode) {
  std::string buffer;
  append_record(buffer, kHome, 1, record::Create{ShardId(0)}, true);
  append_record(buffer, kHome, 2, record::Create{ShardId(1)});
  for (const NodeId reader : {NodeId(0), NodeId(2), NodeId(4), NodeId(1'000'000)}) {
    RecordScanner scanner({kHome.file, reader}, buffer);
    EXPECT_FALSE(scanner.next().has_value()) << reader.value();
    EXPECT_FALSE(scanner.has_batch_beyond(0)) << reader.value();
  }
}

TEST(RecordScanner, ReadsTheRecordsOfWhomeverIfAsked) {
  std::string buffer;
  append_record(buffer, kHome, 1, record::Create{ShardId(0)});
  append_record(buffer, {kHome.file, NodeId(9)}, 2, record::Create{ShardId(1)});
  RecordScanner scanner({kHome.file, NodeId::none()}, buffer);
  EXPECT_TRUE(scanner.next().has_value());
  EXPECT_TRUE(scanner.next().has_value());
  buffer[kRecordHeader] = 1;
  EXPECT_FALSE(RecordScanner({kHome.file, NodeId::none()}, buffer).next().has_value());
}

TEST(Record, ReaddressedRecordsStandInTheirNewFile) {
  const RecordHome other{FileId{7}, kHome.writer};
  std::string moved;
  std::string written;
  for (const auto& [buffer, home] : {std::pair(&moved, kHome), std::pair(&written, other)}) {
    append_record(*buffer, home, 1, record::Entry{ShardId(2), LogIndex(4), sample_entry()}, true);
    append_record(*buffer, home, 2, record::Reset{});
  }
  readdress_records(moved, other);
  EXPECT_EQ(moved, written);
}

TEST(RecordScanner, StopsAtZeros) {
  EXPECT_FALSE(RecordScanner(kHome, std::string(100, '\0')).next().has_value());
}

TEST(Record, APayloadOfAnotherTypeIsNotDecoded) {
  std::string buffer;
  append_record(buffer, kHome, 1, record::Create{ShardId(0)});
  RawRecord raw = *RecordScanner(kHome, buffer).next();
  for (const std::uint8_t type : {std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{3},
                                  std::uint8_t{6}, std::uint8_t{8}, std::uint8_t{11}}) {
    raw.type = type;
    EXPECT_FALSE(decode(raw).has_value()) << int{type};
  }
}

}  // namespace
}  // namespace shardproof::storage
