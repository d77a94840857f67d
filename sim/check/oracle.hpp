// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "core/facts.hpp"
#include "sim/check/at.hpp"
#include "sim/check/check_config.hpp"
#include "sim/check/hooks.hpp"
#include "sim/check/key_ledger.hpp"
#include "sim/check/key_memo.hpp"
#include "sim/check/least_room.hpp"
#include "sim/check/log_lineage.hpp"
#include "sim/check/node_holdings.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::sim::check {

/// One node's copy of a shard, as its facts tell it.
struct HeldCopy {
  NodeId node;
  /// The end of what is on the disk. Kept when the disk is destroyed: what was promised then.
  Version durable;
  /// The last entry in the content.
  Version applied;
  /// The end of what the node's last boot found on the disk, if it found a copy.
  Version recovered;
  /// The commit since which the table does not name this node as a replica; zero while it does, or
  /// if it never did.
  Revision excluded_at;
  bool destroyed = false;
  /// A stream is coming in. Its copy is in memory for a while before it is durable and stated.
  bool staging = false;
  /// The node is booting and has not said yet that it found this copy.
  bool awaits_recovery = false;
  /// The last time that the node told the leader what its disk has, and what that was; zeros if it
  /// has not yet, of this copy or one before it.
  struct Word {
    Version last;
    Instant at;
    std::uint64_t event = 0;
  };
  Word told;
  /// When it began, empty, though the shard had content, on a node that had lost its disk or a part
  /// of it; zeros if it did not, or was made from another copy since.
  Instant begun_empty_at;
  std::uint64_t begun_empty_in_event = 0;
  /// Who leads, and in which incarnation, and has heard from the node that it has no copy.
  NodeId missed_by;
  std::uint64_t missed_in = 0;
};

struct ShardFacts {
  LogLineage lineage;
  boost::container::small_vector<HeldCopy, 4> copies;
  /// The last entry applied to any copy. What follows is the content as of there: the sum of
  /// document digests, and counts.
  Version applied;
  std::uint64_t digest = 0;
  std::uint64_t live = 0;
  std::uint64_t tombstones = 0;
  Bytes stored;
  std::uint32_t first_key = KeyState::kNoKey;
  /// The last write that a client was told of; how many copies held it then; and how many disks
  /// with it were destroyed since.
  Version acknowledged;
  std::uint32_t promised = 0;
  std::uint32_t destroyed = 0;
  /// More disks were destroyed than was promised to survive: the content is not judged any more.
  bool excused = false;
  /// Who said that it serves, until it said the contrary or crashed.
  NodeId serving;
  Epoch serving_in;
  Instant serving_changed_at;
  /// The last sign that something moves: a commit, or a piece of a copy.
  Instant progress_at;
  /// When its last change was proposed; never if none was. A commit may be long on its way, and is
  /// to be judged by what could be known then.
  Instant proposed_at = Instant::never();
  /// The table that whoever proposed it had then, and what its clock read.
  Revision proposed_with;
  Instant proposed_by_clock;
  /// What it was for, as `fact::ChangeProposed` says it.
  const char* proposed_as = "";

  HeldCopy* find(NodeId node);
  const HeldCopy* find(NodeId node) const;
  void forget(NodeId node);
  /// Whether the copy is there and holds `entry`.
  bool holds(NodeId node, Version entry) const;
  /// Copies that hold everything acknowledged, if the log of `node` ended with `end` (zero: no
  /// copy).
  std::uint32_t survivors(NodeId node, Version end) const;
  std::uint32_t survivors() const { return survivors(NodeId::none(), Version()); }
};

struct NodeFacts {
  bool up = false;
  std::uint64_t incarnation = 0;
  /// Of the software, by its place in `CheckConfig::versions`.
  std::uint32_t version = 0;
  /// When it booted last, some of what was durable on its disk had been damaged.
  bool was_disk_rotten = false;
  /// Its disk was destroyed, or found damaged, at least once: it begins no shard any more that is
  /// older than its last boot.
  bool has_lost_data = false;
  Instant up_since;
  /// When it sent the last heartbeat that the coordinator answered, in true time.
  Instant answered_at;
  /// Until when it holds leases that were granted to it, in true time, and on its own clock. Who
  /// counted as dead is answered before it is granted anything.
  Instant leased_until;
  Instant lease_until;
  /// The last table that it has adopted, and the first one since it booted; zero if none.
  Revision adopted;
  Revision adopted_first;
  /// The disk is this full, and since when beyond the watermark.
  Bytes used;
  Bytes capacity;
  Instant full_since = Instant::never();
  /// What was free of it below the watermark.
  LeastRoom room;
};

