// SPDX-License-Identifier: Apache-2.0
#include "sim/check/one_history.hpp"

#include <algorithm>
#include <utility>

#include "core/base/humanise.hpp"
#include "sim/check/key_names.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

bool is_barrier(const LogEntry& entry) {
  return entry.mutations.empty() && entry.request.client.is_none();
}

}  // namespace

void OneHistory::report_history(const At& at, const Subject& subject, std::string detail) {
  for (const HeldCopy& copy : oracle_.shard(subject.shard).copies) {
    detail += begun_empty_text(copy, findings_);
  }
  report(at, subject, std::move(detail));
}

bool OneHistory::begins_again(const fact::WriteAccepted& write) const {
  if (oracle_.config().has_cluster_manager || !is_barrier(*write.entry)) return false;
  const LogLineage& lineage = oracle_.shard(write.shard).lineage;
  const Version version = write.entry->version;
  const bool is_same_place = lineage.knows(version) && write.previous.epoch < version.epoch &&
                             lineage.version_at(version, write.previous.index) == write.previous;
  return is_same_place && !lineage.knows({version.epoch, version.index.next()});
}

void OneHistory::on(const fact::WriteAccepted& write, const At& at) {
  evaluated();
  const Version version = write.entry->version;
  if (oracle_.shard(write.shard).lineage.accepts(version, write.previous)) return;
  if (begins_again(write)) return;
  report_history(at, {write.shard, {at.node}, {version.epoch, write.previous.epoch}},
                 fmt::format("{} placed {}, which {}, at {} behind {} in {}: {}", at.node,
                             write.entry->request, effect_text(*write.entry), version,
                             write.previous, write.shard,
                             oracle_.shard(write.shard).lineage.knows(version)
                                 ? "that place is taken"
                                 : "that does not follow from what was accepted before"));
}

void OneHistory::on(const fact::EntryApplied& applied, const At& at) {
  evaluated();
  const ShardFacts& shard = oracle_.shard(applied.shard);
  const Version version = applied.entry->version;
  const HeldCopy* copy = shard.find(at.node);
  if (copy != nullptr && !copy->staging && version.index > copy->applied.index.next()) {
    report_history(
        at, {applied.shard, {at.node}, {version.epoch, shard.applied.epoch}},
        fmt::format("{} applied {} of {} right after {}: it has left out what is between", at.node,
                    version, applied.shard, copy->applied));
  }
  const bool is_new = version.index > shard.applied.index;
  const bool fits = is_new ? shard.lineage.contains(version, shard.applied)
                           : shard.lineage.contains(shard.applied, version);
  if (!fits && !shard.excused) report_parting(applied, at);
  if (is_new && applied.entry->request.client.has_value()) check_request(applied, at);
}

void OneHistory::report_parting(const fact::EntryApplied& applied, const At& at) {
  const ShardFacts& shard = oracle_.shard(applied.shard);
  const ShardInfo& info = oracle_.table().shards()[applied.shard.value()];
  const Version version = applied.entry->version;
  const auto other = std::find_if(
      shard.copies.begin(), shard.copies.end(),
      [&](const HeldCopy& held) { return held.node != at.node && held.applied == shard.applied; });
  const bool is_there = other != shard.copies.end();
  const Version common = shard.lineage.last_common(version, shard.applied);
  const LogIndex next = common.index.next();
  report_history(
      at, {applied.shard, {at.node}, {version.epoch, shard.applied.epoch}},
      fmt::format("{} applied {} of {}, and {} has applied up to {}: their logs part behind {}, "
                  "where the first has {} and the second {}; by the table {} leads at {}",
                  at.node, version, applied.shard,
                  is_there ? fmt::format("{}", other->node) : "another copy", shard.applied, common,
                  shard.lineage.version_at(version, next),
                  shard.lineage.version_at(shard.applied, next), human_node(info.leader),
                  info.epoch));
}

