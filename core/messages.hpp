// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/chunk.hpp"
#include "core/operation.hpp"
#include "core/shard_table.hpp"

/// Every message of the system, a plain struct, and one variant of them all. Messages may be lost,
/// duplicated, delayed and reordered; none is trusted to arrive. Large contents are shared and
/// immutable, so that copying a message never copies a document.
namespace shardproof {

/// Who sends or receives: a node, a client, the metadata store, or the operator's console.
class Endpoint {
 public:
  constexpr Endpoint() = default;
  static constexpr Endpoint node(NodeId id) { return Endpoint(kNode, id.value()); }
  static constexpr Endpoint client(ClientId id) { return Endpoint(kClient, id.value()); }
  static constexpr Endpoint metadata() { return Endpoint(kMetadata, 0); }
  static constexpr Endpoint operator_console() { return Endpoint(kOperator, 0); }

  constexpr bool is_node() const { return kind() == kNode; }
  constexpr bool is_client() const { return kind() == kClient; }
  constexpr bool is_metadata() const { return kind() == kMetadata; }
  constexpr bool is_operator() const { return kind() == kOperator; }
  /// Only for nodes and clients, respectively.
  constexpr NodeId as_node() const { return NodeId(raw_ & kMask); }
  constexpr ClientId as_client() const { return ClientId(raw_ & kMask); }
  /// Total order and hash input: nodes by id, then clients, metadata, operator.
  constexpr std::uint32_t raw() const { return raw_; }

  friend constexpr auto operator<=>(Endpoint, Endpoint) = default;

