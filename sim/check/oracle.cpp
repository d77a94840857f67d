// SPDX-License-Identifier: Apache-2.0
#include "sim/check/oracle.hpp"

#include <algorithm>

#include "sim/check/plain_routing.hpp"

namespace shardproof::sim::check {
namespace {

struct HashValue {
  std::uint64_t operator()(std::monostate) const { return 1; }
  std::uint64_t operator()(bool value) const { return value ? 3 : 2; }
  std::uint64_t operator()(std::int64_t value) const {
    return mix64(static_cast<std::uint64_t>(value));
  }
  std::uint64_t operator()(const std::string& value) const { return stable_hash(value, 5); }
};

}  // namespace

bool routes_by_key_alone(const CollectionConfig& collection) {
  return collection.shard_key.size() == 1 && collection.shard_key.front() == "_key";
}

std::uint64_t shard_key_hash(const CollectionConfig& collection, const Document& document) {
  std::uint64_t hash = 0;
  for (const std::string& name : collection.shard_key) {
    // The key is what the state is filed under: it cannot differ.
    if (name == "_key") continue;
    const Field* field = document.find(name);
    hash = combine64(hash, field == nullptr ? 0 : std::visit(HashValue{}, field->value) + 1);
  }
  return hash;
}

// --- ShardFacts -------------------------------------------------------------------------------

const HeldCopy* ShardFacts::find(NodeId node) const {
  for (const HeldCopy& copy : copies) {
    if (copy.node == node) return &copy;
  }
  return nullptr;
}

HeldCopy* ShardFacts::find(NodeId node) {
  return const_cast<HeldCopy*>(static_cast<const ShardFacts*>(this)->find(node));
}

void ShardFacts::forget(NodeId node) {
  const auto at = std::find_if(copies.begin(), copies.end(),
                               [&](const HeldCopy& copy) { return copy.node == node; });
  if (at != copies.end()) copies.erase(at);
}

bool ShardFacts::holds(NodeId node, Version entry) const {
  const HeldCopy* copy = find(node);
  return copy != nullptr && !copy->destroyed && lineage.contains(copy->durable, entry);
}

std::uint32_t ShardFacts::survivors(NodeId node, Version end) const {
  std::uint32_t count = 0;
  for (const HeldCopy& copy : copies) {
    if (copy.destroyed) continue;
    const Version last = copy.node == node ? end : copy.durable;
    if (lineage.contains(last, acknowledged)) ++count;
  }
  return count;
}

// --- Oracle -----------------------------------------------------------------------------------

NodeFacts& Oracle::node(NodeId node) {
  if (node.value() >= nodes_.size()) nodes_.resize(node.value() + 1);
  return nodes_[node.value()];
}

const NodeFacts& Oracle::node(NodeId node) const {
  static const NodeFacts kNothing;
  return node.value() < nodes_.size() ? nodes_[node.value()] : kNothing;
}

const CollectionConfig& Oracle::collection_of(ShardId shard) const {
  return table_.collections()[table_.shards()[shard.value()].collection.value()];
}

void Oracle::set_faults(std::uint32_t count, const At& at) {
  if (count == 0 && faults_ != 0) calm_since_ = at.true_time;
  if (count != 0) calm_since_ = Instant::never();
  faults_ = count;
}

void Oracle::note_disturbance(Instant until) {
  disturbed_until_ = std::max(disturbed_until_, until);
}

const KeyMemo::Entry& Oracle::seek(ShardId shard, const std::string& key) const {
  KeyMemo::Entry& memo = memo_.of(key);
  if (memo.shard != shard) {
    memo.shard = shard;
    memo.tag = tag_of(shard, key);
    memo.index = KeyState::kNoKey;
  }
  if (memo.index == KeyState::kNoKey) memo.index = keys_.locate(memo.tag);
  return memo;
}

const KeyState* Oracle::find_key(ShardId shard, const Document& document) const {
  const std::uint32_t index = seek(shard, document.key).index;
  return index == KeyState::kNoKey ? nullptr : &keys_.at(index);
}

Result<ShardId, ReplyStatus> Oracle::shard_for(const CollectionConfig& collection,
                                               const Document& document) const {
  if (!routes_by_key_alone(collection)) return plain_route(collection, document);
  KeyMemo::Entry& memo = memo_.of(document.key);
  if (memo.collection != collection.id) {
    const auto routed = plain_route(collection, document);
    if (!routed) return routed;
    memo.collection = collection.id;
    memo.routed_to = *routed;
  }
  return memo.routed_to;
}

const std::vector<std::uint32_t>& Oracle::places_of(const fact::ScanPartServed& served) const {
  if (scanned_ == served.part) return scanned_places_;
  scanned_ = served.part;
  scanned_tags_.clear();
  for (const VersionedDocument& found : served.part->documents) {
    const bool is_there = found.document != nullptr;
    scanned_tags_.push_back(is_there ? tag_of(served.shard, found.document->key) : KeyTag());
  }
  scanned_places_.resize(scanned_tags_.size());
  keys_.locate_all(scanned_tags_, scanned_places_);
  return scanned_places_;
}

HeldCopy& Oracle::obtain(ShardFacts& shard, NodeId node) {
  if (HeldCopy* copy = shard.find(node)) return *copy;
  HeldCopy& copy = shard.copies.emplace_back();
  copy.node = node;
  return copy;
}

// --- Table ------------------------------------------------------------------------------------

void Oracle::take(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* shard = std::get_if<ShardInfo>(&record);
    if (shard != nullptr) follow(*shard, commit.delta.revision, at);
    const auto* settings = std::get_if<ClusterSettings>(&record);
    if (settings != nullptr && settings->rebalance != table_.settings().rebalance) {
      policies_.emplace_back(commit.delta.revision, settings->rebalance);
    }
    const auto* collection = std::get_if<CollectionConfig>(&record);
    if (collection == nullptr) continue;
    memo_.forget_routes();
    follow(*collection, commit.delta.revision);
  }
  table_.apply(commit.delta);
}