void OneHistory::check_request(const fact::EntryApplied& applied, const At& at) {
  const RequestId request = applied.entry->request;
  Session& known = session(applied.shard, request.client);
  // What was lost with the disks that had it has no effect, and nobody remembers that it had one:
  // whether it could be lost is for others to judge.
  const bool is_there =
      oracle_.shard(applied.shard).lineage.contains(applied.entry->version, known.version);
  if (known.sequence == request.sequence && is_there) {
    report_history(
        at, {applied.shard, {at.node}, {applied.entry->epoch(), known.version.epoch}},
        fmt::format("{}, which {}, takes effect a second time: at {} in {}, as {} applies it, and "
                    "before at {}",
                    request, effect_text(*applied.entry), applied.entry->version, applied.shard,
                    at.node, known.version));
  }
  if (known.sequence > request.sequence && is_there) {
    report_history(
        at, {applied.shard, {at.node}, {applied.entry->epoch(), known.version.epoch}},
        fmt::format("{} takes effect at {} in {}, behind #{} of the same client at {}: its "
                    "client had long gone on",
                    request, applied.entry->version, applied.shard, known.sequence, known.version));
  }
  known.sequence = request.sequence;
  known.version = applied.entry->version;
  if (applied.entry->mutations.empty() || !was_refused(request)) return;
  report_history(
      at, {applied.shard, {at.node}, {applied.entry->epoch()}},
      fmt::format("{} takes effect at {} in {}, after its client was told that it was refused",
                  request, known.version, applied.shard));
}

void OneHistory::on(const hook::Replied& replied, const At&) {
  const message::ClientReply& reply = replied.reply;
  const bool is_without_effect = is_refusal(reply.status) || is_retryable(reply.status);
  if (!is_without_effect || reply.request.client.is_none()) return;
  const std::size_t client = reply.request.client.value();
  if (client >= refused_.size()) refused_.resize(client + 1);
  refused_[client].push_back(reply.request.sequence);
}

bool OneHistory::was_refused(RequestId request) const {
  const std::size_t client = request.client.value();
  return client < refused_.size() &&
         std::binary_search(refused_[client].begin(), refused_[client].end(), request.sequence);
}

void OneHistory::on(const fact::CopyInstalled& installed, const At& at) {
  const ShardFacts& shard = oracle_.shard(installed.shard);
  // Of an older position the content is not known any more: the audit compares the documents.
  if (shard.excused || installed.applied != shard.applied) return;
  evaluated();
  if (installed.digest == shard.digest) return;
  const auto odd_document = [this, id = installed.shard, node = at.node](const AuditView& view) {
    if (!view.is_up(node) || !view.store(node).holds(id)) return std::string();
    return odd_document_text(oracle_, view, id, node);
  };
  report(at, {installed.shard, {at.node}, {installed.epoch}},
         fmt::format("{} installed a copy of {} as of {} with digest {:016x}, and the content is "
                     "{:016x} there",
                     at.node, installed.shard, installed.applied, installed.digest, shard.digest),
         odd_document);
}

OneHistory::Session& OneHistory::session(ShardId shard, ClientId client) {
  if ((used_ + 1) * 2 > sessions_.size()) grow();
  const std::uint64_t key = (std::uint64_t{shard.value()} << 32 | client.value()) + 1;
  const std::size_t mask = sessions_.size() - 1;
  std::size_t at = mix64(key) & mask;
  while (sessions_[at].key != 0 && sessions_[at].key != key) at = (at + 1) & mask;
  if (sessions_[at].key == 0) {
    sessions_[at].key = key;
    ++used_;
  }
  return sessions_[at];
}

void OneHistory::grow() {
  std::vector<Session> larger(sessions_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (Session& session : sessions_) {
    if (session.key == 0) continue;
    std::size_t at = mix64(session.key) & mask;
    while (larger[at].key != 0) at = (at + 1) & mask;
    larger[at] = session;
  }
  sessions_.swap(larger);
}

}  // namespace shardproof::sim::check
