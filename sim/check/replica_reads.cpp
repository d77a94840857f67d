// SPDX-License-Identifier: Apache-2.0
#include "sim/check/replica_reads.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

namespace {

/// As long as that may have taken which a clock of the version takes for `span`.
Nanoseconds longest_for(Nanoseconds span, const Timing& timing) {
  const std::int64_t leases = span.count() / timing.node_lease.count() + 1;
  return span + timing.clock_error_bound * leases;
}

}  // namespace

Nanoseconds age_max(const CheckConfig& config) {
  Nanoseconds oldest;
  for (const VersionTraits& version : config.versions) {
    oldest = std::max(oldest, longest_for(version.timing.staleness_bound, version.timing));
  }
  return oldest;
}

ReplicaReads::ReplicaReads(Oracle& oracle, Findings& findings)
    : Monitor(oracle, findings),
      is_enabled_(oracle.config().replica_reads),
      slice_(age_max(oracle.config()) / static_cast<std::int64_t>(AcknowledgedWindow::kSlices / 2) +
             Nanoseconds(1)) {}

std::uint64_t ReplicaReads::slice_of(Instant time) const {
  return static_cast<std::uint64_t>(time.count() / slice_.count());
}

// --- Where reads are served -------------------------------------------------------------------

void ReplicaReads::on(const fact::ReplicaReadServed& read, const At& at) {
  evaluated();
  if (oracle_.shard(read.shard).excused) return;
  const std::string fault = find_fault(read, at);
  if (fault.empty()) return;
  report(at, {read.shard, {at.node}, {read.epoch, read.applied.epoch}},
         fmt::format("{} answered a read of \"{}\" in {} as a replica at {} with {}, from a copy "
                     "applied up to {} that had asked its leader {} before: {}",
                     at.node, read.operation->document->key, read.shard, read.epoch,
                     answer_text(read.result), read.applied,
                     human_duration(at.local_time - read.confirmed_at), fault));
}

std::string ReplicaReads::find_fault(const fact::ReplicaReadServed& read, const At& at) const {
  if (std::string fault = find_wrong_place(read, at); !fault.empty()) return fault;
  if (std::string fault = find_uncommitted(read); !fault.empty()) return fault;
  const SessionMark& session = read.operation->session;
  if (session.shard == read.shard && read.applied < session.version) {
    return fmt::format("it lacks {}, which the client's session has seen{}", session.version,
                       newest_text(read));
  }
  if (std::string fault = find_staleness(read, at); !fault.empty()) return fault;
  return find_wrong_content(read);
}

std::string ReplicaReads::find_wrong_place(const fact::ReplicaReadServed& read,
                                           const At& at) const {
  const ShardInfo& info = oracle_.table().shards()[read.shard.value()];
  if (read.epoch > info.epoch) return fmt::format("the table is at {} only", info.epoch);
  if (contains(info.replicas, at.node)) return {};
  // Every change of the in-sync set raises the epoch, and who was taken out may not know it yet.
  const HeldCopy* copy = oracle_.shard(read.shard).find(at.node);
  const bool was_in_sync = copy != nullptr && copy->excluded_at != Revision();
  if (read.epoch < info.epoch && was_in_sync) return {};
  return fmt::format("it is not in sync at {} ({})", info.epoch, copies_text(info));
}

std::string ReplicaReads::find_uncommitted(const fact::ReplicaReadServed& read) const {
  const ShardFacts& shard = oracle_.shard(read.shard);
  if (!shard.lineage.contains(shard.applied, read.applied)) {
    return fmt::format("that is not committed: no more than {} is", shard.applied);
  }
  if (read.applied <= shard.acknowledged) return {};
  const std::uint32_t concern = oracle_.collection_of(read.shard).write_concern;
  const ShardInfo& info = oracle_.table().shards()[read.shard.value()];
  std::size_t held = 0;
  NodeId lacking;
  for (const HeldCopy& copy : shard.copies) {
    const bool holds = shard.lineage.contains(copy.durable, read.applied);
    if (holds) ++held;
    // A copy without what was acknowledged is another finding, or has lost its disk.
    const bool counts = contains(info.replicas, copy.node) && !copy.destroyed &&
                        shard.lineage.contains(copy.durable, shard.acknowledged);
    if (!holds && counts) lacking = copy.node;
  }
  if (concern == 0 && lacking.has_value()) {
    return fmt::format("that is not committed: {} is in sync and does not have {} on disk", lacking,
                       read.applied);
  }
  if (concern != 0 && held < std::min<std::size_t>(concern, info.replicas.size())) {
    return fmt::format("that is not committed: {} copies have {} on disk, and {} are asked for",
                       held, read.applied, concern);
  }
  return {};
}

