// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/shard_key.hpp"
#include "sim/check/suite.hpp"

/// A small cluster told by hand, fact by fact, for the tests of the checks: five nodes in three
/// zones, one collection of one shard. What is told is a correct history unless the test says
/// otherwise.
namespace shardproof::sim::check {

inline constexpr NodeId kN0(0), kN1(1), kN2(2), kN3(3), kN4(4);
inline constexpr ShardId kS0(0);
inline constexpr MigrationId kM1(1);

struct StoryOptions {
  std::uint32_t replication_factor = 2;
  std::uint32_t write_concern = 0;
  std::uint32_t num_shards = 1;
  std::vector<std::string> shard_key = {"_key"};
  CheckConfig config;
};

inline DocumentRef make_document(const std::string& key, std::uint64_t content = 1,
                                 const std::string& customer = "") {
  auto* document = new Document;
  document->key = key;
  document->size = Bytes(100);
  document->content = content;
  if (!customer.empty()) document->fields.push_back({"customer", customer});
  return DocumentRef(document);
}

inline OperationRef make_operation(OperationKind kind, DocumentRef document) {
  auto* operation = new Operation;
  operation->kind = kind;
  operation->collection = CollectionId(0);
  operation->document = std::move(document);
  return OperationRef(operation);
}

class Story {
 public:
  using Options = StoryOptions;

  explicit Story(const Options& options = Options()) : suite(options.config) {
    collection.id = CollectionId(0);
    collection.database = "shop";
    collection.name = "orders";
    collection.num_shards = options.num_shards;
    collection.replication_factor = options.replication_factor;
    collection.write_concern = options.write_concern;
    collection.shard_key = options.shard_key;
    collection.first_shard = kS0;
    std::vector<Record> records{CoordinatorRecord{kN0, Term(1)}};
    for (std::uint32_t i = 0; i < 5; ++i) {
      NodeRecord node;
      node.id = NodeId(i);
      node.domain.zone = static_cast<std::uint16_t>(i % 3);
      records.emplace_back(node);
    }
    commit_records(std::move(records), NodeId::none(), Term());
    for (std::uint32_t i = 0; i < 5; ++i) boot(NodeId(i));
    create_collection(options);
  }

  At at(NodeId node) const { return {node, 1, now, now, event}; }
  void pass(Nanoseconds span) { now = now + span; }
  void renew_leases(Nanoseconds duration = hours(1)) {
    for (std::uint32_t i = 0; i < 5; ++i) tell(NodeId(i), fact::LeaseTaken{now, duration, Term(1)});
  }

  void tell(NodeId node, Fact fact) {
    ++event;
    now = now + microseconds(100);
    suite.on_fact(fact, at(node));
  }

  /// All nodes are in one zone from now on.
  void join_one_zone() {
    std::vector<Record> records;
    for (std::uint32_t i = 0; i < 5; ++i) {
      NodeRecord node;
      node.id = NodeId(i);
      records.emplace_back(node);
    }
    commit_records(std::move(records));
  }
  void boot(NodeId node) {
    suite.on_boot(at(node));
    suite.on_booted(at(node));
  }

  void commit_records(std::vector<Record> records, NodeId author = kN0, Term term = Term(1)) {
    ++event;
    now = now + microseconds(100);
    TableDelta delta;
    delta.revision = table.revision().next();
    delta.records = std::move(records);
    suite.on_commit(delta, author, term, at(author));
    table.apply(delta);
  }
  const ShardInfo& info(ShardId shard = kS0) const { return *table.find_shard(shard); }
  /// Commits the shard's record as `edit` changes it, in the next epoch.
  template <typename Edit>
  void change(Edit edit, NodeId author = kN0, Term term = Term(1)) {
    ShardInfo after = info();
    after.epoch = after.epoch.next();
    edit(after);
    commit_records({after}, author, term);
  }

  EntryRef make_entry(Version version, std::vector<Mutation> mutations, RequestId request) const {
    auto* entry = new LogEntry;
    entry->version = version;
    entry->request = request;
    for (Mutation& mutation : mutations) entry->mutations.push_back(std::move(mutation));
    return EntryRef(entry);
  }
  RequestId next_request() { return {ClientId(1), ++sequence}; }

