// SPDX-License-Identifier: Apache-2.0
#include "sim/check/ack_honesty.hpp"

#include <algorithm>

#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

namespace {

/// What is on the disk of a copy, or that there is none.
std::string disk_text(const HeldCopy* copy) {
  if (copy == nullptr) return "no copy";
  return fmt::format("{}{}", copy->durable, copy->destroyed ? " on a disk that was destroyed" : "");
}

}  // namespace

AckHonesty::Client& AckHonesty::client(ClientId id) {
  if (id.value() >= clients_.size()) clients_.resize(id.value() + 1);
  return clients_[id.value()];
}

void AckHonesty::note_success(RequestId request) {
  if (request.client.is_none() || is_internal(request.client)) return;
  Client& known = client(request.client);
  known.acknowledged = std::max(known.acknowledged, request.sequence);
}

void AckHonesty::on(const fact::WriteAcknowledged& write, const At& at) {
  evaluated();
  const RequestId request = write.entry->request;
  note_success(request);
  const ShardFacts& shard = oracle_.shard(write.shard);
  if (shard.excused) return;
  const ShardInfo& info = oracle_.table().shards()[write.shard.value()];
  // Copies of a retired shard go at once, whatever of a move that was given up is on its way there:
  // nobody reads it.
  if (info.status == ShardStatus::Retired && is_internal(request.client)) return;
  const std::uint32_t concern = oracle_.collection_of(write.shard).write_concern;
  // With a lowered concern the promise is a number of copies: of those in sync at the leader's
  // epoch.
  const NodeList& asked = concern == 0 ? info.replicas : write.required;
  std::size_t missing = 0;
  NodeId lacking;
  for (const NodeId node : asked) {
    // A disk that was destroyed after its node confirmed cannot be known of.
    const HeldCopy* copy = shard.find(node);
    if (copy != nullptr && shard.lineage.contains(copy->durable, write.entry->version)) continue;
    ++missing;
    lacking = node;
  }
  const std::size_t held = asked.size() - missing;
  const bool enough =
      concern == 0 ? missing == 0 : held >= std::min<std::size_t>(concern, asked.size());
  if (!enough) {
    report(
        at, {write.shard, {at.node, lacking}, {write.epoch, info.epoch}},
        fmt::format("{} acknowledged {} of {} in {}, which {}, when {} of {} in-sync copies had it "
                    "on disk (write concern {}); {} has {}",
                    at.node, write.entry->version, request, write.shard, effect_text(*write.entry),
                    held, asked.size(), concern == 0 ? "all" : fmt::format("{}", concern), lacking,
                    disk_text(shard.find(lacking))));
  }
}

void AckHonesty::on(const fact::RetryAnswered& retry, const At& at) {
  evaluated();
  if (retry.outcome == ReplyStatus::Ok) note_success(retry.request);
  const ShardFacts& shard = oracle_.shard(retry.shard);
  if (shard.excused || shard.lineage.contains(shard.applied, retry.version)) return;
  report(
      at, {retry.shard, {at.node}, {retry.epoch, retry.version.epoch}},
      fmt::format("{} answered {} in {} at {} as decided at {}, which no copy has applied: none "
                  "is beyond {}",
                  at.node, retry.request, retry.shard, retry.epoch, retry.version, shard.applied));
}

void AckHonesty::on(const hook::DurabilityTold& told, const At& at) {
  evaluated();
  const ShardFacts& shard = oracle_.shard(told.shard);
  const HeldCopy* copy = shard.find(at.node);
  if (shard.excused || (copy != nullptr && copy->destroyed)) return;
  const Version end = copy != nullptr ? copy->durable : Version::zero();
  if (shard.lineage.contains(end, told.last)) return;
  report(at, {told.shard, {at.node}, {told.epoch, told.last.epoch}},
         fmt::format(
             "{} tells the leader of {} at {} that its disk has everything up to {}, and it has "
             "no more than {}",
             at.node, told.shard, told.epoch, told.last, end));
}

void AckHonesty::on(const hook::PositionTold& told, const At& at) {
  const message::PositionReply& reply = told.reply;
  const ShardFacts& shard = oracle_.shard(reply.shard);
  const HeldCopy* copy = shard.find(at.node);
  // Of an older epoch the coordinator believes nothing.
  const ShardInfo* info = oracle_.table().find_shard(reply.shard);
  if (info == nullptr || info->epoch != reply.epoch) return;
  if (shard.excused || copy == nullptr) return;
  evaluated();
  const bool was_there = copy->destroyed && copy->durable != Version();
  if (reply.copy == message::CopyOnDisk::NotBegun && was_there) {
    report(at, {reply.shard, {at.node}, {reply.epoch}},
           fmt::format("{} tells the coordinator that it never had a copy of {} on its disk, and "
                       "it had one up to {}, which is destroyed",
                       at.node, reply.shard, copy->durable));
  }
  const bool is_kept = reply.copy == message::CopyOnDisk::Kept && !copy->destroyed;
  if (!is_kept || shard.lineage.contains(copy->durable, reply.last)) return;
  report(at, {reply.shard, {at.node}, {reply.epoch, reply.last.epoch}},
         fmt::format("{} tells the coordinator that its disk has everything of {} up to {}, and it "
                     "has no more than {}",
                     at.node, reply.shard, reply.last, copy->durable));
}

void AckHonesty::on(const hook::UpToDateTold& told, const At& at) {
  const ShardInfo* info = oracle_.table().find_shard(told.shard);
  const ShardFacts& shard = oracle_.shard(told.shard);
  // Of an older epoch the coordinator believes nothing.
  if (info == nullptr || info->epoch != told.epoch || shard.excused) return;
  evaluated();
  const HeldCopy* copy = shard.find(told.node);
  if (copy != nullptr && copy->destroyed) {
    // Before the node has said so it cannot be known of.
    if (copy->missed_by != at.node || copy->missed_in != at.incarnation) return;
  } else if (copy != nullptr && shard.lineage.contains(copy->durable, shard.acknowledged)) {
    return;
  }
  const bool has_copy = copy != nullptr && !copy->destroyed;
  report(
      at, {told.shard, {at.node, told.node}, {told.epoch}},
      fmt::format("{} tells the coordinator that {} has every acknowledged write of {} at {}: {}, "
                  "and {} was acknowledged",
                  at.node, told.node, told.shard, told.epoch,
                  has_copy ? fmt::format("no more than {} is on its disk", copy->durable)
                           : "it has no copy",
                  shard.acknowledged));
}

void AckHonesty::on(const hook::Invoked& invoked, const At&) {
  if (invoked.request.client.is_none()) return;
  client(invoked.request.client).writes = is_write(invoked.operation->kind);
}

void AckHonesty::on(const hook::Replied& replied, const At& at) {
  const message::ClientReply& reply = replied.reply;
  if (reply.status != ReplyStatus::Ok || reply.request.client.is_none()) return;
  const Client& known = client(reply.request.client);
  if (!known.writes) return;
  evaluated();
  if (known.acknowledged == reply.request.sequence) return;
  report(at, {},
         fmt::format("{} was told that its write took effect at {}, and no leader acknowledged it: "
                     "the last one of that client that was is #{}",
                     reply.request, reply.result.version, known.acknowledged));
}

}  // namespace shardproof::sim::check