 private:
  static constexpr std::uint32_t kNode = 0, kClient = 1, kMetadata = 2, kOperator = 3;
  static constexpr std::uint32_t kMask = (1u << 30) - 1;
  constexpr Endpoint(std::uint32_t kind, std::uint32_t id) : raw_(kind << 30 | (id & kMask)) {}
  constexpr std::uint32_t kind() const { return raw_ >> 30; }
  std::uint32_t raw_ = 0;
};

namespace message {

// --- Clients and routing ----------------------------------------------------------------------

/// A client asks any node. Repeated with the same request id until answered or given up.
struct ClientRequest {
  RequestId request;
  OperationRef operation;
};
struct ClientReply {
  RequestId request;
  ReplyStatus status = ReplyStatus::Unknown;
  VersionedDocument result;
  ScanResultRef scan;
  /// How far the copy that answered was: what the client's session has seen from here on. Without a
  /// shard if no single one answered.
  SessionMark session = {};
};

/// A router asks the leader of a shard, or an in-sync replica for a read that it may serve.
/// `ticket` names the try at the router.
struct ShardRequest {
  std::uint64_t ticket = 0;
  ShardId shard;
  Epoch epoch;
  Revision revision;
  RequestId request;
  OperationRef operation;
};
/// `epoch` and `revision` are what the answering node knows, so that a stale router can refresh.
struct ShardReply {
  std::uint64_t ticket = 0;
  ShardId shard;
  Epoch epoch;
  Revision revision;
  ReplyStatus status = ReplyStatus::Unknown;
  VersionedDocument result;
  ScanPartRef part;
  /// The last write that the answering copy had applied.
  Version applied = {};
  /// Of the request: a router that restarts gives its tickets anew.
  RequestId request = {};
};

// --- Replication ------------------------------------------------------------------------------

/// The leader's log from behind `previous` on; empty as a probe or to announce `committed`.
/// `number` counts, from 1, what this leader has sent to this follower.
struct AppendEntries {
  ShardId shard;
  Epoch epoch;
  Version previous;
  LogIndex committed;
  EntryList entries;
  std::uint64_t number = 0;
};
enum class AppendOutcome : std::uint8_t {
  Durable,   ///< everything up to `last` is on this node's disk
  Mismatch,  ///< `previous` is not in this node's log; `last` is where it could join
  NoCopy,    ///< this node holds no copy of the shard: it needs a copy stream
  Stale,     ///< this node knows `epoch`, which is newer
};
struct AppendReply {
  ShardId shard;
  Epoch epoch;
  AppendOutcome outcome = AppendOutcome::Durable;
  Version last;
  /// How far the sender knows the log to be committed.
  LogIndex committed;
  /// The highest `AppendEntries::number` that the sender has heard in this epoch since it booted: a
  /// reply from before its restart does not speak of the disk that it has now. 0 if it was not
  /// asked.
  std::uint64_t answers = 0;
};

/// A replica that serves reads asks the leader how far the log is committed. `asked_at` is the
/// sender's own clock; the answer, which only a leader inside its lease gives, echoes it:
/// everything that was acknowledged when the replica asked lies at or before `committed`.
struct ReadIndexQuery {
  ShardId shard;
  Epoch epoch;
  Instant asked_at;
};
struct ReadIndexReply {
  ShardId shard;
  Epoch epoch;
  Instant asked_at;
  LogIndex committed;
};

/// A new leader asks its predecessor to stop; the answer means it has (and always will have).
struct FenceRequest {
  ShardId shard;
  Epoch epoch;
};
struct FenceReply {
  ShardId shard;
  Epoch epoch;
};

/// One piece of a copy stream, numbered from 0. `stream` names the attempt; a receiver that sees a
/// larger one starts over. Pieces below `acknowledged` are known to have arrived. `snapshot` is the
/// entry that the content includes at least; log entries follow from there. With `chunk->last`,
/// `digest` is that of everything sent.
struct CopyChunk {
  ShardId shard;
  Epoch epoch;
  std::uint64_t stream = 0;
  std::uint32_t number = 0;
  std::uint32_t acknowledged = 0;
  Version snapshot;
  std::uint64_t digest = 0;
  ChunkRef chunk;
};
enum class CopyOutcome : std::uint8_t {
  Receiving,  ///< pieces below `next` are on disk
  Installed,  ///< the whole copy is durable and installed; `digest` is that of the content
  Corrupt,    ///< a digest did not fit; start over
  Full,       ///< no space for it
  Outdated,   ///< older than what is here; start over with something newer
  Stale,      ///< this node knows `epoch`, which is newer
};
struct CopyAck {
  ShardId shard;
  Epoch epoch;
  std::uint64_t stream = 0;
  std::uint32_t next = 0;
  CopyOutcome outcome = CopyOutcome::Receiving;
  std::uint64_t digest = 0;
};

// --- Between nodes and coordinator ------------------------------------------------------------

/// Load of one shard copy since the last report.
struct ShardLoad {
  ShardId shard;
  std::uint64_t documents = 0;
  Bytes bytes;
  std::uint64_t requests = 0;
  /// Inputs that the copy had its node handle for clients' requests: what it takes of the
  /// processor.
  std::uint64_t inputs = 0;
  bool is_leader = false;
};
struct NodeReport {
  Bytes disk_used;
  Bytes disk_capacity;
  std::vector<ShardLoad> shards;
  /// How often the sender reports: requests and inputs are those of about so long.
  Nanoseconds interval{};
};
/// `asked_at` is the sender's own clock; the answer echoes it, and the lease counts from there.
struct Heartbeat {
  Instant asked_at;
  Revision revision;
  std::shared_ptr<const NodeReport> report;
  /// How often the sender sends one.
  Nanoseconds interval{};
};
struct HeartbeatReply {
  Instant asked_at;
  Term term;
  Nanoseconds lease;
  Revision revision;
};

/// What a node says of a shard to the coordinator, repeated until the table shows the consequence.
enum class ShardEvent : std::uint8_t {
  Restarted,  ///< leader in the table, but since its boot: it may lead only in a newer epoch
  Prepared,   ///< leader or target knows the epoch; a leader in queue mode has locked at `position`
  Copied,     ///< target: durable content at `position` has `digest`; after the Switch also the
              ///< leader, in the place of a target that is not in sync any more
  SourceReady,  ///< leader, queue mode: content at `position` (the lock point) has `digest`
  Synced,    ///< leader: target durable up to `position` and needed for every new ack; live mode:
             ///< locked there, with `digest`
  CaughtUp,  ///< leader: the learner `subject` is durable up to date, and needed for every new ack
  Lagging,   ///< leader: `subject` does not answer or cannot keep up
  Dropped,   ///< former holder: its copy is gone from its disk
  Failed,    ///< source or target: the migration cannot go on; or leader, of a collection whose
             ///< documents are being moved to another: they cannot, `digest` is the ReplyStatus
  Moved,     ///< leader, of such a collection: all is in the other one, nothing is served here
  Surplus,   ///< leader: it serves, and more copies are in sync than there are to be
};
/// "Restarted", "Prepared", ...
const char* to_string(ShardEvent event);
struct ShardReport {
  ShardId shard;
  Epoch epoch;
  MigrationId migration;
  ShardEvent event = ShardEvent::Prepared;
  NodeId subject;
  Version position;
  std::uint64_t digest = 0;
};

/// What an in-sync holder has on its disk: a copy up to some entry; nothing, for the copy that it
/// was to begin has never become durable; or nothing any more, since the disk has lost data.
enum class CopyOnDisk : std::uint8_t { Kept, NotBegun, Lost };

/// Before a failover the coordinator asks the live in-sync holders how far they are. `asked_at` is
/// its own clock when it began to ask, which the answer echoes: the leader may have gone on since
/// an earlier question in the same epoch.
struct PositionQuery {
  ShardId shard;
  Epoch epoch;
  Instant asked_at;
};
struct PositionReply {
  ShardId shard;
  Epoch epoch;
  Instant asked_at;
  CopyOnDisk copy = CopyOnDisk::Lost;
  /// Zero unless Kept.
  Version last;
};

/// Before the documents of an unsharded collection are moved, the coordinator asks the leader of
/// its shard whether every one of them routes in `collection`. The answer repeats the collection's
/// digest.
struct ReshardCheck {
  ShardId shard;
  Epoch epoch;
  std::shared_ptr<const CollectionConfig> collection;
};
struct ReshardCheckReply {
  ShardId shard;
  Epoch epoch;
  std::uint64_t question = 0;
  /// The first document that does not, and why, for a person; empty if all do.
  std::string fault;
};

// --- Metadata store ---------------------------------------------------------------------------

/// Asks for the coordinator's office (`term` zero), or keeps it (`term` of the holder). Granted for
/// `lease` from the time the store handles it, if nobody else holds it. Who asks anew gets a new
/// term, also if the store still counts it as the holder: nothing of its former tenure can be
/// committed then.
struct Campaign {
  Term term;
  Nanoseconds lease;
  /// The sender's own clock.
  Instant asked_at;
};
/// Echoes `asked_at`: the holder counts its lease from there, also when answers come late or twice.
struct CampaignReply {
  bool granted = false;
  Term term;
  NodeId holder;
  Instant asked_at;
};

/// The record's last modification must be `modified` (zero: must not exist).
struct Guard {
  RecordKey key;
  Revision modified;
};
/// All or nothing: term still in office and every guard true, then every record is written at one
/// new revision. `request` is chosen by the sender.
struct Commit {
  std::uint64_t request = 0;
  Term term;
  std::vector<Guard> guards;
  std::vector<Record> records;
};
enum class CommitOutcome : std::uint8_t { Committed, GuardFailed, Deposed };
struct CommitReply {
  std::uint64_t request = 0;
  CommitOutcome outcome = CommitOutcome::Committed;
  Revision revision;
};

/// Asks for every change after `since`, and for a watch from there on: the store sends
/// `TableUpdate`s. Linearizable: the answer covers everything committed before it was handled. Old
/// commits may come merged: of each record the latest version only, under the revision that wrote
/// it.
struct RangeRequest {
  std::uint64_t request = 0;
  Revision since;
};
struct RangeReply {
  std::uint64_t request = 0;
  Revision revision;
  std::vector<TableDeltaRef> deltas;
};
/// Pushed to watchers: mostly one commit, or, of a store that tells of several at once, the newest
/// one. `previous` is the revision before all that is told, so that gaps show.
struct TableUpdate {
  Revision previous;
  TableDeltaRef delta;
  /// What was committed between the two, as a RangeReply has it; null: nothing.
  std::shared_ptr<const std::vector<TableDeltaRef>> earlier = nullptr;
};

// --- Operators --------------------------------------------------------------------------------

enum class AdminKind : std::uint8_t {
  EnableSharding,    ///< `collection`; the documents of an unsharded one of that name move in
  Join,              ///< `node` (with `record`) becomes a member
  Drain,             ///< move everything off `node`, then remove it
  BeginMaintenance,  ///< leaders off `node`, no movement
  EndMaintenance,
  Remove,     ///< forget an empty or dead node
  Rebalance,  ///< plan and move now
  MoveShard,  ///< one migration: `shard` from `source` to `target`
  AbortMigration,
  SetBalancing,  ///< `flag`
  ClusterStatus,
  ShardStatus,
  MigrationStatus,
  CreateCollection,  ///< `collection`, unsharded: one shard, keyed by `_key`
  SetReplication,    ///< `collection`, of which the name and `replication_factor` count
  SetLimits,         ///< `limits`: those that it has replace the ones ordered before
  SetPolicy,         ///< `policy`
};
struct AdminRequest {
  std::uint64_t request = 0;
  AdminKind kind = AdminKind::ClusterStatus;
  CollectionConfig collection;
  /// Of EnableSharding: where the copies of a new collection's shards begin, by shard, the leader's
  /// first, at most as many as its replication factor says; empty: where the placement policy says.
  std::vector<NodeList> copies;
  NodeRecord record;
  NodeId node;
  ShardId shard;
  NodeId source;
  NodeId target;
  bool flag = false;  ///< of SetBalancing: on; of Remove: by force
  OrderedLimits limits;
  /// A rebalance policy's name.
  std::string policy;
};
using AdminRequestRef = std::shared_ptr<const AdminRequest>;
/// Requests of one operator have ascending numbers. A copy of one that comes late would undo what
/// was ordered since. So a command is for the coordinator of one term, none other carries it out;
/// and those below `settled` have ended, as have those in `ended` (ascending).
struct AdminCommand {
  AdminRequestRef request;
  Term term;
  std::uint64_t settled = 0;
  std::vector<std::uint64_t> ended{};
};
enum class AdminOutcome : std::uint8_t { Accepted, Done, Refused, NotCoordinator, Unknown };
struct AdminReply {
  std::uint64_t request = 0;
  AdminOutcome outcome = AdminOutcome::Unknown;
  /// For a person: why refused, or the status asked for.
  std::string text;
};

}  // namespace message

using Message =
    std::variant<message::ClientRequest, message::ClientReply, message::ShardRequest,
                 message::ShardReply, message::AppendEntries, message::AppendReply,
                 message::FenceRequest, message::FenceReply, message::CopyChunk, message::CopyAck,
                 message::Heartbeat, message::HeartbeatReply, message::ShardReport,
                 message::PositionQuery, message::PositionReply, message::Campaign,
                 message::CampaignReply, message::Commit, message::CommitReply,
                 message::RangeRequest, message::RangeReply, message::TableUpdate,
                 message::AdminCommand, message::AdminReply, message::ReshardCheck,
                 message::ReshardCheckReply, message::ReadIndexQuery, message::ReadIndexReply>;

/// The message's name in the field's words, e.g. "AppendEntries".
const char* message_name(const Message& message);
inline constexpr std::size_t kMessageKinds = std::variant_size_v<Message>;
/// Bytes on the wire: what bandwidth is charged for. At least 64. O(documents in the message).
Bytes wire_size(const Message& message);
/// A word that depends on the message's identifying content, for the trace digest. O(1) but for
/// tables and reports, whose digests are shared.
std::uint64_t content_word(const Message& message);

}  // namespace shardproof
