// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "core/chunk.hpp"
#include "core/store.hpp"

/// The records that a store's files consist of. A record is, in little-endian words:
///
///     offset  bytes  content
///          0      4  length of the payload
///          4      8  checksum: XXH64 of everything from offset 12 on, seeded with the file's
///                    number, folded with the length (combine64); plus the writer's number
///         12      8  number: the record's StorePosition in a log segment, 1, 2, ... in a
///                    checkpoint
///         20      1  type: the place in the variant `Record`, from 1;
///                    the highest bit is set in the first record of a batch
///                    of the log
///         21      -  payload
///
/// A batch is issued when everything before it is on disk. So whoever finds one behind a record
/// that cannot be read knows that this one was durable and has been damaged since.
///
/// Numbers rise by one from record to record of a log, over the bounds of its files, so that a
/// repeated record and a missing one both show. The checksum knows the file, so that a sector that
/// was written to the place of another one is no part of that file, however whole its records are.
/// And it knows the node, so that the records of another one, whose disk this was, are not taken
/// for its own.
namespace shardproof::storage {

namespace record {

struct Create {
  ShardId shard;
};
/// `committed` never exceeds the entry's own index, so that it says nothing of entries to come.
struct Entry {
  ShardId shard;
  LogIndex committed;
  EntryRef entry;
};
struct Truncate {
  ShardId shard;
  LogIndex last_kept;
};
struct Drop {
  ShardId shard;
};
struct StageBegin {
  ShardId shard;
};
struct StageChunk {
  ShardId shard;
  ChunkRef chunk;
};
struct StageDiscard {
  ShardId shard;
};
struct Install {
  ShardId shard;
  Version applied;
};
/// The disk has lost durable data: whatever the files before this record say, nothing is held. What
/// follows begins anew; a log segment whose first record it is needs no file before it.
struct Reset {};
/// What follows is the state after the log's record `covered`.
struct CheckpointBegin {
  StorePosition covered;
};
/// `checksum` folds (combine64, from 0) the checksums of every record before.
struct CheckpointEnd {
  std::uint64_t checksum = 0;
};

}  // namespace record

using Record =
    std::variant<record::Create, record::Entry, record::Truncate, record::Drop, record::StageBegin,
                 record::StageChunk, record::StageDiscard, record::Install, record::CheckpointBegin,
                 record::CheckpointEnd, record::Reset>;

/// Where records stand, and whose they are: what their checksums know.
struct RecordHome {
  FileId file;
  /// The node that writes them. When they are read, none: whoever did.
  NodeId writer;
};

/// Bytes before the payload.
inline constexpr std::size_t kRecordHeader = 21;

/// Appends the record, which is to stand at `home`, to `buffer` and returns what it costs on disk:
/// its encoded bytes and the bulk of its documents. Allocates only if the buffer grows.
Bytes append_record(std::string& buffer, RecordHome home, std::uint64_t number,
                    const Record& record, bool begins_batch = false);
/// Lets the records that `buffer` consists of stand at `home` instead. O(bytes).
void readdress_records(std::string& buffer, RecordHome home);

/// The checksum of the encoded record that `bytes` begins with.
std::uint64_t record_checksum(std::string_view bytes);

/// The number that stands for a type of record in the files.
template <typename Type, std::size_t Place = 0>
constexpr std::uint8_t record_type() {
  if constexpr (std::is_same_v<Type, std::variant_alternative_t<Place, Record>>) {
    return Place + 1;
  } else {
    return record_type<Type, Place + 1>();
  }
}

/// A record whose checksum is right, not decoded yet. Views the scanned data.
struct RawRecord {
  std::uint64_t number = 0;
  std::uint8_t type = 0;
  bool begins_batch = false;
  std::uint64_t checksum = 0;
  std::string_view payload;

  /// Whether it is of this type, e.g. `is<record::CheckpointEnd>()`.
  template <typename Type>
  bool is() const {
    return type == record_type<Type>();
  }
};

/// The record's content, or nothing if the payload is not one of its type.
std::optional<Record> decode(const RawRecord& raw);

/// Goes through the records of one file up to the first that is torn, damaged, or of another file
/// or node.
class RecordScanner {
 public:
  /// Without `checks`, a record is taken for whole if it is as long as it says.
  RecordScanner(RecordHome home, std::string_view data, bool checks = true)
      : home_(home), left_(data), checks_(checks) {}

  std::optional<RawRecord> next();
  /// Bytes not gone through; after the last `next` those from the first bad record on.
  std::size_t left() const { return left_.size(); }
  /// Whether somewhere in them stands a whole record that begins a batch and has a number above
  /// `last`. O(bytes) for what a torn write leaves behind.
  bool has_batch_beyond(std::uint64_t last) const;

 private:
  RecordHome home_;
  std::string_view left_;
  bool checks_;
};

}  // namespace shardproof::storage
