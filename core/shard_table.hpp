// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "core/node_record.hpp"

namespace shardproof {

/// Nodes in an order that matters to the caller; no duplicates.
using NodeList = boost::container::small_vector<NodeId, 4>;

bool contains(const NodeList& nodes, NodeId node);
/// Removes `node` if present, keeping the order of the others.
void erase_node(NodeList& nodes, NodeId node);

enum class ShardStatus : std::uint8_t {
  Active,     ///< normal operation
  Migrating,  ///< data being moved: migration phases Prepare and Copy, Switch and Cleanup
  Syncing,    ///< a copy is catching up with the leader: phase Sync, or a repair's learner
  Offline,    ///< no live in-sync holder; waits for one to return
  Retired,    ///< its collection has a successor: nobody leads or holds it any more, for good
};

enum class MigrationPhase : std::uint8_t { Prepare, Copy, Sync, Switch, Cleanup };

/// Whether writes wait from Prepare on, or go on and are locked out only for the last round.
enum class WriteMode : std::uint8_t { Queue, Live };

enum class MigrationReason : std::uint8_t { Balance, Drain, Domain, Manual };
inline constexpr std::size_t kMigrationReasons = 4;

/// A migration as committed. It lives inside the ShardInfo it is about, so that phase, replica set
/// and epoch change in one commit.
struct Migration {
  MigrationId id;
  NodeId source;
  NodeId target;
  MigrationPhase phase = MigrationPhase::Prepare;
  WriteMode mode = WriteMode::Queue;
  MigrationReason reason = MigrationReason::Balance;
  /// The coordinator's clock when the plan was admitted; for reports only.
  Instant started;
  /// The leader's last index when it had prepared (in queue mode: locked), known from the commit
  /// that enters Copy. The source's snapshot has everything up to here, so that the leader's log
  /// reaches back to it.
  LogIndex lock_point;
  /// How fast the source may stream; zero is unlimited.
  Bandwidth bandwidth;

  friend bool operator==(const Migration&, const Migration&) = default;
};

/// One shard as the metadata store knows it. Every change is one commit and raises `epoch`.
struct ShardInfo {
  ShardId id;
  CollectionId collection;
  Epoch epoch;
  /// In `replicas`, or none while Offline.
  NodeId leader;
  /// The leader's predecessor that may still hold a lease: the leader serves only when that node
  /// has acknowledged this epoch, or when a later commit has cleared this field (its lease ran
  /// out).
  NodeId fencing;
  /// The in-sync set: every acknowledged write is durable on each (on `write_concern` of them).
  /// Never empty once the shard exists, until it is Retired.
  NodeList replicas;
  /// Copies that are catching up; they count for nothing.
  NodeList learners;
  ShardStatus status = ShardStatus::Active;
  std::optional<Migration> migration;
  /// The epoch in which members that hold nothing begin with an empty copy: the first one, or a
  /// later one if until then no disk had anything of the shard. Who becomes a member in another
  /// epoch gets what the others have.
  Epoch begin_epoch = Epoch(1);

  friend bool operator==(const ShardInfo&, const ShardInfo&) = default;
};

/// Settings of a collection, fixed when it is created but for the number of copies. An unsharded
/// one has a single shard, keyed by `_key`. `enable_sharding` on it makes a second collection of
/// the same name, into which the documents move: first the old one's `moving_to` names it, then
/// `successor` in its place.
struct CollectionConfig {
  CollectionId id;
  std::string database;
  std::string name;
  std::uint32_t num_shards = 16;
  /// Copies of each shard that there are to be. An operator may change it: missing copies are made
  /// then, and surplus ones taken out of the in-sync sets, one after the other.
  std::uint32_t replication_factor = 1;
  /// Top-level fields in order; at least one.
  std::vector<std::string> shard_key = {"_key"};
  /// The shards are first_shard .. first_shard + num_shards - 1.
  ShardId first_shard;
  /// Durable copies that an acknowledgement promises; 0 means every in-sync replica.
  std::uint32_t write_concern = 0;
  /// The epoch in which the shards were created. Beyond that of every document that moves in, so
  /// that a document's version rises when it moves.
  Epoch first_epoch = Epoch(1);
  /// False for one shard that is to be asked for `enable_sharding` yet.
  bool sharded = true;
  /// Where the documents are being moved: writes are refused as retryable, reads go on here.
  CollectionId moving_to;
  /// Where the documents are: every operation on this collection goes there. Its shards are
  /// Retired.
  CollectionId successor;

  std::string full_name() const { return database + "." + name; }
  friend bool operator==(const CollectionConfig&, const CollectionConfig&) = default;
};

/// Who is coordinator, written by the metadata store itself when it grants a term.
struct CoordinatorRecord {
  NodeId node;
  Term term;

