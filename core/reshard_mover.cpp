// SPDX-License-Identifier: Apache-2.0
#include "core/reshard_mover.hpp"

#include <algorithm>

#include "core/shard_key.hpp"
#include "core/table_watcher.hpp"

namespace shardproof {
namespace {

constexpr std::size_t kTargetsAtOnce = 8;
/// Documents.
constexpr std::uint64_t kUsualBatch = 64;
/// Of a request's number: the lower bits count batches, the upper ones epochs.
constexpr int kBatchBits = 16;
constexpr std::uint64_t kBatchesMax = (1u << kBatchBits) - 1;
constexpr std::uint64_t kEpochsMax = kBatchesMax;

/// Epochs of the old shard since the move began: that began with the one before the target's first.
std::uint64_t epochs_since_begin(Epoch epoch, const CollectionConfig& target) {
  return epoch.value() + 1 - target.first_epoch.value();
}

OperationRef make_transaction(CollectionId collection, std::vector<TransactionStep> steps) {
  auto* operation = new Operation;
  operation->kind = OperationKind::Transaction;
  operation->collection = collection;
  operation->steps = std::move(steps);
  return OperationRef(operation);
}

/// Changes nothing; the shard remembers by it how a request ended.
OperationRef make_reminder(CollectionId collection, ReplyStatus outcome) {
  auto* operation = new Operation;
  operation->kind = OperationKind::Transaction;
  operation->collection = collection;
  operation->outcome = outcome;
  return OperationRef(operation);
}

}  // namespace

ReshardMover::ReshardMover(const ReplicaState& state, const CollectionConfig& target,
                           const ReplicaStep& step)
    : target_(target.id),
      batch_(documents_per_batch(step.store.summary(state.id).documents,
                                 step.fires(FaultPoint::SmallReshardBatch) ? 1 : kUsualBatch)) {
  const std::uint64_t epochs = epochs_since_begin(state.epoch, target);
  if (epochs > kEpochsMax) {
    status_ = ReplyStatus::Unavailable;
    return;
  }
  first_number_ = static_cast<std::uint32_t>(epochs << kBatchBits);
  for (std::uint32_t i = 0; i < target.num_shards; ++i) {
    lanes_[ShardId(target.first_shard.value() + i)];
  }
  take_documents(state, target, step);
  for (const SessionRecord& session : sessions_) {
    const OperationRef remembered = make_reminder(target.id, session.outcome);
    for (auto& [shard, lane] : lanes_) lane.requests.push_back({session.request, remembered});
  }
  for (auto& [shard, lane] : lanes_) {
    // They go out from the back; numbers have to rise.
    std::reverse(lane.requests.begin(), lane.requests.end());
  }
  std::erase_if(lanes_, [](const auto& lane) { return lane.second.requests.empty(); });
}

std::uint64_t ReshardMover::documents_per_batch(std::uint64_t documents, std::uint64_t least) {
  return std::max(least, (documents + kBatchesMax - 1) / kBatchesMax);
}

void ReshardMover::take_documents(const ReplicaState& state, const CollectionConfig& target,
                                  const ReplicaStep& step) {
  std::map<ShardId, std::vector<TransactionStep>> filling;
  CollectionConfig routing = target;
  if (!step.config.rules.is_on(Rule::OneRoutingFunction)) routing.shard_key = {"_key"};
  ChunkCursor cursor = 0;
  for (bool last = false; !last;) {
    const ChunkRef chunk = step.store.read_chunk(state.id, cursor, step.config.bounds.chunk_size);
    for (const ChunkItem& item : chunk->items) {
      if (item.tombstone) continue;
      const auto shard = route(routing, *item.document);
      if (!shard) {
        status_ = shard.error();
        return;
      }
      std::vector<TransactionStep>& steps = filling[*shard];
      steps.push_back({OperationKind::Replace, item.document});
      if (steps.size() == batch_) add_batch(*shard, target.id, std::exchange(steps, {}), state);
    }
    for (const SessionRecord& session : chunk->sessions) sessions_.push_back(session);
    last = chunk->last;
  }
  for (auto& [shard, steps] : filling) {
    if (!steps.empty()) add_batch(shard, target.id, std::move(steps), state);
  }
}

void ReshardMover::add_batch(ShardId target_shard, CollectionId target,
                             std::vector<TransactionStep> steps, const ReplicaState& state) {
  Lane& lane = lanes_.at(target_shard);
  lane.batches += 1;
  SHARDPROOF_CHECK(lane.batches <= kBatchesMax, "{}: too many batches", target_shard);
  const RequestId id{client_of(state.id), first_number_ + lane.batches};
  lane.requests.push_back({id, make_transaction(target, std::move(steps))});
}

/// A late answer to an earlier request, or to a predecessor's, has another ticket.
std::uint64_t ReshardMover::next_ticket(const ReplicaState& state) {
  const std::uint64_t number = state.epoch.value() << 20 | (++tickets_ & 0xf'ffff);
  return kTicketMark | std::uint64_t{state.id.value()} << 32 | (number & 0xffff'ffff);
}

void ReshardMover::send(ShardId target, Lane& lane, const ReplicaState& state, ReplicaStep& step) {
  if (lane.ticket == 0) lane.ticket = next_ticket(state);
  lane.next_try = step.now + step.config.timing.resend_after * 5;
  const ShardInfo* info = step.table.find_shard(target);
  if (info == nullptr || info->leader.is_none()) return;
  const Request& request = lane.requests.back();
  step.effects.send(Endpoint::node(info->leader),
                    message::ShardRequest{lane.ticket, target, info->epoch, step.table.revision(),
                                          request.id, request.operation});
}

void ReshardMover::pump(const ReplicaState& state, ReplicaStep& step) {
  if (has_failed()) return;
  std::size_t under_way = 0;
  for (auto& [target, lane] : lanes_) {
    if (under_way == kTargetsAtOnce) return;
    under_way += 1;
    if (lane.ticket != 0 && step.now < lane.next_try) continue;
    send(target, lane, state, step);
  }
}

void ReshardMover::on_reply(const message::ShardReply& reply, const ReplicaState& state,
                            ReplicaStep& step) {
  step.watcher.want(reply.revision, step);
  const auto found = lanes_.find(reply.shard);
  if (found == lanes_.end() || found->second.ticket != reply.ticket) return;
  Lane& lane = found->second;
  if (is_retryable(reply.status)) {
    lane.next_try = std::min(lane.next_try, step.now + step.config.timing.retry_backoff);
    return;
  }
  // What was to be remembered is answered as what it was.
  if (reply.status != lane.requests.back().operation->outcome) {
    status_ = reply.status;
    return;
  }
  lane.requests.pop_back();
  lane.ticket = 0;
  if (lane.requests.empty()) lanes_.erase(found);
  pump(state, step);
}

std::vector<ShardId> ReshardMover::unfinished() const {
  std::vector<ShardId> shards;
  for (const auto& [shard, lane] : lanes_) shards.push_back(shard);
  return shards;
}

}  // namespace shardproof