void Oracle::follow(const ShardInfo& after, Revision revision, const At& at) {
  if (after.id.value() >= shards_.size()) shards_.resize(after.id.value() + 1);
  ShardFacts& facts = shard(after.id);
  facts.progress_at = at.true_time;
  holdings_.take(after, revision, at.true_time);
  const ShardInfo* before = table_.find_shard(after.id);
  // A new shard is unserved since now, not since the beginning of the world.
  if (before == nullptr) facts.serving_changed_at = at.true_time;
  if (before != nullptr) give_up_surplus(*before, after, facts);
  for (HeldCopy& copy : facts.copies) {
    const bool was = before != nullptr && contains(before->replicas, copy.node);
    if (contains(after.replicas, copy.node)) {
      copy.excluded_at = Revision();
    } else if (was) {
      copy.excluded_at = revision;
    }
  }
}

// --- Nodes ------------------------------------------------------------------------------------

void Oracle::take(const fact::LeaseTaken& lease, const At& at) {
  NodeFacts& facts = node(at.node);
  // The answer may have waited for long, on its way or for a slow CPU.
  const Nanoseconds ago = at.local_time - lease.asked_at;
  const Instant asked_at = at.true_time - std::max(ago, Nanoseconds(0));
  facts.answered_at = std::max(facts.answered_at, asked_at);
  facts.leased_until = std::max(facts.leased_until, asked_at + lease.duration);
  facts.lease_until = std::max(facts.lease_until, lease.asked_at + lease.duration);
}

void Oracle::take(const hook::Crashed&, const At& at) {
  node(at.node).up = false;
  for (ShardFacts& facts : shards_) {
    if (facts.serving != at.node) continue;
    facts.serving = NodeId::none();
    facts.serving_changed_at = at.true_time;
  }
}

