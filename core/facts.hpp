// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "core/distribution/overload.hpp"
#include "core/messages.hpp"

/// What has become true inside a node. Checkers and metrics live on these; the node that states a
/// fact, its incarnation and the true time are known to the receiver and not repeated here.
namespace shardproof {

namespace fact {

// --- Node -------------------------------------------------------------------------------------

/// The node's table is at `revision` now, with this digest over all records.
struct TableAdopted {
  Revision revision;
  std::uint64_t digest = 0;
};
/// The node holds a lease from `asked_at` for `duration`, both on its own clock; none if that is
/// zero, as in the answer to a node that is held back until it knows the table.
struct LeaseTaken {
  Instant asked_at;
  Nanoseconds duration;
  Term term;
};
/// After a boot: this copy was found on the disk, with entries up to `last` and content `digest` of
/// what is known to be committed.
struct CopyRecovered {
  ShardId shard;
  Version applied;
  Version last;
  std::uint64_t digest = 0;
};

// --- Leadership -------------------------------------------------------------------------------

/// The node serves the shard as leader from here on (fenced, reconciled).
struct LeadershipTaken {
  ShardId shard;
  Epoch epoch;
  Version last;
};
/// It does not any more: a newer epoch is known.
struct LeadershipLeft {
  ShardId shard;
  Epoch epoch;
};

// --- Writes -----------------------------------------------------------------------------------

/// The leader has given the write its place in the log, also for its barrier. The entry's version
/// is (epoch, index); `previous` is that of the entry before it in the leader's log, zero for the
/// first. Stated before any copy states the entry durable.
struct WriteAccepted {
  ShardId shard;
  Epoch epoch;
  EntryRef entry;
  Version previous;
};
/// A copy has the entries up to and including `last` on its disk.
struct EntriesDurable {
  ShardId shard;
  Version last;
};
/// The entry became part of the copy's content.
struct EntryApplied {
  ShardId shard;
  EntryRef entry;
};
/// The leader tells the client that the write took effect. `required` are the nodes whose durable
/// copies it waited for, itself included.
struct WriteAcknowledged {
  ShardId shard;
  Epoch epoch;
  EntryRef entry;
  NodeList required;
};
/// A retry of a write that took effect before, or was refused for good, was answered from the
/// session table.
struct RetryAnswered {
  ShardId shard;
  Epoch epoch;
  RequestId request;
  Version version;
  ReplyStatus outcome = ReplyStatus::Ok;
};
/// Uncommitted entries behind `last_kept` were cut off.
struct TailTruncated {
  ShardId shard;
  LogIndex last_kept;
};

// --- Reads ------------------------------------------------------------------------------------

/// The leader answered a read of `key` (which the operation's document names) with `result`.
struct ReadServed {
  ShardId shard;
  Epoch epoch;
  OperationRef operation;
  VersionedDocument result;
};
/// An in-sync copy that does not lead answered a read from its content, in which `applied` is the
/// last write. It has applied everything that was committed when it asked its leader, at
/// `confirmed_at` by its own clock.
struct ReplicaReadServed {
  ShardId shard;
  Epoch epoch;
  OperationRef operation;
  VersionedDocument result;
  Version applied;
  Instant confirmed_at;
};
/// The leader answered for its part of a scan or count.
struct ScanPartServed {
  ShardId shard;
  Epoch epoch;
  ScanPartRef part;
};
/// The router answered a scan or count as complete: with the result's parts of these epochs.
struct ScanCompleted {
  RequestId request;
  CollectionId collection;
  ScanResultRef result;
  std::vector<Epoch> epochs;
};

// --- Requests at the router -------------------------------------------------------------------

/// A request was refused for good before any effect: by a router, or by a leader that would know of
/// one.
struct RequestRefused {
  RequestId request;
  ReplyStatus status = ReplyStatus::Unknown;
  OperationRef operation;
};
/// The router sends a request to `target`: the shard's leader, or an in-sync replica for a read.
struct RequestRouted {
  RequestId request;
  ShardId shard;
  NodeId target;
  Revision revision;
  OperationRef operation;
  Instant asked_at = Instant::never();  ///< when the client's request came, on the node's clock
};

// --- Write lock of a migration ----------------------------------------------------------------

/// The leader holds writes back (they queue) from here on.
struct WritesLocked {
  ShardId shard;
  Epoch epoch;
  MigrationId migration;
};
struct WritesUnlocked {
  ShardId shard;
  Epoch epoch;
  MigrationId migration;
};
/// A write waits in the queue (`depth` with it); it ends applied, or refused as retryable.
struct WriteQueued {
  ShardId shard;
  RequestId request;
  std::uint32_t depth = 0;
};
/// It left the queue: into the log, or refused.
struct WriteDequeued {
  ShardId shard;
  RequestId request;
  bool refused = false;
};

// --- Copies -----------------------------------------------------------------------------------

/// A new empty copy, as the first leader or replica of a new shard.
struct CopyCreated {
  ShardId shard;
  Epoch epoch;
};
/// The target of a migration tells the coordinator what its durable content at `position` amounts
/// to.
struct CopyReported {
  ShardId shard;
  Epoch epoch;
  MigrationId migration;
  Version position;
  std::uint64_t digest = 0;
};
/// The leader has heard from `node` that it has no copy.
struct CopyMissed {
  ShardId shard;
  Epoch epoch;
  NodeId node;
};
/// A piece of a stream was verified and staged.
struct ChunkStaged {
  ShardId shard;
  std::uint64_t stream = 0;
  std::uint32_t number = 0;
  Bytes bytes;
};
/// A stream was verified as a whole, made durable, and replaced the copy (if any) in one step.
struct CopyInstalled {
  ShardId shard;
  Epoch epoch;
  Version applied;
  std::uint64_t digest = 0;
  Bytes bytes;
};
/// The copy left the disk, on the ground of the shard's record at `epoch` in a table of `revision`.
struct CopyDropped {
  ShardId shard;
  Epoch epoch;
  Revision revision;
  Version last;
  std::uint64_t digest = 0;
};
/// The source (or leader) sends one piece.
struct ChunkSent {
  ShardId shard;
  MigrationId migration;
  NodeId target;
  Bytes bytes;
  bool again = false;
};

// --- Coordinator ------------------------------------------------------------------------------

/// The node acts as coordinator under `term` from here on, or does not any more.
struct OfficeTaken {
  Term term;
};
struct OfficeLeft {
  Term term;
};
/// The coordinator asks the metadata store for a change of this shard; `intent` says why, in a
/// word.
struct ChangeProposed {
  ShardId shard;
  Epoch epoch;
  Term term;
  const char* intent = "";
};
/// That proposal is over: committed, or surely never.
struct ChangeSettled {
  ShardId shard;
  Epoch epoch;
  Term term;
  bool committed = false;
};
/// The coordinator compared source and target before the switch.
struct MigrationVerified {
  ShardId shard;
  MigrationId migration;
  Epoch epoch;
  Version position;
  std::uint64_t source_digest = 0;
  std::uint64_t target_digest = 0;
};
/// The coordinator considers the node dead, or alive (again).
struct NodeSuspected {
  NodeId node;
};
struct NodeTrusted {
  NodeId node;
};
/// The coordinator does not hear the node any more, whatever it sends: it is removed by force.
struct NodeExpelled {
  NodeId node;
};
/// How far a node's disk is, as it has told.
struct ToldPosition {
  NodeId node;
  Version last;
};
/// The coordinator knows the positions of the live in-sync holders, of which it was `told`, and
/// will propose this leader.
struct LeaderChosen {
  ShardId shard;
  Epoch epoch;
  NodeId leader;
  Version position;
  std::shared_ptr<const std::vector<ToldPosition>> told = nullptr;
};
/// Why a coordinator makes a plan: an operator's command, members that have come, gone, died or
/// returned, a node that has yet to be emptied, the period, or a node that holds too much.
enum class PlanCause : std::uint8_t { Command, Membership, Drain, Period, Threshold };
const char* to_string(PlanCause cause);
/// What a plan was made for, as the coordinator sees it.
struct PlanBasis {
  /// By node index. What is in flight counts as done.
  distribution::Holdings holdings;
  /// By node index, as `distribution::node_weights`.
  std::vector<std::uint64_t> weights;
  std::uint64_t shards = 0;
};
/// The coordinator has planned by its table of `revision`, replacing what had not started. Moves of
/// data for evenness are `balance_moves`; repairs and moves of data for another reason are
/// `other_moves`; `transfers` hand leadership over for evenness. Without `for_evenness` it looked
/// for other reasons only. Plans of repairs alone are none.
struct PlanMade {
  Term term;
  Revision revision;
  PlanCause cause = PlanCause::Command;
  bool for_evenness = false;
  std::uint64_t balance_moves = 0;
  std::uint64_t other_moves = 0;
  std::uint64_t transfers = 0;
  std::shared_ptr<const PlanBasis> basis;
};
/// The turn of a move or of a hand-over of that plan has come: it begins, or is given up for a
/// reason that the plan could not know.
struct PlannedMoveTaken {
  Term term;
  ShardId shard;
  bool moves_data = true;
  bool for_evenness = false;
  std::string obstacle;  ///< for a person; empty if it begins
};
/// An operator's command ended.
struct AdminEnded {
  std::uint64_t request = 0;
  message::AdminOutcome outcome = message::AdminOutcome::Unknown;
};

}  // namespace fact

using Fact = std::variant<
    fact::TableAdopted, fact::LeaseTaken, fact::CopyRecovered, fact::LeadershipTaken,
    fact::LeadershipLeft, fact::WriteAccepted, fact::EntriesDurable, fact::EntryApplied,
    fact::WriteAcknowledged, fact::RetryAnswered, fact::TailTruncated, fact::ReadServed,
    fact::ReplicaReadServed, fact::ScanPartServed, fact::ScanCompleted, fact::RequestRefused,
    fact::RequestRouted, fact::WritesLocked, fact::WritesUnlocked, fact::WriteQueued,
    fact::WriteDequeued, fact::CopyCreated, fact::CopyReported, fact::CopyMissed, fact::ChunkStaged,
    fact::CopyInstalled, fact::CopyDropped, fact::ChunkSent, fact::OfficeTaken, fact::OfficeLeft,
    fact::ChangeProposed, fact::ChangeSettled, fact::MigrationVerified, fact::NodeSuspected,
    fact::NodeTrusted, fact::NodeExpelled, fact::LeaderChosen, fact::PlanMade,
    fact::PlannedMoveTaken, fact::AdminEnded>;

inline constexpr std::size_t kFactKinds = std::variant_size_v<Fact>;
/// The name of the fact's kind, by its index in the variant: "WriteAccepted".
const char* fact_name(std::size_t kind);
/// The fact in one line for a person, e.g. "WriteAccepted s3 e5 e5/i17 k4#12".
std::string describe(const Fact& fact);

}  // namespace shardproof