/// What is true in the run, gathered from facts and hooks: the committed table T*, every key's
/// state M, the holders H of every shard. One source for all monitors. O(1) per fact.
///
/// Monitors are told of a thing before the oracle takes it in, so that they see what changes.
class Oracle {
 public:
  explicit Oracle(const CheckConfig& config) : config_(config) {}

  const CheckConfig& config() const { return config_; }
  const ShardTable& table() const { return table_; }
  KeyLedger& keys() { return keys_; }
  const KeyLedger& keys() const { return keys_; }

  /// Whether T* has the shard. Facts and hooks may only be about those that it has.
  bool knows(ShardId shard) const { return shard.value() < shards_.size(); }
  ShardFacts& shard(ShardId shard) { return shards_[shard.value()]; }
  /// From now on the shard's content is not judged any more, for that reason.
  void excuse(ShardId shard, std::string reason, const At& at);
  /// In the order in which it happened.
  const std::vector<ExcusedShard>& excused() const { return excused_; }
  const ShardFacts& shard(ShardId shard) const { return shards_[shard.value()]; }
  const NodeHoldings& holdings() const { return holdings_; }
  /// What a stream of the shard's content may come to; it may have been more when that began.
  Bytes most_to_copy(ShardId shard) const {
    return this->shard(shard).stored * 2 + config_.bounds.chunk_size;
  }
  /// By node, so many as asked for: what the content of its copies comes to once all that is in
  /// flight has arrived. O(copies).
  std::vector<std::uint64_t> bytes_held(std::size_t nodes) const;
  /// The newest term under which the office was taken.
  Term office() const { return office_term_; }
  std::uint32_t shard_count() const { return static_cast<std::uint32_t>(shards_.size()); }
  /// Grows as needed: any node may boot before it is a member.
  NodeFacts& node(NodeId node);
  const NodeFacts& node(NodeId node) const;
  /// What the node runs, or ran last.
  const VersionTraits& version_of(NodeId node) const {
    return config_.versions[this->node(node).version];
  }
  /// What the node ran when it took office for `term`, or runs now, if the office was not taken
  /// yet.
  const VersionTraits& version_of_office(NodeId node, Term term) const;
  const CollectionConfig& collection_of(ShardId shard) const;
  /// What holds of plans that the node makes with the table of that revision: of the policy that an
  /// operator has ordered by then, or of its own version's. O(changes of settings).
  VersionTraits traits_of_plan(NodeId node, Revision revision) const;
  /// The highest replication factor that whoever proposed the shard's last change may have known
  /// of. O(factors lowered).
  std::uint32_t factor_known(ShardId shard) const;

  /// Injected faults that last now; the time since which there are none (or never; it may be yet to
  /// come).
  std::uint32_t faults_active() const { return faults_; }
  Instant calm_since() const { return std::max(calm_since_, disturbed_until_); }
  void set_faults(std::uint32_t count, const At& at);
  /// Something is held up until then, as by a fault that is over.
  void note_disturbance(Instant until);
  /// Nodes that do not come back, ascending: no fault that lasts, and no excuse for the others.
  void set_broken_for_good(std::vector<NodeId> nodes) { broken_for_good_ = std::move(nodes); }
  const std::vector<NodeId>& broken_for_good() const { return broken_for_good_; }
  bool is_broken_for_good(NodeId node) const {
    return std::binary_search(broken_for_good_.begin(), broken_for_good_.end(), node);
  }
  /// Nothing is broken, neither for now nor for good.
  bool is_whole() const { return faults_ == 0 && broken_for_good_.empty(); }
  /// Whether every node has made several load reports since.
  bool is_reported(Instant since, const At& at) const {
    return at.true_time - since >
           config_.longest.report_interval * 4 + config_.longest.node_lease * 4;
  }
  /// No fault now, and every node has reported since the last one.
  bool is_well_known(const At& at) const { return is_whole() && is_reported(calm_since(), at); }

  /// The state of the mutated or read document's key in `shard`; null if it was never written.
  /// Asked for a key again soon, as many monitors and facts of one request do, it costs a
  /// comparison.
  const KeyState* find_key(ShardId shard, const Document& document) const;
  /// `stable_hash` of the document's key, as cheap as `find_key`.
  std::uint64_t key_hash(ShardId shard, const Document& document) const {
    return seek(shard, document.key).tag.hash;
  }
  /// Calls `visit(key)` for each key that was asked for lately, in no order that means anything;
  /// some are empty.
  template <typename Visit>
  void for_each_recent_key(Visit&& visit) const {
    memo_.for_each_key(visit);
  }
  /// What `route` says, as cheap as `find_key` where the key alone is the shard key.
  Result<ShardId, ReplyStatus> shard_for(const CollectionConfig& collection,
                                         const Document& document) const;

