// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/check/audit_view.hpp"
#include "sim/check/findings.hpp"
#include "sim/check/oracle.hpp"

namespace shardproof::sim::check {

/// Settled: judged by the audit only.
inline constexpr InvariantInfo kUniqueKeys{2, "unique_keys",
                                           "settled, each live key is in exactly one shard"};
inline constexpr InvariantInfo kContainment{
    8, "containment", "settled, exactly the nodes of the replica set hold a copy"};
inline constexpr InvariantInfo kReplicationRestored{
    29, "replication_restored",
    "settled, the in-sync copies of a shard have the same documents; before that, their leader "
    "keeps the log for those that are behind"};
inline constexpr InvariantInfo kCountTruth{
    32, "count_truth",
    "reported counts, bytes and digests equal those recomputed from the documents"};

/// The second net: compares what the facts say with the real states, by reading everything and
/// computing it anew. Naive on purpose, but that it hashes a document once for all the copies of a
/// shard that share it.
class Audit {
 public:
  Audit(Oracle& oracle, Findings& findings) : oracle_(oracle), findings_(findings) {}

  /// Every copy of one shard on the nodes that are up, document by document; the answer is how many
  /// documents and copies it looked at. O(nodes + documents in all copies).
  std::uint64_t audit_shard(const AuditView& view, ShardId shard, const At& at);
  /// Every node's table, disk and list of copies. O(nodes + copies).
  std::uint64_t audit_nodes(const AuditView& view, const At& at);
  /// The store of a node that has just begun to lead the shard: its log reaches the last
  /// acknowledged write without a gap, and so does its content, by number 7. Nothing if the node is
  /// down or leads no more. The log is O(its tail), both are O(documents); the answer is as above.
  void audit_new_log(const AuditView& view, ShardId shard, NodeId leader, const At& at);
  std::uint64_t audit_new_content(const AuditView& view, ShardId shard, NodeId leader,
                                  const At& at);
  /// What must hold when nothing is left to happen, besides. O(shards + nodes + keys).
  void audit_settled(const AuditView& view, const At& at);

 private:
  struct Copy {
    ShardId shard;
    NodeId node;
    const Store& store;
    Version applied;
    bool is_owner;
    /// It has just become that.
    bool is_promoted;
    /// Where others that may know more are found.
    const AuditView& view;
  };
  /// What hashing tells of a stored document. Within one audit only: nothing changes meanwhile.
  struct Recognised {
    const Document* document = nullptr;
    /// Its key's place in the ledger, or kNoKey.
    std::uint32_t index = KeyState::kNoKey;
    bool routes_here = false;
  };

  /// The leader's log begins behind nothing that an in-sync copy lacks, unless it began there when
  /// it took up the leadership.
  void audit_log(const AuditView& view, ShardId shard, const At& at);
  /// What the leader takes for durable at the copies that acknowledgements wait for is.
  void audit_followers(const LeaderSight& sight, ShardId shard, const At& at);
  void audit_copy(const Copy& copy, const At& at);
  void audit_summary(const Copy& copy, const At& at);
  void audit_documents(const Copy& copy, const At& at);
  void recognise(const Copy& copy, const std::vector<VersionedDocument>& documents);
  void recognise_anew(const Copy& copy);
  void audit_document(const Copy& copy, const VersionedDocument& stored,
                      const Recognised& recognised, std::uint32_t mark, const At& at);
  /// Keys that should have been among the documents that bear the mark.
  void audit_missing(const Copy& copy, std::uint32_t mark, const At& at);
  void audit_copies_of(const AuditView& view, NodeId node, const At& at);
  /// Every in-sync copy was on a disk that is destroyed.
  bool is_lost(const ShardInfo& shard) const;
  bool has_lost_copy(const ShardInfo& shard, NodeId node) const;
  /// That the in-sync copies are there, but those that were destroyed with all others gone.
  void settle_copies(const AuditView& view, const ShardInfo& shard, const At& at);
  /// That there are as many as there can be.
  void settle_count(const AuditView& view, const ShardInfo& shard, const At& at);
  void settle_contents(const AuditView& view, const ShardInfo& shard, const At& at);
  void settle_tail(const AuditView& view, const ShardInfo& shard, NodeId node, const At& at);
  void settle_leftovers(const AuditView& view, const At& at);
  void settle_tables(const AuditView& view, const At& at);
  void settle_keys(const AuditView& view, const At& at);
  void report(const InvariantInfo& invariant, ShardId shard, NodeId node, const At& at,
              std::string detail);

  /// Where the log of a shard's leader began when it was first looked at in a leadership.
  struct LogBegin {
    NodeId leader;
    Instant serving_since;
    LogIndex base;
  };

  Oracle& oracle_;
  Findings& findings_;
  std::vector<LogBegin> log_begins_;
  /// The live documents of the copy being audited, in the order of its store; those of the copy of
  /// the same shard before it; and which of the former the latter did not have.
  std::vector<Recognised> recognised_;
  std::vector<Recognised> known_;
  std::vector<std::uint32_t> unknown_;
  std::vector<KeyTag> tags_;
  std::vector<std::uint32_t> places_;
};

}  // namespace shardproof::sim::check
