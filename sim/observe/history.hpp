// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/messages.hpp"

namespace shardproof::sim {

/// One operation of one client on one document, as it looks from outside: what was asked, what was
/// told, when. Each write has a content of its own, by which it is known wherever it is read. A
/// line of the processor's cache.
struct HistoryRecord {
  enum class Outcome : std::uint8_t {
    kOpen,     ///< not answered yet: like kUnknown
    kDone,     ///< a write that took effect, a read that was answered
    kRefused,  ///< no effect, neither now nor later
    kUnknown,  ///< may or may not have its effect, at any time from when it was asked on
  };
  enum class Sight : std::uint8_t {
    kNothing,  ///< the answer says nothing of what the document was
    kAbsent,   ///< it did not live
    kLive,     ///< it lived, with whatever content
    kValue,    ///< it had the content `seen`
  };

  std::uint64_t written = 0;  ///< content, of a write that is no Remove
  std::uint64_t seen = 0;     ///< content that was read, or replaced by a swap that is done
  Instant asked_at;           ///< true time
  Instant answered_at;        ///< of the first answer, unless kOpen
  std::uint64_t asked_event = 0;
  std::uint64_t answered_event = 0;
  std::uint32_t key = 0;  ///< index into `History::keys`
  ClientId client;
  OperationKind kind = OperationKind::Read;
  Outcome outcome = Outcome::kOpen;
  Sight sight = Sight::kNothing;
  bool by_replica = false;  ///< a read that any in-sync copy may have answered
};
static_assert(sizeof(HistoryRecord) == 64);

/// What clients asked for and were told in a run: the operations on single documents in the order
/// in which they were asked for, each step of a transaction as one of them. Scans and counts are
/// not kept, nor are requests that name no key.
///
/// 64 bytes for each operation and a reference to the first document for each key; one look-up for
/// an operation, expected O(1).
class History {
 public:
  struct Key {
    /// The first one of its name.
    CollectionId collection;
    /// The first document with the key that has most fields: names it and routes as it does, if any
    /// of them does. Some are asked for without a shard key.
    DocumentRef document;
  };

  /// Without `is_recording` every call costs a compare and nothing is kept.
  explicit History(bool is_recording);

  bool is_recording() const { return is_recording_; }
  /// A client asks, not at its retries. `collection` is the first one of the name that is asked
  /// for, so that a document stays the same when it is sharded anew. `event` counts delivered
  /// events; an answer in the same event comes before.
  void on_ask(RequestId request, const Operation& operation, CollectionId collection, Instant now,
              std::uint64_t event);
  /// The request is over for its client.
  void on_answer(const message::ClientReply& reply, Instant now, std::uint64_t event);

  std::span<const HistoryRecord> records() const { return records_; }
  std::span<const Key> keys() const { return keys_; }

 private:
  /// The records of the request that a client waits for, and what it read last.
  struct Client {
    std::uint32_t sequence = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t read_key = kNoKey;
    Version read_version;
    std::uint64_t read_content = 0;
  };
  static constexpr std::uint32_t kNoKey = 0xffffffffu;

  std::uint32_t intern(CollectionId collection, const DocumentRef& document);
  void grow();
  void note_answer(HistoryRecord& record, const message::ClientReply& reply, Client& client);

  bool is_recording_ = false;
  std::vector<HistoryRecord> records_;
  std::vector<Key> keys_;
  /// Open addressing: hashes of keys, and their indices.
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t index = kNoKey;
  };
  std::vector<Slot> slots_;
  std::vector<Client> clients_;
};

}  // namespace shardproof::sim
