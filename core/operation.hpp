// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/log_entry.hpp"

namespace shardproof {

enum class OperationKind : std::uint8_t {
  Read,            ///< one document by key
  Insert,          ///< refused with AlreadyExists if the key lives
  Replace,         ///< upsert
  Remove,          ///< leaves a tombstone; NotFound if the key does not live
  CompareAndSwap,  ///< replace if the document's version is `expected`
  Scan,            ///< every live document of the collection
  Count,           ///< how many of them
  Transaction,     ///< several writes of one shard, atomically
};

bool is_write(OperationKind kind);
const char* to_string(OperationKind kind);

/// Whom a Read may ask. The leader's answer is linearizable. A replica's is of a committed prefix
/// of the shard's writes: at most `staleness_bound` old, and no older than what the session has
/// seen.
enum class ReadFrom : std::uint8_t { Leader, Replica };

/// What a client session has seen of one shard, by its own writes or reads: every write up to and
/// including `version`. Without a shard: nothing yet.
struct SessionMark {
  ShardId shard;
  Version version;

  friend bool operator==(const SessionMark&, const SessionMark&) = default;
};

/// One write of a transaction: Insert, Replace or Remove.
struct TransactionStep {
  OperationKind kind = OperationKind::Replace;
  DocumentRef document;
};

/// What a client asks for; immutable once shared. For Read and Remove the document holds key and
/// shard-key fields only.
class Operation : public boost::intrusive_ref_counter<Operation, boost::thread_unsafe_counter> {
 public:
  OperationKind kind = OperationKind::Read;
  CollectionId collection;
  DocumentRef document;
  /// Replace and CompareAndSwap only, optional: key and shard-key fields by which the client knows
  /// the present document; a new document that routes by other values is refused (ShardKeyChanged).
  DocumentRef selector;
  Version expected;
  std::vector<TransactionStep> steps;
  /// Only of a transaction without steps, by which a shard takes over from another how the request
  /// ended there: Ok or a refusal.
  ReplyStatus outcome = ReplyStatus::Ok;
  /// Read only, and with ReadFrom::Replica what the client's session asks for at least.
  ReadFrom read_from = ReadFrom::Leader;
  SessionMark session;
};
using OperationRef = boost::intrusive_ptr<const Operation>;

/// The documents of one shard at one commit position, or their number.
struct ScanPart {
  ShardId shard;
  std::vector<VersionedDocument> documents;
  std::uint64_t count = 0;
};
using ScanPartRef = std::shared_ptr<const ScanPart>;

/// The whole answer to a scan or count: parts in order of shard id, all at table revision
/// `revision`.
struct ScanResult {
  Revision revision;
  std::vector<ScanPartRef> parts;
  std::uint64_t count = 0;
  /// Shards that could not answer, in order; only with ScanIncomplete.
  std::vector<ShardId> missing;
};
using ScanResultRef = std::shared_ptr<const ScanResult>;

}  // namespace shardproof
