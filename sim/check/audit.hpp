// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/check/audit_view.hpp"
#include "sim/check/findings.hpp"
#include "sim/check/oracle.hpp"

namespace shardproof::sim::check {

/// Settled: judged by the audit only.
inline constexpr InvariantInfo kUniqueKeys{2, "unique_keys",
                                           "settled, each live key is in exactly one shard"};
inline constexpr InvariantInfo kContainment{
    8, "containment", "settled, exactly the nodes of the replica set hold a copy"};
inline constexpr InvariantInfo kCountTruth{
    32, "count_truth",
    "reported counts, bytes and digests equal those recomputed from the documents"};

/// The second net: compares what the facts say with the real states, by reading everything and
/// computing it anew. Naive on purpose.
class Audit {
 public:
  Audit(Oracle& oracle, Findings& findings) : oracle_(oracle), findings_(findings) {}

  /// Every copy of one shard on the nodes that are up, document by document; the answer is how many
  /// documents and copies it looked at. O(nodes + documents in all copies).
  std::uint64_t audit_shard(const AuditView& view, ShardId shard, const At& at);
  /// Every node's table, disk and list of copies. O(nodes + copies).
  std::uint64_t audit_nodes(const AuditView& view, const At& at);
  /// What must hold when nothing is left to happen, besides. O(shards + nodes + keys).
  void audit_settled(const AuditView& view, const At& at);

 private:
  struct Copy {
    ShardId shard;
    NodeId node;
    const Store& store;
    Version applied;
    bool is_owner;
  };

  void audit_copy(const Copy& copy, const At& at);
  void audit_summary(const Copy& copy, const At& at);
  void audit_documents(const Copy& copy, const At& at);
  void audit_document(const Copy& copy, const VersionedDocument& stored, std::uint32_t mark,
                      const At& at);
  /// Keys that should have been among the documents that bear the mark.
  void audit_missing(const Copy& copy, std::uint32_t mark, const At& at);
  void audit_copies_of(const AuditView& view, NodeId node, const At& at);
  void settle_shard(const AuditView& view, const ShardInfo& shard, std::size_t eligible,
                    const At& at);
  void settle_leftovers(const AuditView& view, const At& at);
  void settle_tables(const AuditView& view, const At& at);
  void settle_keys(const AuditView& view, const At& at);
  void report(const InvariantInfo& invariant, ShardId shard, NodeId node, const At& at,
              std::string detail);

  Oracle& oracle_;
  Findings& findings_;
};

}  // namespace shardproof::sim::check