std::string ReplicaReads::find_staleness(const fact::ReplicaReadServed& read, const At& at) const {
  const Timing& timing = oracle_.version_of(at.node).timing;
  const Nanoseconds bound = timing.staleness_bound;
  const Nanoseconds age = at.local_time - read.confirmed_at;
  if (age > bound) {
    return fmt::format("by its own clock that is {} beyond the bound of {}",
                       human_duration(age - bound), human_duration(bound));
  }
  // What was acknowledged when it asked is committed in whatever it was answered.
  const Nanoseconds asked_ago = longest_for(std::max(age, Nanoseconds(0)), timing) + slice_;
  if (at.true_time < Instant(asked_ago) || read.shard.value() >= acknowledged_.size()) return {};
  const Version needed =
      acknowledged_[read.shard.value()].until(slice_of(at.true_time - asked_ago));
  if (read.applied >= needed) return {};
  return fmt::format("it lacks {}, which was acknowledged before it asked its leader{}", needed,
                     newest_text(read));
}

std::string ReplicaReads::newest_text(const fact::ReplicaReadServed& read) const {
  const std::string& key = read.operation->document->key;
  const KeyState* known = oracle_.keys().find(tag_of(read.shard, key));
  if (known == nullptr) return fmt::format("; \"{}\" was never written", key);
  return fmt::format("; \"{}\" was last {} at {}", key, known->tombstone ? "deleted" : "written",
                     known->applied);
}

std::string ReplicaReads::find_wrong_content(const fact::ReplicaReadServed& read) const {
  const VersionedDocument& result = read.result;
  const KeyTag tag = tag_of(read.shard, read.operation->document->key);
  FormerStates::State expected;
  const KeyState* known = oracle_.keys().find(tag);
  if (known != nullptr && known->applied <= read.applied) {
    expected = {tag, known->applied, Version(), known->digest, known->tombstone};
  } else if (known != nullptr) {
    const FormerStates::State* former = former_.find(tag, read.applied);
    if (former == nullptr) {
      return result.version <= read.applied ? std::string() : "that is a later write";
    }
    expected = *former;
  }
  if (result.version != expected.since) {
    if (expected.since == Version::zero()) return "as of there it was never written";
    return fmt::format("as of there it was last {} at {}",
                       expected.tombstone ? "deleted" : "written", expected.since);
  }
  const bool is_nothing = expected.tombstone || expected.since == Version::zero();
  if (is_nothing == (result.document != nullptr)) {
    return is_nothing ? "that document does not live" : "that document lives";
  }
  if (is_nothing) return {};
  const std::uint64_t digest =
      document_digest_hashed(tag.hash, result.version, false, result.document->content);
  return digest == expected.digest ? std::string() : "that version has another content";
}

// --- What has to be known of the past ---------------------------------------------------------

void ReplicaReads::on(const fact::EntryApplied& applied, const At&) {
  if (!is_enabled_) return;
  const Version version = applied.entry->version;
  if (version.index <= oracle_.shard(applied.shard).applied.index) return;
  for (const Mutation& mutation : applied.entry->mutations) {
    const KeyTag tag = tag_of(applied.shard, mutation.document->key);
    former_.note(tag, oracle_.keys().find(tag), version);
  }
}

void ReplicaReads::on(const fact::WriteAcknowledged& write, const At& at) {
  if (!is_enabled_) return;
  if (write.shard.value() >= acknowledged_.size()) acknowledged_.resize(write.shard.value() + 1);
  acknowledged_[write.shard.value()].note(slice_of(at.true_time), write.entry->version);
}

// --- Where they arrive ------------------------------------------------------------------------

void ReplicaReads::on(const hook::Invoked& invoked, const At&) {
  if (!is_enabled_ || invoked.request.client.is_none()) return;
  const std::uint32_t client = invoked.request.client.value();
  if (client >= clients_.size()) clients_.resize(client + 1);
  clients_[client].sequence = invoked.request.sequence;
  clients_[client].reads_replica = invoked.operation->read_from == ReadFrom::Replica;
}

void ReplicaReads::on(const hook::Replied& replied, const At& at) {
  const message::ClientReply& reply = replied.reply;
  const ShardId shard = reply.session.shard;
  if (!is_enabled_ || shard.is_none() || reply.request.client.is_none()) return;
  const std::uint32_t number = reply.request.client.value();
  if (number >= clients_.size() || clients_[number].sequence != reply.request.sequence) return;
  SessionMark& seen = clients_[number].seen[shard.value() % Client::kMarks];
  if (seen.shard != shard) seen = {shard, Version()};
  const Version told = reply.session.version;
  if (clients_[number].reads_replica) {
    evaluated();
    const Version needed = std::max(seen.version, reply.result.version);
    if (told < needed && !oracle_.shard(shard).excused) {
      report(at, {shard, {}, {told.epoch, needed.epoch}},
             fmt::format("{} was answered with {} from what a copy of {} had up to {}: that lacks "
                         "{}, of which its client has been told",
                         reply.request, answer_text(reply.result), shard, told, needed));
    }
  }
  // Who is refused a write may be told of one that is not committed yet.
  const Version written = reply.status == ReplyStatus::Ok ? reply.result.version : Version();
  seen.version = std::max({seen.version, told, written});
}

}  // namespace shardproof::sim::check
