// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/messages.hpp"
#include "sim/check/at.hpp"
#include "sim/check/audit_view.hpp"
#include "sim/check/check_config.hpp"
#include "sim/check/unfinished.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::sim::check {

/// Every invariant of the catalogue that is checked in a run: one small monitor each, fed with what
/// happens in the order in which it happens. Nothing here changes the run. Each hook is O(1) but
/// for those that say otherwise, and a fact costs only the monitors that want it.
///
/// The world calls, for each delivered event: the hooks of the event itself (a crash, a boot, a
/// delivery to a client), then `on_fact` for each fact of the step in the order of statement;
/// between two events it audits if `audit_due`.
class CheckSuite {
 public:
  explicit CheckSuite(const CheckConfig& config);
  ~CheckSuite();
  CheckSuite(const CheckSuite&) = delete;
  CheckSuite& operator=(const CheckSuite&) = delete;

  /// Every invariant checked here, ascending by number, each number once.
  static std::span<const InvariantInfo> catalogue();

  /// The scenario's time begins at that time of the world: findings count from it, and what was
  /// before has negative times. Once, if at all.
  void begin_scenario(Instant origin);

  /// `at.node` stated a fact.
  void on_fact(const Fact& fact, const At& at);
  /// The metadata store applies a commit of `author` under `term`; both none and zero for what is
  /// there from the start. `delta` holds the records as they will be; revisions rise by one. In the
  /// single-node mode: the node's own table changes, before any fact of that step. O(records), and
  /// O(nodes) when a copy is placed.
  void on_commit(const TableDelta& delta, NodeId author, Term term, const At& at);
  /// A client issues a request for the first time (not at its retries), and gets its first answer.
  void on_invoke(RequestId request, const OperationRef& operation, const At& at);
  void on_reply(const message::ClientReply& reply, const At& at);
  /// An operator gives a command for the first time (not when it is asked for again).
  void on_command(const message::AdminRequestRef& request, const At& at);

  /// The process of `at.node` is gone with all volatile state. O(shards).
  void on_crash(const At& at);
  /// Before and after the facts of the node's boot, with that version of the software. Of its disk
  /// something that was durable may have been damaged since it was written. O(shards).
  void on_boot(const At& at, bool is_disk_rotten = false, std::uint32_t version = 0);
  void on_booted(const At& at);
  /// The content of the disk of `at.node` is gone for ever. O(shards).
  void on_disk_destroyed(const At& at);
  /// After a disk operation of `at.node` that took or freed space; a capacity of zero is unlimited.
  void on_disk_usage(Bytes used, Bytes capacity, const At& at);
  /// How many injected faults last now (partitions, nodes down, pauses, outages, slow parts, ...).
  /// Deadlines count only while there are none.
  void on_faults_active(std::uint32_t count, const At& at);
  /// A fault point has withheld or undone something, or what a fault has slowed takes as long
  /// though it is over: as after a fault, deadlines count anew, from `until` on.
  void on_held_up(Instant until);
  /// These nodes are not to come back, and count as no fault: what is promised of a cluster without
  /// faults is from now on promised of the others. Once, if at all.
  void on_broken_for_good(std::vector<NodeId> nodes);
  /// `at.node` tells the leader of `shard` that its disk has everything up to `last`. O(copies).
  void on_durability_told(ShardId shard, Epoch epoch, Version last, const At& at);
  /// `at.node` tells the coordinator what it has of a shard. O(copies).
  void on_position_told(const message::PositionReply& reply, const At& at);
  /// `at.node`, its leader, tells a replica how far the log of `shard` is committed.
  void on_read_index_told(ShardId shard, Epoch epoch, const At& at);
  /// `at.node` tells the sender of a copy how many of its pieces are on its disk.
  void on_pieces_told(ShardId shard, std::uint64_t stream, std::uint32_t pieces, const At& at);
  /// `at.node` tells the coordinator what its copies come to.
  void on_load_told(const message::NodeReport& report, const At& at);
  /// `at.node`, its leader, tells the coordinator that `node` has everything of `shard` that was
  /// acknowledged. O(copies).
  void on_up_to_date_told(ShardId shard, Epoch epoch, NodeId node, const At& at);

  /// Whether `audit` should be called before the next event. A compare.
  bool audit_due(std::uint64_t event) const { return event >= next_audit_; }
  /// Asks for an audit soon: a fault has just struck. It still keeps to the budget.
  void request_audit(std::uint64_t event);
  /// Compares facts and states for as many shards as the events since the last audit have paid for,
  /// going round, and looks at deadlines.
  void audit(const AuditView& view, const At& at);
  /// The same for every shard. O(everything). Call it at the end.
  void audit_everything(const AuditView& view, const At& at);
  /// `view` is of those who are to go on, if others are broken for good. What must hold when
  /// nothing is left to happen: faults over, messages delivered, settle time over. Includes
  /// `audit_everything`.
  void on_settled(const AuditView& view, const At& at);
  /// Before it: nothing was left to do for `span`, in which `events` were delivered, of which a
  /// world at rest has at most `events_max`.
  void on_rested(Nanoseconds span, std::uint64_t events, std::uint64_t events_max,
                 std::string most_sent, const At& at);
  /// Instead, if the world has not come to rest within `limit` of the end of all faults: a finding
  /// that names what keeps it from it, at least one thing. Includes `audit_everything`.
  void on_unsettled(const AuditView& view, std::span<const PendingItem> unfinished,
                    Nanoseconds limit, const At& at);

  /// What clients asked and were told has been judged afterwards, `documents` times, also with
  /// `is_watching` off: these violations of invariant 27, with time, event, shard, message and
  /// lanes.
  void on_judged(std::uint64_t documents, std::vector<ViolationRecord> violations);

  /// In order of discovery; at most `CheckConfig::violations_max`.
  const std::vector<ViolationRecord>& violations() const;
  std::uint64_t violations_total() const;
  /// Per invariant, ascending by number: how often it was evaluated and violated.
  std::vector<CheckSummary> summaries() const;
  /// Shards whose content is not judged any more: they lost acknowledged data because more disks
  /// were destroyed (or, with a lowered write concern, more nodes were down) than their replication
  /// promises to survive, or that loss has been reported. In the order in which it happened, by
  /// the scenario's time.
  std::vector<ExcusedShard> excused() const;
  /// What happened last to the shard and to the node, either of which may be none, oldest first, as
  /// for a violation.
  std::vector<PastEvent> last_events(ShardId shard, NodeId node) const;

 private:
  struct State;

  /// Has what was found in the event explained behind it.
  void explain_after(const At& at);

  std::unique_ptr<State> state_;
  std::uint64_t next_audit_ = 0;
};

}  // namespace shardproof::sim::check
