// SPDX-License-Identifier: Apache-2.0
#include "sim/check/queue_completeness.hpp"

#include <algorithm>

#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

QueueCompleteness::Queue* QueueCompleteness::find(ShardId shard, const At& at) {
  if (shard.value() >= shards_.size()) return nullptr;
  for (Queue& queue : shards_[shard.value()]) {
    if (queue.node != at.node) continue;
    // A queue is gone with the process that had it: its clients have had no answer.
    if (queue.incarnation != at.incarnation) queue = {at.node, at.incarnation, false, {}, 0, {}};
    return &queue;
  }
  return nullptr;
}

QueueCompleteness::Queue& QueueCompleteness::obtain(ShardId shard, const At& at) {
  if (shard.value() >= shards_.size()) shards_.resize(shard.value() + 1);
  if (Queue* queue = find(shard, at)) return *queue;
  return shards_[shard.value()].emplace_back(Queue{at.node, at.incarnation, false, {}, 0, {}});
}

void QueueCompleteness::on(const fact::WritesLocked& lock, const At& at) {
  obtain(lock.shard, at).locked = true;
}

void QueueCompleteness::on(const fact::WritesUnlocked& lock, const At& at) {
  obtain(lock.shard, at).locked = false;
}

void QueueCompleteness::on(const fact::WriteQueued& write, const At& at) {
  evaluated();
  Queue& queue = obtain(write.shard, at);
  queue.waiting.push_back(write.request);
  const std::size_t depth = queue.waiting.size();
  const std::uint32_t limit = oracle_.version_of(at.node).bounds.queue_writes_max;
  if (!queue.locked) {
    complain(write.shard, at,
             fmt::format("{} queued {} of {} without a lock", at.node, write.request, write.shard));
  }
  if (depth > limit) {
    complain(write.shard, at,
             fmt::format("{} queued {} of {}: {} wait, and no more than {} may", at.node,
                         write.request, write.shard, depth, limit));
  }
  if (depth != write.depth) {
    complain(write.shard, at,
             fmt::format("{} says that {} writes of {} wait, and {} were queued", at.node,
                         write.depth, write.shard, depth));
  }
}

void QueueCompleteness::on(const fact::WriteDequeued& write, const At& at) {
  evaluated();
  Queue& queue = obtain(write.shard, at);
  const auto found = std::find(queue.waiting.begin(), queue.waiting.end(), write.request);
  if (found == queue.waiting.end()) {
    complain(write.shard, at,
             fmt::format("{} took {} of {} out of a queue that it is not in", at.node,
                         write.request, write.shard));
    return;
  }
  if (!write.refused && found != queue.waiting.begin()) {
    complain(write.shard, at,
             fmt::format("{} applies {} of {} before {}, which was queued earlier", at.node,
                         write.request, write.shard, queue.waiting.front()));
  }
  if (!write.refused && queue.locked) {
    complain(write.shard, at,
             fmt::format("{} applies the queued {} of {} under the lock", at.node, write.request,
                         write.shard));
  }
  queue.waiting.erase(found);
  queue.taken = write.refused ? RequestId() : write.request;
  queue.taken_in = at.event;
}

void QueueCompleteness::on(const fact::WriteAccepted& write, const At& at) {
  if (write.shard.value() >= shards_.size() || shards_[write.shard.value()].empty()) return;
  if (write.entry->mutations.empty()) return;
  Queue* queue = find(write.shard, at);
  if (queue == nullptr) return;
  evaluated();
  if (queue->locked) {
    complain(write.shard, at,
             fmt::format("{} accepted {} at {}, which {}, although writes of {} are locked",
                         at.node, write.entry->request, write.entry->version,
                         effect_text(*write.entry), write.shard));
  } else if (!queue->waiting.empty() && write.entry->request != queue->taken) {
    complain(
        write.shard, at,
        fmt::format("{} accepted {} of {}, which {}, while {} writes wait that came earlier, {} "
                    "first",
                    at.node, write.entry->request, write.shard, effect_text(*write.entry),
                    queue->waiting.size(), queue->waiting.front()));
  }
  // It is applied in the same step, or refused: when it is repeated later, it has not waited.
  if (write.entry->request != queue->taken || at.event != queue->taken_in) return;
  if (write.shard.value() >= drained_.size()) drained_.resize(write.shard.value() + 1);
  drained_[write.shard.value()] = {at.node, at.incarnation, write.entry->version,
                                   write.entry->request};
}

void QueueCompleteness::on(const hook::Committing& commit, const At&) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr || after->id.value() >= drained_.size()) continue;
    // Of what it has not acknowledged its successor may know nothing.
    Drained& drained = drained_[after->id.value()];
    if (drained.leader != after->leader) drained = {};
  }
}

void QueueCompleteness::on(const hook::UpToDateTold& told, const At& at) {
  if (told.shard.value() >= drained_.size()) return;
  const Drained& drained = drained_[told.shard.value()];
  const std::optional<Migration>& migration = oracle_.table().find_shard(told.shard)->migration;
  if (drained.leader != at.node || drained.incarnation != at.incarnation) return;
  if (!migration || migration->target != told.node) return;
  if (migration->phase != MigrationPhase::Sync) return;
  evaluated();
  const HeldCopy* copy = oracle_.shard(told.shard).find(told.node);
  // A disk that was destroyed keeps its promises here: nobody has heard of it.
  const Version end = copy == nullptr ? Version() : copy->durable;
  if (end.index >= drained.last.index) return;
  report(
      at, {told.shard, {at.node, told.node}, {told.epoch}},
      fmt::format("{} reports that {} has all of {}, and {}, which it has applied from its queue "
                  "at {}, is not there: the copy ends at {}",
                  at.node, told.node, told.shard, drained.request, drained.last, end));
}

void QueueCompleteness::on(const fact::LeadershipLeft& left, const At& at) {
  Queue* queue = find(left.shard, at);
  if (queue == nullptr) return;
  evaluated();
  if (queue->waiting.empty()) return;
  complain(
      left.shard, at,
      fmt::format("{} left the leadership of {} with {} writes in its queue, neither applied nor "
                  "refused, {} first",
                  at.node, left.shard, queue->waiting.size(), queue->waiting.front()));
}

void QueueCompleteness::on(const hook::Settled& world, const At& at) {
  for (std::uint32_t i = 0; i < shards_.size(); ++i) {
    for (const Queue& queue : shards_[i]) {
      // An earlier incarnation's queue was never looked at again, and is gone.
      if (queue.waiting.empty() || !world.view.is_up(queue.node)) continue;
      if (queue.incarnation != oracle_.node(queue.node).incarnation) continue;
      report(at, {ShardId(i), {queue.node}, {}},
             fmt::format("settled, and {} writes still wait at {} for a lock of s{} that is {}, {} "
                         "first",
                         queue.waiting.size(), queue.node, i, queue.locked ? "held" : "off",
                         queue.waiting.front()));
    }
  }
}

}  // namespace shardproof::sim::check
