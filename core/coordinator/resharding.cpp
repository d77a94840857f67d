// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/resharding.hpp"

#include <algorithm>

#include "core/coordinator/enable_sharding.hpp"
#include "core/coordinator/shard_changes.hpp"

namespace shardproof {
namespace {

using message::ShardEvent;
using Stage = Progress::Stage;

ShardInfo retired(const ShardInfo& shard) {
  ShardInfo after = shard;
  change::retire(after);
  return change::sealed(std::move(after), shard);
}

RecordKey key_of_collection(CollectionId id) { return {RecordKind::Collection, id.value()}; }

/// Asks, or asks again; the answer to exactly this question, or null while there is none.
const ReshardNotes::Check* ask(const CollectionConfig& wanted, const ShardInfo& shard,
                               Tenure& tenure, Step& step) {
  const std::uint64_t question = record_digest(wanted);
  ReshardNotes::Check& check = tenure.reshards.checks[shard.id];
  const bool is_same = check.question == question && check.epoch == shard.epoch;
  if (is_same && check.is_answered) return &check;
  if (is_same && step.now < check.asked_last + step.config.timing.resend_after) return nullptr;
  check = {question, shard.epoch, step.now, false, {}};
  step.effects.send(Endpoint::node(shard.leader),
                    message::ReshardCheck{shard.id, shard.epoch,
                                          std::make_shared<const CollectionConfig>(wanted)});
  return nullptr;
}

/// What the move of documents has to wait for; null if it can begin now.
const char* what_delays_it(const CollectionConfig& wanted, const ShardInfo& shard,
                           const Tenure& tenure, const Step& step) {
  if (!tenure.detector.is_alive(shard.leader)) return "a living leader of its shard";
  if (shard.migration) return "the end of its shard's migration";
  const bool is_busy = tenure.proposals.is_busy(shard.id) ||
                       tenure.proposals.is_busy(key_of_collection(shard.collection)) ||
                       tenure.proposals.is_busy(key_of_collection(next_collection(step.table)));
  if (is_busy) return "the commit of a change of it, of its shard, or of another collection";
  return what_delays_placing(wanted.replication_factor, tenure, step.table);
}

Progress begin(const CollectionConfig& present, const CollectionConfig& wanted, Tenure& tenure,
               Step& step) {
  const ShardInfo& shard = *step.table.find_shard(present.first_shard);
  CollectionConfig target = wanted;
  // Writes that had been accepted may yet be logged in the epoch that begins now.
  target.first_epoch = shard.epoch.next().next();
  auto records = records_of_new(target, {}, tenure, step);
  if (!records) return {Stage::Refused, records.error().message};
  CollectionConfig moving = present;
  moving.moving_to = std::get<CollectionConfig>(records->front()).id;
  records->push_back(std::move(moving));
  records->push_back(change::sealed(shard, shard));
  tenure.proposals.propose(std::move(*records), "reshard", step);
  tenure.reshards.checks.erase(shard.id);
  return waiting("its commit");
}

void finish(const CollectionConfig& present, const ShardInfo& shard, Tenure& tenure, Step& step) {
  CollectionConfig after = present;
  after.successor = std::exchange(after.moving_to, CollectionId::none());
  tenure.proposals.propose(std::vector<Record>{after, retired(shard)}, "resharded", step);
}

/// Everything as before step 2; false while something of the new collection is being changed.
bool give_up(const CollectionConfig& present, const ShardInfo& shard, Tenure& tenure, Step& step) {
  CollectionConfig after = present;
  CollectionConfig target = *step.table.find_collection(present.moving_to);
  after.moving_to = CollectionId::none();
  target.successor = present.id;
  std::vector<Record> records{after, target, change::sealed(shard, shard)};
  if (tenure.proposals.is_busy(key_of_collection(target.id))) return false;
  for (std::uint32_t i = 0; i < target.num_shards; ++i) {
    const ShardInfo& made = *step.table.find_shard(ShardId(target.first_shard.value() + i));
    if (made.migration || tenure.proposals.is_busy(made.id)) return false;
    records.push_back(retired(made));
  }
  tenure.proposals.propose(std::move(records), "reshard given up", step);
  return true;
}

}  // namespace

Progress reshard(const CollectionConfig& present, const CollectionConfig& wanted, Tenure& tenure,
                 Step& step) {
  if (present.moving_to.has_value()) {
    return {Stage::Running,
            fmt::format("documents of {} are being moved to its shards", present.full_name())};
  }
  const auto failure = tenure.reshards.failures.find(present.id);
  if (failure != tenure.reshards.failures.end()) {
    const Progress refused{Stage::Refused, failure->second};
    tenure.reshards.failures.erase(failure);
    return refused;
  }
  const ShardInfo& shard = *step.table.find_shard(present.first_shard);
  if (const char* delay = what_delays_it(wanted, shard, tenure, step)) return waiting(delay);
  const ReshardNotes::Check* check = ask(wanted, shard, tenure, step);
  if (check == nullptr) return waiting(fmt::format("the ReshardCheckReply of {}", shard.leader));
  if (check->fault.empty()) return begin(present, wanted, tenure, step);
  const Progress refused{Stage::Refused, fmt::format("{}: {}", present.full_name(), check->fault)};
  tenure.reshards.checks.erase(shard.id);
  return refused;
}

void hear_check(NodeId from, const message::ReshardCheckReply& reply, Tenure& tenure, Step& step) {
  const ShardInfo* shard = step.table.find_shard(reply.shard);
  const auto asked = tenure.reshards.checks.find(reply.shard);
  if (shard == nullptr || shard->leader != from || asked == tenure.reshards.checks.end()) return;
  ReshardNotes::Check& check = asked->second;
  if (check.question != reply.question || check.epoch != reply.epoch) return;
  check.is_answered = true;
  check.fault = reply.fault;
  tenure.operations.on_tick(tenure, step);
}

bool hear_resharding(NodeId from, const message::ShardReport& report, const ShardInfo& shard,
                     Tenure& tenure, Step& step) {
  const CollectionConfig& present = *step.table.find_collection(shard.collection);
  if (present.moving_to.is_none()) return false;
  const bool has_failed = report.event == ShardEvent::Failed && !shard.migration;
  if (report.event != ShardEvent::Moved && !has_failed) return false;
  const bool is_busy =
      tenure.proposals.is_busy(shard.id) || tenure.proposals.is_busy(key_of_collection(present.id));
  if (from != shard.leader || is_busy || shard.migration) return true;
  if (!has_failed) {
    finish(present, shard, tenure, step);
  } else if (give_up(present, shard, tenure, step)) {
    const auto status = static_cast<ReplyStatus>(report.digest);
    tenure.reshards.failures[present.id] =
        fmt::format("{} stays unsharded: moving its documents failed ({})", present.full_name(),
                    to_string(status));
  }
  return true;
}

std::vector<CollectionId> collections_in_resharding(const ShardTable& table) {
  std::vector<CollectionId> found;
  for (const CollectionConfig& collection : table.collections()) {
    if (collection.id.is_none() || collection.moving_to.is_none()) continue;
    found.push_back(collection.id);
    found.push_back(collection.moving_to);
  }
  return found;
}

bool contains(const std::vector<CollectionId>& collections, CollectionId collection) {
  return std::find(collections.begin(), collections.end(), collection) != collections.end();
}

}  // namespace shardproof