void Oracle::take(const hook::Booting& boot, const At& at) {
  NodeFacts& facts = node(at.node);
  facts.up = true;
  facts.incarnation = at.incarnation;
  facts.version = boot.version;
  facts.was_disk_rotten = boot.is_disk_rotten;
  facts.has_lost_data |= boot.is_disk_rotten;
  facts.up_since = at.true_time;
  facts.adopted_first = Revision();
  // The lease is forgotten with the rest of the memory, and the clock may have started anew.
  facts.lease_until = Instant();
  for (ShardFacts& shard : shards_) {
    HeldCopy* copy = shard.find(at.node);
    if (copy != nullptr && !copy->destroyed) copy->awaits_recovery = true;
  }
}

void Oracle::take(const hook::Booted&, const At& at) {
  for (ShardFacts& shard : shards_) {
    HeldCopy* copy = shard.find(at.node);
    if (copy == nullptr || !copy->awaits_recovery) continue;
    if (node(at.node).was_disk_rotten) {
      destroy(shard, *copy);
    } else {
      shard.forget(at.node);
    }
  }
}

void Oracle::excuse(ShardId id, std::string reason, const At& at) {
  ShardFacts& facts = shard(id);
  if (facts.excused) return;
  facts.excused = true;
  excused_.push_back({id, at.true_time, std::move(reason)});
}

void Oracle::destroy(ShardFacts& shard, HeldCopy& copy) {
  if (shard.lineage.contains(copy.durable, shard.acknowledged)) ++shard.destroyed;
  copy.destroyed = true;
  copy.awaits_recovery = false;
  // Whoever was told before that there is no copy knows nothing of this loss.
  copy.missed_by = NodeId::none();
}

void Oracle::take(const hook::DiskDestroyed&, const At& at) {
  node(at.node).has_lost_data = true;
  for (ShardFacts& shard : shards_) {
    HeldCopy* copy = shard.find(at.node);
    if (copy != nullptr && !copy->destroyed) destroy(shard, *copy);
  }
}

void Oracle::take(const hook::DiskUsed& disk, const At& at) {
  NodeFacts& facts = node(at.node);
  facts.used = disk.used;
  facts.capacity = disk.capacity;
  // An unlimited disk, as most are, costs no division.
  Bytes room = Bytes::max();
  bool is_full = false;
  if (disk.capacity != Bytes(0)) {
    const Bytes limit(config_.bounds.disk_high_watermark.of(disk.capacity.count()));
    room = limit - std::min(disk.used, limit);
    is_full = disk.used > limit;
  }
  facts.room.note(room, at.true_time, config_.disk_unknown_for());
  if (!is_full) {
    facts.full_since = Instant::never();
  } else if (facts.full_since == Instant::never()) {
    facts.full_since = at.true_time;
  }
}

// --- Leadership -------------------------------------------------------------------------------

void Oracle::take(const fact::OfficeTaken& office, const At& at) {
  office_version_ = node(at.node).version;
  office_term_ = office.term;
}

const VersionTraits& Oracle::version_of_office(NodeId node, Term term) const {
  return term == office_term_ ? config_.versions[office_version_] : version_of(node);
}

std::vector<std::uint64_t> Oracle::bytes_held(std::size_t nodes) const {
  std::vector<std::uint64_t> held(nodes);
  for (std::uint32_t i = 0; i < shard_count(); ++i) {
    for (const NodeId node : holdings_.holders(ShardId(i))) {
      if (node.value() < nodes) held[node.value()] += shard(ShardId(i)).stored.count();
    }
  }
  return held;
}

void Oracle::take(const fact::ChangeProposed& change, const At& at) {
  shard(change.shard).proposed_at = at.true_time;
  shard(change.shard).proposed_with = node(at.node).adopted;
  shard(change.shard).proposed_by_clock = at.local_time;
  shard(change.shard).proposed_as = change.intent;
}

void Oracle::take(const fact::TableAdopted& table, const At& at) {
  NodeFacts& facts = node(at.node);
  facts.adopted = table.revision;
  if (facts.adopted_first == Revision()) facts.adopted_first = table.revision;
}