  /// The places in the ledger of what a scan returned, in its order; kNoKey for a key that was
  /// never written. Monitors that ask one after another get what the first one had looked up. Valid
  /// until the oracle has taken the fact in. O(documents) once.
  const std::vector<std::uint32_t>& places_of(const fact::ScanPartServed& served) const;

  void take(const hook::Committing& commit, const At& at);
  void take(const fact::LeaseTaken& lease, const At& at);
  void take(const fact::CopyRecovered& copy, const At& at);
  void take(const fact::OfficeTaken& office, const At& at);
  void take(const fact::ChangeProposed& change, const At& at);
  void take(const fact::TableAdopted& table, const At& at);
  void take(const fact::LeadershipTaken& leadership, const At& at);
  void take(const fact::LeadershipLeft& leadership, const At& at);
  void take(const fact::WriteAccepted& write, const At& at);
  void take(const fact::EntriesDurable& entries, const At& at);
  void take(const fact::EntryApplied& applied, const At& at);
  void take(const fact::WriteAcknowledged& write, const At& at);
  void take(const fact::TailTruncated& tail, const At& at);
  void take(const fact::ReadServed& read, const At& at);
  void take(const fact::ScanPartServed& part, const At& at);
  void take(const fact::CopyCreated& copy, const At& at);
  void take(const fact::ChunkStaged& chunk, const At& at);
  void take(const fact::CopyInstalled& copy, const At& at);
  void take(const fact::CopyReported& copy, const At& at);
  void take(const fact::CopyMissed& copy, const At& at);
  void take(const fact::CopyDropped& copy, const At& at);
  void take(const hook::Crashed&, const At& at);
  void take(const hook::Booting& boot, const At& at);
  void take(const hook::Booted&, const At& at);
  void take(const hook::DiskDestroyed&, const At& at);
  void take(const hook::DiskUsed& disk, const At& at);
  void take(const hook::DurabilityTold& told, const At& at);

 private:
  const KeyMemo::Entry& seek(ShardId shard, const std::string& key) const;
  /// The copy's disk is destroyed, or the node has lost the copy to damage of it.
  static void destroy(ShardFacts& shard, HeldCopy& copy);
  HeldCopy& obtain(ShardFacts& shard, NodeId node);
  void follow(const ShardInfo& after, Revision revision, const At& at);
  /// Of fewer copies that an operator has ordered.
  void follow(const CollectionConfig& after, Revision revision);
  /// Whether no copy is missing: a learner may be on its way out, and the commit that says so on
  /// its own.
  bool may_learners_go(ShardId shard) const;
  /// A copy goes although none is missing: what its node had is promised no more once the others in
  /// the set have it.
  void give_up_surplus(const ShardInfo& before, const ShardInfo& after, ShardFacts& facts);
  void apply(ShardId id, ShardFacts& shard, const LogEntry& entry);

  CheckConfig config_;
  ShardTable table_;
  NodeHoldings holdings_;
  KeyLedger keys_;
  mutable KeyMemo memo_;
  /// The part of a scan that monitors look at now, and what is known of it.
  mutable ScanPartRef scanned_;
  mutable std::vector<KeyTag> scanned_tags_;
  mutable std::vector<std::uint32_t> scanned_places_;
  std::vector<ShardFacts> shards_;
  std::vector<NodeFacts> nodes_;
  std::vector<ExcusedShard> excused_;
  /// The newest office, and what its holder ran when it took it.
  Term office_term_;
  std::uint32_t office_version_ = 0;
  std::uint32_t faults_ = 0;
  std::vector<NodeId> broken_for_good_;
  Instant calm_since_;
  Instant disturbed_until_;
  /// The rebalance policies that operators have ordered, and in which commits.
  std::vector<std::pair<Revision, std::string>> policies_;
  /// Replication factors that were lowered, and in which commits.
  struct LoweredFactor {
    CollectionId collection;
    Revision ended;
    std::uint32_t factor = 0;
  };
  std::vector<LoweredFactor> lowered_;
};

/// Whether documents of equal keys always route alike.
bool routes_by_key_alone(const CollectionConfig& collection);

/// A hash of the values of the collection's shard-key fields; any word if one is missing.
std::uint64_t shard_key_hash(const CollectionConfig& collection, const Document& document);

}  // namespace shardproof::sim::check