  friend bool operator==(const CoordinatorRecord&, const CoordinatorRecord&) = default;
};

/// Limits of moves as an operator has ordered them; see `distribution::MoveLimits`. Of each that is
/// absent what a node is configured with holds. Zero is no limit.
struct OrderedLimits {
  std::optional<std::uint32_t> moves_per_node{};
  std::optional<std::uint32_t> moves_per_domain{};
  std::optional<std::uint32_t> moves_cluster_wide{};
  std::optional<Bandwidth> bandwidth{};

  friend bool operator==(const OrderedLimits&, const OrderedLimits&) = default;
};

/// What holds for the cluster as a whole, and may change while it runs.
struct ClusterSettings {
  /// By an operator's order.
  bool balancing_enabled = true;
  /// By coordinators, each for those to come: for how long after it was granted a lease may be
  /// acted on at most, whoever granted it. See core/coordinator/lease_bound.hpp.
  Nanoseconds lease_bound{};
  /// By operators' orders, in place of what nodes are configured with: of what begins from then on.
  OrderedLimits limits{};
  /// The same of the rebalance policy, by name; empty: that of each coordinator's configuration.
  std::string rebalance{};

  friend bool operator==(const ClusterSettings&, const ClusterSettings&) = default;
};

enum class RecordKind : std::uint8_t { Coordinator, Settings, Node, Collection, Shard };

/// Names one record of the metadata store.
struct RecordKey {
  RecordKind kind = RecordKind::Settings;
  std::uint32_t id = 0;

  friend constexpr auto operator<=>(const RecordKey&, const RecordKey&) = default;
};

using Record =
    std::variant<CoordinatorRecord, ClusterSettings, NodeRecord, CollectionConfig, ShardInfo>;

RecordKey key_of(const Record& record);
/// A hash of the record's whole content; equal records hash equal on every node and build.
std::uint64_t record_digest(const Record& record);

/// The records that one commit changed, shared by everyone who is told of it.
struct TableDelta {
  Revision revision;
  std::vector<Record> records;
};
using TableDeltaRef = std::shared_ptr<const TableDelta>;

/// What a node knows of the cluster: the content of the metadata store at one revision.
/// Lookup by id is O(1). Copyable.
class ShardTable {
 public:
  Revision revision() const { return revision_; }
  /// Sum over all records of `record_digest`: equal tables have equal digests. O(1).
  std::uint64_t digest() const { return digest_; }

  /// Applies a commit's records. The caller keeps the order of revisions; a record replaces the one
  /// of the same key. Shards, nodes and collections have dense ids and may arrive in any order.
  void apply(const TableDelta& delta);

  const CoordinatorRecord& coordinator() const { return coordinator_; }
  const ClusterSettings& settings() const { return settings_; }
  /// Dense by id; entries with `id.is_none()` are not known (yet).
  const std::vector<NodeRecord>& nodes() const { return nodes_; }
  const std::vector<CollectionConfig>& collections() const { return collections_; }
  const std::vector<ShardInfo>& shards() const { return shards_; }

  const NodeRecord* find_node(NodeId id) const;
  const CollectionConfig* find_collection(CollectionId id) const;
  /// The one that clients are to use: not retired, and if documents are being moved, the one they
  /// are moved from. O(collections).
  const CollectionConfig* find_collection(std::string_view database, std::string_view name) const;
  /// The collection that serves operations on `id`: itself, or who succeeded it in the end.
  const CollectionConfig* find_serving_collection(CollectionId id) const;
  const ShardInfo* find_shard(ShardId id) const;
  /// Revision of the last commit that changed the record; zero if it does not exist.
  Revision modified(RecordKey key) const;

 private:
  struct Stamp {
    Revision revision;
    std::uint64_t digest = 0;
  };
  Stamp& stamp(RecordKey key);

  Revision revision_;
  std::uint64_t digest_ = 0;
  CoordinatorRecord coordinator_;
  ClusterSettings settings_;
  std::vector<NodeRecord> nodes_;
  std::vector<CollectionConfig> collections_;
  std::vector<ShardInfo> shards_;
  std::array<std::vector<Stamp>, 5> stamps_;
};

/// Whether more copies are in sync than there are to be: the factor was lowered.
bool has_surplus(const ShardInfo& shard, const CollectionConfig& collection);

/// Whether a commit may change a shard's status so; staying is always allowed.
bool is_legal_transition(ShardStatus from, ShardStatus to);
/// Whether a commit may change a shard's migration so (none is "no migration"): phases in order,
/// and none after each: an abort before Switch, the way back from it, the end after Cleanup.
bool is_legal_transition(std::optional<MigrationPhase> from, std::optional<MigrationPhase> to);

/// Errors of one shard's record against its collection and the nodes: see invariant 6. Of in-sync
/// copies there may be as many as the record of the shard in `table` has, if those are more than
/// the replication factor: that was lowered.
Result<void> validate(const ShardInfo& shard, const CollectionConfig& collection,
                      const ShardTable& table);

const char* to_string(ShardStatus status);
const char* to_string(MigrationPhase phase);
const char* to_string(WriteMode mode);
const char* to_string(MigrationReason reason);

}  // namespace shardproof