void Oracle::take(const fact::LeadershipTaken& leadership, const At& at) {
  ShardFacts& facts = shard(leadership.shard);
  // A leader that was cut off may find out by this step that it has a successor.
  if (facts.serving.has_value() && leadership.epoch < facts.serving_in) return;
  facts.serving = at.node;
  facts.serving_in = leadership.epoch;
  facts.serving_changed_at = at.true_time;
}

void Oracle::take(const fact::LeadershipLeft& leadership, const At& at) {
  ShardFacts& facts = shard(leadership.shard);
  if (facts.serving != at.node) return;
  facts.serving = NodeId::none();
  facts.serving_changed_at = at.true_time;
}

// --- Copies -----------------------------------------------------------------------------------

void Oracle::take(const fact::CopyRecovered& recovered, const At& at) {
  HeldCopy& copy = obtain(shard(recovered.shard), at.node);
  copy.durable = recovered.last;
  copy.recovered = recovered.last;
  copy.applied = recovered.applied;
  copy.destroyed = false;
  copy.staging = false;
  copy.awaits_recovery = false;
}

void Oracle::take(const fact::CopyCreated& created, const At& at) {
  ShardFacts& facts = shard(created.shard);
  HeldCopy& copy = obtain(facts, at.node);
  HeldCopy begun;
  begun.node = at.node;
  begun.told = copy.told;
  // With the others it begins a shard in which nothing is yet.
  if (node(at.node).has_lost_data && facts.applied != Version::zero()) {
    begun.begun_empty_at = at.true_time;
    begun.begun_empty_in_event = at.event;
  }
  copy = begun;
}

void Oracle::take(const hook::DurabilityTold& told, const At& at) {
  HeldCopy* copy = shard(told.shard).find(at.node);
  if (copy != nullptr) copy->told = {told.last, at.true_time, at.event};
}

void Oracle::take(const fact::ChunkStaged& chunk, const At& at) {
  ShardFacts& facts = shard(chunk.shard);
  facts.progress_at = at.true_time;
  if (HeldCopy* copy = facts.find(at.node)) copy->staging = true;
}

void Oracle::take(const fact::CopyInstalled& installed, const At& at) {
  ShardFacts& facts = shard(installed.shard);
  facts.progress_at = at.true_time;
  HeldCopy& copy = obtain(facts, at.node);
  // Entries that follow the copy may have been applied before it was durable.
  const bool goes_on = copy.applied > installed.applied && copy.durable <= installed.applied;
  if (!goes_on) copy.applied = installed.applied;
  copy.durable = installed.applied;
  copy.destroyed = false;
  copy.staging = false;
  copy.begun_empty_in_event = 0;
}

void Oracle::take(const fact::CopyReported& reported, const At&) {
  const ShardInfo* info = table().find_shard(reported.shard);
  const bool has_switched = info != nullptr && info->migration &&
                            info->migration->phase >= MigrationPhase::Switch &&
                            info->epoch == reported.epoch;
  if (!has_switched) return;
  ShardFacts& facts = shard(reported.shard);
  const auto held = std::count_if(info->replicas.begin(), info->replicas.end(), [&](NodeId node) {
    return facts.holds(node, facts.acknowledged);
  });
  if (held == 0) return;
  // On this word the source's copy goes: nobody can know what becomes of a disk on the way.
  facts.promised = std::min(facts.promised, static_cast<std::uint32_t>(held) + facts.destroyed);
}

void Oracle::take(const fact::CopyMissed& missed, const At& at) {
  HeldCopy* copy = shard(missed.shard).find(missed.node);
  if (copy == nullptr) return;
  copy->missed_by = at.node;
  copy->missed_in = at.incarnation;
}

void Oracle::take(const fact::CopyDropped& dropped, const At& at) {
  ShardFacts& facts = shard(dropped.shard);
  facts.progress_at = at.true_time;
  facts.forget(at.node);
  // A commit has left fewer: that is what the table promises from now on.
  facts.promised = std::min(facts.promised, facts.survivors() + facts.destroyed);
}

// --- Entries ----------------------------------------------------------------------------------

