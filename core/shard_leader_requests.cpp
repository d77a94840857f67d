// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/shard_key.hpp"
#include "core/shard_leader.hpp"
#include "core/table_watcher.hpp"
#include "core/write_decision.hpp"

namespace shardproof {
namespace {

/// The shard's state at the end of the log: entries that are not committed yet stand before the
/// store.
class LatestLookup final : public KeyLookup {
 public:
  LatestLookup(const ReplicaState& state, const Store& store) : state_(state), store_(store) {}

  VersionedDocument latest(std::string_view key) const override {
    for (LogIndex i = state_.log.last().index; i > state_.committed; i = LogIndex(i.value() - 1)) {
      const EntryRef& entry = state_.log.at(i);
      for (auto it = entry->mutations.rbegin(); it != entry->mutations.rend(); ++it) {
        if (it->document->key != key) continue;
        return {entry->version, it->tombstone ? nullptr : it->document};
      }
    }
    return store_.get(state_.id, key);
  }

 private:
  const ReplicaState& state_;
  const Store& store_;
};

/// A write for the collection that this one follows, which has no place here. It did not take
/// effect there either: what did is remembered here.
std::optional<ReplyStatus> find_refusal(const Operation& operation,
                                        const CollectionConfig& collection) {
  if (operation.collection == collection.id) return std::nullopt;
  const auto routed = route(collection, operation);
  if (routed) return std::nullopt;
  return routed.error();
}

void answer(const LeaderRequest& request, ReplyStatus status, VersionedDocument result,
            const ReplicaState& state, Step& step, ScanPartRef part = nullptr) {
  step.effects.send(
      request.router,
      message::ShardReply{request.ticket, state.id, state.epoch, step.table.revision(), status,
                          std::move(result), std::move(part), state.log.version_at(state.committed),
                          request.request});
}

}  // namespace

void ShardLeader::on_request(LeaderRequest request, Epoch epoch, ReplicaState& state,
                             ReplicaStep& step) {
  if (epoch < state.epoch) {
    step.effects.hit(Probe::StaleEpochRefused);
    return answer(request, ReplyStatus::StaleEpoch, {}, state, step);
  }
  if (epoch > state.epoch) {
    step.effects.hit(Probe::NewerEpochAwaited);
    step.watcher.refresh(step);
    return answer(request, ReplyStatus::NotReady, {}, state, step);
  }
  if (!serving_) return answer(request, ReplyStatus::NotReady, {}, state, step);
  if (!step.manager.has_lease(step)) {
    step.effects.hit(Probe::LeaseMissingForRequest);
    return answer(request, ReplyStatus::NoLease, {}, state, step);
  }
  // Writes go on in the other collection from the commit that this leader has asked for.
  if (mover_ && mover_->is_done()) return answer(request, ReplyStatus::NotReady, {}, state, step);
  step.manager.count_request(state.id);
  switch (request.operation->kind) {
    case OperationKind::Read: return serve_read(request, state, step);
    case OperationKind::Scan:
    case OperationKind::Count: return serve_scan(request, state, step);
    default: break;
  }
  if (answer_repeated(request, state, step)) return;
  if (state.collection(step).moving_to.has_value()) {
    return answer(request, ReplyStatus::NotReady, {}, state, step);
  }
  if (const auto status = find_refusal(*request.operation, state.collection(step))) {
    step.effects.fact(fact::RequestRefused{request.request, *status, request.operation});
    return answer(request, *status, {}, state, step);
  }
  if (lock_.is_locked()) {
    const LeaderRequest copy = request;
    if (!lock_.enqueue(std::move(request), state, step)) {
      step.effects.hit(Probe::WriteQueueRefused);
      answer(copy, ReplyStatus::QueueFull, {}, state, step);
    }
    return;
  }
  serve_write(std::move(request), state, step);
}

void ShardLeader::serve_read(const LeaderRequest& request, ReplicaState& state, ReplicaStep& step) {
  VersionedDocument found = step.store.get(state.id, request.operation->document->key);
  step.effects.fact(fact::ReadServed{state.id, state.epoch, request.operation, found});
  const ReplyStatus status = found.document ? ReplyStatus::Ok : ReplyStatus::NotFound;
  answer(request, status, std::move(found), state, step);
}

void ShardLeader::on_read_index(NodeId from, const message::ReadIndexQuery& query,
                                const ReplicaState& state, ReplicaStep& step) const {
  const PeerProgress* peer = find_peer(from);
  // Whoever serves here answers for everything acknowledged so far, by itself and its predecessors.
  const bool serves = serving_ && step.manager.has_lease(step) && !(mover_ && mover_->is_done());
  if (query.epoch != state.epoch || !serves || peer == nullptr || peer->is_learner()) return;
  if (step.fires(FaultPoint::ReadIndexUnanswered)) return;
  // While documents move in, what clients were told of them is another collection's.
  const CollectionId mine = state.info(step).collection;
  for (const CollectionConfig& other : step.table.collections()) {
    if (other.moving_to == mine) return;
  }
  step.effects.send(Endpoint::node(from), message::ReadIndexReply{state.id, state.epoch,
                                                                  query.asked_at, state.committed});
}

void ShardLeader::serve_scan(const LeaderRequest& request, ReplicaState& state, ReplicaStep& step) {
  auto part = std::make_shared<ScanPart>();
  part->shard = state.id;
  part->count = step.store.summary(state.id).documents;
  if (request.operation->kind == OperationKind::Scan) part->documents = step.store.scan(state.id);
  step.effects.fact(fact::ScanPartServed{state.id, state.epoch, part});
  answer(request, ReplyStatus::Ok, {}, state, step, part);
}

bool ShardLeader::answer_repeated(const LeaderRequest& request, ReplicaState& state,
                                  ReplicaStep& step) {
  if (!step.config.rules.is_on(Rule::AppliedAtMostOnce)) return false;
  const RequestId asked = request.request;
  bool is_overtaken = false;
  for (Pending& write : pending_) {
    const RequestId known = write.request.request;
    if (known == asked) {
      write.request = request;
      return true;
    }
    is_overtaken |= known.client == asked.client && known.sequence > asked.sequence;
  }
  const auto session = step.store.find_session(state.id, asked.client);
  if (!session || session->request.sequence < asked.sequence) {
    // Behind a later one of its client it would undo what the session says of that.
    if (is_overtaken) step.effects.hit(Probe::OvertakenRequestIgnored);
    return is_overtaken;
  }
  // An older request than the last one can only be a late duplicate: nobody waits for its answer.
  if (session->request.sequence > asked.sequence) return true;
  step.effects.hit(Probe::RetryAnsweredFromSession);
  step.effects.fact(
      fact::RetryAnswered{state.id, state.epoch, asked, session->version, session->outcome});
  const bool took_effect = session->outcome == ReplyStatus::Ok;
  answer(request, session->outcome, {took_effect ? session->version : Version(), nullptr}, state,
         step);
  return true;
}

bool ShardLeader::is_disk_full(const ReplicaStep& step) const {
  const Bytes free = step.store.disk_free();
  if (free == Bytes::max()) return false;
  const Bytes capacity = step.store.disk_used() + free;
  return step.store.disk_used().count() >
         step.config.bounds.disk_high_watermark.of(capacity.count());
}

void ShardLeader::serve_write(LeaderRequest request, ReplicaState& state, ReplicaStep& step) {
  const bool frees_space = request.operation->kind == OperationKind::Remove;
  // Not remembered, unlike the refusals below: what is left of the disk is for what makes room.
  if (!frees_space && is_disk_full(step)) {
    step.effects.hit(Probe::FullDiskRefusesWrite);
    return answer(request, ReplyStatus::DiskFull, {}, state, step);
  }
  WriteDecision decision =
      decide_write(*request.operation, state.collection(step), LatestLookup(state, step.store));
  // A refusal has its place in the log as well. Else a duplicate of the request could take effect
  // when the state has changed, here or at a successor, after the client was told that it did not;
  // and the refusal could rest on an entry that a failover undoes.
  auto* entry = new LogEntry;
  entry->version = {state.epoch, state.log.last().index.next()};
  entry->request = request.request;
  entry->outcome = decision.status;
  entry->mutations = std::move(decision.mutations);
  EntryRef shared(entry);
  pending_.push_back({entry->version.index, std::move(request), std::move(decision.present)});
  append_and_replicate(std::move(shared), state, step);
}

void ShardLeader::drain_queue(ReplicaState& state, ReplicaStep& step) {
  if (!serving_) return;
  // A write is accepted when it gets its place in the log, so the lease must hold then.
  if (!step.manager.has_lease(step)) {
    if (lock_.waiting() > 0) step.effects.hit(Probe::LeaseExpiredWhileWriteWaited);
    return refuse_queue(ReplyStatus::NoLease, state, step);
  }
  while (std::optional<LeaderRequest> request = lock_.take(false, state, step)) {
    if (!answer_repeated(*request, state, step)) serve_write(std::move(*request), state, step);
  }
}

void ShardLeader::refuse_queue(ReplyStatus status, ReplicaState& state, ReplicaStep& step) {
  while (std::optional<LeaderRequest> request = lock_.take(true, state, step)) {
    answer(*request, status, {}, state, step);
  }
}

}  // namespace shardproof