  /// The leader `node` accepts a write of `key` behind `last`, in the shard's epoch.
  EntryRef accept(NodeId node, const std::string& key, bool tombstone = false) {
    const Version version{info().epoch, last.index.next()};
    const EntryRef entry = make_entry(
        version, {{make_document(key, version.index.value()), tombstone}}, next_request());
    tell(node, fact::WriteAccepted{kS0, info().epoch, entry, last});
    last = version;
    return entry;
  }
  void lead(NodeId node) {
    const Version version{info().epoch, last.index.next()};
    const EntryRef barrier = make_entry(version, {}, {});
    tell(node, fact::WriteAccepted{kS0, info().epoch, barrier, last});
    last = version;
    for (const NodeId replica : info().replicas) tell(replica, fact::EntriesDurable{kS0, last});
    tell(node, fact::EntryApplied{kS0, barrier});
    tell(node, fact::LeadershipTaken{kS0, info().epoch, last});
    for (const NodeId replica : info().replicas) {
      if (replica != node) tell(replica, fact::EntryApplied{kS0, barrier});
    }
  }
  void durable(NodeId node) { tell(node, fact::EntriesDurable{kS0, last}); }
  void apply(NodeId node, const EntryRef& entry) { tell(node, fact::EntryApplied{kS0, entry}); }
  void acknowledge(NodeId node, const EntryRef& entry) {
    // Named, so that it is copied and not moved: gcc 12 warns of what a moved list might read.
    const fact::WriteAcknowledged acknowledged{kS0, info().epoch, entry, info().replicas};
    tell(node, acknowledged);
  }
  /// A whole write, as it should be.
  EntryRef write(const std::string& key, bool tombstone = false) {
    const NodeId leader = info().leader;
    const EntryRef entry = accept(leader, key, tombstone);
    for (const NodeId node : info().replicas) durable(node);
    apply(leader, entry);
    acknowledge(leader, entry);
    for (const NodeId node : info().replicas) {
      if (node != leader) apply(node, entry);
    }
    return entry;
  }
  void read(NodeId node, const std::string& key, VersionedDocument result) {
    tell(node, fact::ReadServed{kS0, info().epoch,
                                make_operation(OperationKind::Read, make_document(key)),
                                std::move(result)});
  }
  void read(const EntryRef& entry) {
    const Mutation& mutation = entry->mutations[0];
    read(info().leader, mutation.document->key,
         {entry->version, mutation.tombstone ? nullptr : mutation.document});
  }

  void enter(MigrationPhase phase) {
    change([&](ShardInfo& shard) {
      shard.migration->phase = phase;
      shard.status = phase == MigrationPhase::Sync ? ShardStatus::Syncing : ShardStatus::Migrating;
    });
  }
  void begin_migration(NodeId source, NodeId target, MigrationId id = kM1) {
    change([&](ShardInfo& shard) {
      Migration migration;
      migration.id = id;
      migration.source = source;
      migration.target = target;
      shard.migration = migration;
      shard.learners.push_back(target);
      shard.status = ShardStatus::Migrating;
    });
  }
  void verify(NodeId target, std::uint64_t digest = 7) {
    const MigrationId migration = info().migration->id;
    tell(target, fact::CopyReported{kS0, info().epoch, migration, last, digest});
    tell(kN0, fact::MigrationVerified{kS0, migration, info().epoch, last, digest, digest});
  }
  void switch_over() {
    change([](ShardInfo& shard) {
      const Migration& migration = *shard.migration;
      erase_node(shard.replicas, migration.source);
      erase_node(shard.learners, migration.target);
      shard.replicas.push_back(migration.target);
      if (shard.leader == migration.source) {
        shard.leader = migration.target;
        shard.fencing = migration.source;
      }
      shard.migration->phase = MigrationPhase::Switch;
      shard.status = ShardStatus::Migrating;
    });
  }
  void drop(NodeId node) {
    tell(node, fact::CopyDropped{kS0, info().epoch, table.revision(), last, 0});
  }
  void end_migration() {
    change([](ShardInfo& shard) {
      shard.migration.reset();
      shard.fencing = NodeId::none();
      shard.status = ShardStatus::Active;
    });
  }
  /// A migration in queue mode up to Sync with a target that has everything.
  void migrate_to_sync(NodeId source, NodeId target, std::uint64_t digest) {
    begin_migration(source, target);
    enter(MigrationPhase::Copy);
    tell(target, fact::CopyInstalled{kS0, info().epoch, last, digest, Bytes(1000)});
    verify(target, digest);
    enter(MigrationPhase::Sync);
  }

  CollectionConfig collection;
  CheckSuite suite;
  ShardTable table;
  Instant now;
  std::uint64_t event = 0;
  /// The end of the leader's log.
  Version last;
  std::uint32_t sequence = 0;

 private:
  void create_collection(const Options& options) {
    std::vector<Record> records{collection};
    for (std::uint32_t i = 0; i < options.num_shards; ++i) {
      ShardInfo shard;
      shard.id = ShardId(i);
      shard.collection = collection.id;
      shard.epoch = Epoch(1);
      shard.leader = kN0;
      for (std::uint32_t r = 0; r < options.replication_factor; ++r) shard.replicas.emplace_back(r);
      records.emplace_back(shard);
    }
    commit_records(std::move(records));
    renew_leases();
    for (const NodeId node : info().replicas) tell(node, fact::CopyCreated{kS0, Epoch(1)});
    lead(kN0);
  }
};

/// The invariants found violated, in order, each as often as it was.
inline std::vector<std::uint32_t> numbers(const CheckSuite& suite) {
  std::vector<std::uint32_t> found;
  for (const ViolationRecord& violation : suite.violations()) found.push_back(violation.invariant);
  return found;
}

/// The shards that are not judged any more.
inline std::vector<ShardId> excused(const CheckSuite& suite) {
  std::vector<ShardId> shards;
  for (const ExcusedShard& one : suite.excused()) shards.push_back(one.shard);
  return shards;
}

inline std::string texts(const CheckSuite& suite) {
  std::string all;
  for (const ViolationRecord& violation : suite.violations()) {
    all += fmt::format("{} {}: {}\n", violation.invariant, violation.name, violation.message);
  }
  return all;
}

/// The first violation of that invariant; null if there is none.
inline const ViolationRecord* find(const CheckSuite& suite, std::uint32_t number) {
  for (const ViolationRecord& violation : suite.violations()) {
    if (violation.invariant == number) return &violation;
  }
  return nullptr;
}

}  // namespace shardproof::sim::check