void Oracle::take(const fact::WriteAccepted& write, const At&) {
  shard(write.shard).lineage.accept(write.entry->version, write.previous);
}

void Oracle::take(const fact::EntriesDurable& entries, const At& at) {
  HeldCopy& copy = obtain(shard(entries.shard), at.node);
  copy.durable = std::max(copy.durable, entries.last);
}

void Oracle::take(const fact::TailTruncated& tail, const At& at) {
  ShardFacts& facts = shard(tail.shard);
  HeldCopy* copy = facts.find(at.node);
  if (copy == nullptr || tail.last_kept >= copy->durable.index) return;
  copy->durable = facts.lineage.version_at(copy->durable, tail.last_kept);
}

void Oracle::take(const fact::EntryApplied& applied, const At& at) {
  ShardFacts& facts = shard(applied.shard);
  const Version version = applied.entry->version;
  obtain(facts, at.node).applied = version;
  if (version.index <= facts.applied.index) return;
  apply(applied.shard, facts, *applied.entry);
  facts.applied = version;
}

void Oracle::apply(ShardId id, ShardFacts& facts, const LogEntry& entry) {
  const CollectionConfig& collection = collection_of(id);
  // From the last on: of several mutations of one key the last one counts.
  for (auto it = entry.mutations.rbegin(); it != entry.mutations.rend(); ++it) {
    const Document& document = *it->document;
    const KeyMemo::Entry& sought = seek(id, document.key);
    KeyState& key = sought.index != KeyState::kNoKey ? keys_.at(sought.index)
                                                     : keys_.obtain(sought.tag, facts.first_key);
    if (key.applied >= entry.version) continue;
    KeyDetail& detail = keys_.detail(key);
    if (key.applied != Version::zero()) {
      facts.digest -= key.digest;
      facts.stored -= detail.stored;
      --(key.tombstone ? facts.tombstones : facts.live);
    }
    key.applied = entry.version;
    key.tombstone = it->tombstone;
    detail.stored = stored_size(document, it->tombstone);
    key.digest =
        document_digest_hashed(key.tag.hash, entry.version, it->tombstone, document.content);
    detail.shard_key = shard_key_hash(collection, document);
    facts.digest += key.digest;
    facts.stored += detail.stored;
    ++(key.tombstone ? facts.tombstones : facts.live);
  }
}

void Oracle::take(const fact::WriteAcknowledged& write, const At&) {
  ShardFacts& facts = shard(write.shard);
  const Version version = write.entry->version;
  for (const Mutation& mutation : write.entry->mutations) {
    const std::uint32_t index = seek(write.shard, mutation.document->key).index;
    if (index == KeyState::kNoKey) continue;
    KeyState& key = keys_.at(index);
    key.observed = std::max(key.observed, version);
  }
  if (version <= facts.acknowledged) return;
  facts.acknowledged = version;
  const std::uint32_t concern = collection_of(write.shard).write_concern;
  NodeList counted = write.required;
  if (may_learners_go(write.shard)) {
    for (const NodeId node : table_.shards()[write.shard.value()].learners) {
      erase_node(counted, node);
    }
  }
  const auto required = static_cast<std::uint32_t>(counted.size());
  const bool lowered = concern != 0 && concern < required;
  facts.promised = lowered ? concern : required;
  facts.destroyed = 0;
  for (const NodeId node : counted) {
    const HeldCopy* copy = facts.find(node);
    const bool never_had_it =
        lowered && (copy == nullptr || !facts.lineage.contains(copy->durable, version));
    if (!never_had_it && (copy == nullptr || copy->destroyed)) ++facts.destroyed;
  }
}

void Oracle::take(const fact::ReadServed& read, const At&) {
  const std::uint32_t index = seek(read.shard, read.operation->document->key).index;
  if (index == KeyState::kNoKey) return;
  KeyState& key = keys_.at(index);
  key.observed = std::max(key.observed, read.result.version);
}

void Oracle::take(const fact::ScanPartServed&, const At&) { scanned_ = nullptr; }

}  // namespace shardproof::sim::check
