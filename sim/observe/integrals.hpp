// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/shard_table.hpp"
#include "sim/observe/cluster_tally.hpp"
#include "sim/observe/exact_value.hpp"

namespace shardproof::sim {

enum class SafetyKind : std::uint8_t {
  kOwnerless,
  kWriteBlocked,
  kUnderReplicated,
  kSingleCopy,
  kDomainViolating,
  kDualOwner,
};
inline constexpr std::size_t kSafetyKinds = 6;
/// "ownerless", "write_blocked", "under_replicated", "single_copy", "domain_violating",
/// "dual_owner".
std::string_view to_string(SafetyKind kind);

/// One integral: the sum over all shards, and the shard that suffered longest.
struct SafetyFigure {
  UInt128 total_shard_ns = 0;
  Nanoseconds worst;
  ShardId worst_shard;  ///< the lowest of equals; none if all are zero
};
using SafetyFigures = std::array<SafetyFigure, kSafetyKinds>;

/// For how long each shard was not safe, exact to the nanosecond, from when its first record was
/// committed until one says that it is retired:
///
/// - *ownerless*: no running node is entitled to serve it. Entitled is the last node that took the
///   shard's leadership (at the highest epoch) and has not left it, while its process runs (neither
///   down nor paused) and its lease lasts;
/// - *write-blocked*: ownerless, or that node holds writes back for a migration (they queue);
/// - *under-replicated*: fewer running nodes in the committed in-sync set than the replication
/// factor;
/// - *single copy*: exactly one, where the replication factor is above one;
/// - *domain-violating*: its committed in-sync set stands in fewer zones, or fewer racks, than the
/// set's size and the domains of the active members allow;
/// - *dual owner*: beside the node that took it last, another one that took it before, has not left
/// it and runs was still within its lease, so that both might serve it.
///
/// There is no integral of blocked reads: no lock holds reads back, so they are blocked while the
/// shard is ownerless.
///
/// A lease that runs out is no event, so time is kept by node: a shard is owned for what its
/// owner's entitled time has grown by since it took over. Each change of one shard is O(1).
class SafetyIntegrals {
 public:
  void on_shard(const ShardInfo& shard, std::uint32_t replication_factor,
                const ClusterTally& cluster, Instant now);
  void on_leadership_taken(ShardId shard, NodeId node, Epoch epoch, Instant now);
  void on_leadership_left(ShardId shard, NodeId node, Instant now);
  void on_writes_locked(ShardId shard, NodeId node, Instant now);
  void on_writes_unlocked(ShardId shard, NodeId node, Instant now);
  void on_lease(NodeId node, Instant until, Instant now);
  /// Who is a member, or where he stands, has changed. O(shards).
  void on_membership(const ClusterTally& cluster, Instant now);
  /// A process that goes down forgets lease, leadership and locks. O(shards).
  void on_process(NodeId node, ProcessState state, Instant now);

  /// Whether some shard is domain-violating now. O(shards).
  bool violates_domains() const;
  /// As of `now`, by SafetyKind. O(shards).
  SafetyFigures figures(Instant now) const;

 private:
  /// Time in which a condition held, while its start is remembered.
  struct Spell {
    Nanoseconds before;
    Nanoseconds since;
    bool is_open = false;

    void set(bool holds, Nanoseconds clock);
    Nanoseconds total(Nanoseconds clock) const;
  };
  struct Shard {
    bool is_known = false;
    std::uint32_t replication_factor = 1;
    std::uint32_t live = 0;
    NodeList replicas;
    Instant created;
    Instant ended = Instant::never();  ///< when it was retired
    NodeId server;
    Epoch served_epoch;
    NodeId locked_by;
    Spell owned;     ///< on the server's clock of entitled time
    Spell writable;  ///< on the same
    Spell under_replicated;
    Spell single_copy;
    Spell domain_violating;
    Nanoseconds dual_owner;  ///< until the claims' `since`
  };
  /// A node that took a shard before its present server did, and has not left it.
  struct Claim {
    ShardId shard;
    NodeId former;
    Instant since;
  };
  struct Node {
    bool is_running = false;
    Instant lease_until;
    Nanoseconds entitled;  ///< until `since`
    Instant since;

    Nanoseconds entitled_at(Instant now) const;
    void settle(Instant now);
  };

  /// The shard exists from now on: what was before does not count.
  void begin(Shard& shard, Instant now);
  /// It does not any more: what comes does not count.
  void end(Shard& shard, Instant now);
  Shard& shard(ShardId id);
  Node& node(NodeId id);
  Nanoseconds server_clock(const Shard& shard, Instant now) const;
  void set_server(Shard& shard, NodeId server, Instant now);
  void update_writable(Shard& shard, Instant now);
  void update_copies(Shard& shard, Instant now);
  void update_domains(Shard& shard, const ClusterTally& cluster, Instant now);
  /// Whether the node is one of the claim's two.
  bool concerns(const Claim& claim, NodeId node) const;
  /// How long both of a claim's nodes have been entitled since it was last settled.
  Nanoseconds overlap(const Claim& claim, Instant now) const;
  /// Counts the claims that `concerns` names until now.
  template <typename Concerns>
  void settle_claims(Concerns&& concerns, Instant now);

  std::vector<Shard> shards_;
  std::vector<Node> nodes_;
  std::vector<Claim> claims_;  ///< nearly always empty
  std::size_t zones_ = 0;      ///< of active members
  std::size_t racks_ = 0;
};

}  // namespace shardproof::sim
