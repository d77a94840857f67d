// SPDX-License-Identifier: Apache-2.0
#include "sim/check/conditional_outcomes.hpp"

#include <algorithm>

#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

bool is_client(RequestId request) {
  return request.client.has_value() && !is_internal(request.client);
}

bool is_same(const DocumentRef& a, const DocumentRef& b) {
  if (a == b) return true;
  return a && b && a->key == b->key && a->content == b->content && a->size == b->size;
}

/// What an accepted operation writes, or null if the entry has that.
const char* find_fault(const Operation& operation, const LogEntry& entry) {
  if (entry.outcome != ReplyStatus::Ok) {
    return entry.mutations.empty() ? nullptr : "although it is refused, it writes something";
  }
  const bool is_transaction = operation.kind == OperationKind::Transaction;
  const std::size_t writes = is_transaction ? operation.steps.size() : 1;
  if (entry.mutations.size() != writes) return "it does not write as much as was asked for";
  for (std::size_t i = 0; i < writes; ++i) {
    const OperationKind kind = is_transaction ? operation.steps[i].kind : operation.kind;
    const DocumentRef& document = is_transaction ? operation.steps[i].document : operation.document;
    const Mutation& mutation = entry.mutations[i];
    if (mutation.tombstone != (kind == OperationKind::Remove)) return "it mistakes a remove";
    if (!is_same(mutation.document, document))
      return "it writes another document than was asked for";
  }
  return nullptr;
}

/// Statuses that follow from what a key holds.
bool is_conditional(ReplyStatus status) {
  return status == ReplyStatus::NotFound || status == ReplyStatus::AlreadyExists ||
         status == ReplyStatus::VersionMismatch;
}

}  // namespace

ConditionalOutcomes::Request* ConditionalOutcomes::find(RequestId request) {
  if (!is_client(request) || request.client.value() >= clients_.size()) return nullptr;
  Request& known = clients_[request.client.value()].requests[request.sequence % kRequestsKept];
  return known.operation && known.sequence == request.sequence ? &known : nullptr;
}

void ConditionalOutcomes::on(const hook::Invoked& invoked, const At&) {
  if (!is_client(invoked.request) || !is_write(invoked.operation->kind)) return;
  const std::uint32_t client = invoked.request.client.value();
  if (client >= clients_.size()) clients_.resize(client + 1);
  const std::uint32_t sequence = invoked.request.sequence;
  clients_[client].requests[sequence % kRequestsKept] = {sequence, invoked.operation, {}, {}};
}

void ConditionalOutcomes::on(const fact::WriteAccepted& write, const At& at) {
  Request* request = find(write.entry->request);
  const ShardFacts& shard = oracle_.shard(write.shard);
  // Nobody knows any more how it ended in a log that was lost with its disks.
  const bool may_be_lost = shard.excused && request != nullptr && request->outcome;
  if (may_be_lost && !shard.lineage.contains(write.previous, request->version)) {
    request->outcome.reset();
  }
  // What was decided before is not decided again: one_history watches over that.
  const bool is_new = request != nullptr && !request->outcome;
  // Where another log has gone on meanwhile, nothing comes of what is decided.
  const bool is_in_vain = !shard.lineage.contains(write.previous, shard.applied);
  if (is_new && !is_in_vain && !shard.excused) check(write, *request->operation, at);
  note(write);
}

void ConditionalOutcomes::note(const fact::WriteAccepted& write) {
  if (write.shard.value() >= pending_.size()) pending_.resize(write.shard.value() + 1);
  std::vector<Pending>& pending = pending_[write.shard.value()];
  const LogIndex applied = oracle_.shard(write.shard).applied.index;
  if (!pending.empty() && pending.front().version.index <= applied) {
    std::erase_if(pending, [&](const Pending& one) { return one.version.index <= applied; });
  }
  const CollectionConfig& collection = oracle_.collection_of(write.shard);
  for (const Mutation& mutation : write.entry->mutations) {
    pending.push_back({write.entry->version, oracle_.key_hash(write.shard, *mutation.document),
                       shard_key_hash(collection, *mutation.document), mutation.tombstone});
  }
}

/// What the key holds in the log that ends right before the write.
ConditionalOutcomes::Holding ConditionalOutcomes::holding(const fact::WriteAccepted& write,
                                                          const Document& document) const {
  const ShardFacts& shard = oracle_.shard(write.shard);
  if (write.shard.value() < pending_.size() && !pending_[write.shard.value()].empty()) {
    const std::vector<Pending>& pending = pending_[write.shard.value()];
    const std::uint64_t hash = oracle_.key_hash(write.shard, document);
    for (auto it = pending.rbegin(); it != pending.rend(); ++it) {
      const bool counts = it->key == hash && it->version.index > shard.applied.index &&
                          shard.lineage.contains(write.previous, it->version);
      if (counts) return {it->version, !it->tombstone, it->shard_key};
    }
  }
  const KeyState* known = oracle_.find_key(write.shard, document);
  if (known == nullptr || known->applied == Version::zero()) return {};
  // Where the key alone routes, nothing else of the shard key is there to be asked for.
  const bool is_plain = routes_by_key_alone(oracle_.collection_of(write.shard));
  return {known->applied, !known->tombstone,
          is_plain ? 0 : oracle_.keys().detail(*known).shard_key};
}

ReplyStatus ConditionalOutcomes::decide(const fact::WriteAccepted& write, OperationKind kind,
                                        const Document& document, Version expected,
                                        const Holding& held) const {
  switch (kind) {
    case OperationKind::Insert:
      if (held.lives) return ReplyStatus::AlreadyExists;
      break;
    case OperationKind::Remove:
      if (!held.lives) return ReplyStatus::NotFound;
      break;
    case OperationKind::CompareAndSwap:
      if (held.version != expected) return ReplyStatus::VersionMismatch;
      break;
    default: break;
  }
  if (!held.lives) return ReplyStatus::Ok;
  const std::uint64_t shard_key = shard_key_hash(oracle_.collection_of(write.shard), document);
  return shard_key == held.shard_key ? ReplyStatus::Ok : ReplyStatus::ShardKeyChanged;
}

/// Each step sees those before it, and the first that cannot be done refuses all.
ReplyStatus ConditionalOutcomes::decide_steps(const fact::WriteAccepted& write,
                                              const Operation& operation) const {
  const CollectionConfig& collection = oracle_.collection_of(write.shard);
  for (std::size_t i = 0; i < operation.steps.size(); ++i) {
    const Document& document = *operation.steps[i].document;
    Holding held = holding(write, document);
    for (std::size_t j = 0; j < i; ++j) {
      const TransactionStep& before = operation.steps[j];
      if (before.document->key != document.key) continue;
      held = {write.entry->version, before.kind != OperationKind::Remove,
              shard_key_hash(collection, *before.document)};
    }
    const ReplyStatus status =
        decide(write, operation.steps[i].kind, document, Version::zero(), held);
    if (status != ReplyStatus::Ok) return status;
  }
  return ReplyStatus::Ok;
}

ReplyStatus ConditionalOutcomes::decide(const fact::WriteAccepted& write,
                                        const Operation& operation) const {
  if (operation.kind == OperationKind::Transaction) return decide_steps(write, operation);
  return decide(write, operation.kind, *operation.document, operation.expected,
                holding(write, *operation.document));
}

void ConditionalOutcomes::check(const fact::WriteAccepted& write, const Operation& operation,
                                const At& at) {
  evaluated();
  const LogEntry& entry = *write.entry;
  const Subject subject{write.shard, {at.node}, {write.epoch}};
  const ReplyStatus expected = decide(write, operation);
  if (entry.outcome != expected) {
    std::string held;
    if (operation.document) {
      const Holding found = holding(write, *operation.document);
      held = found.version == Version::zero()
                 ? ", where the key was never written,"
                 : fmt::format(", where the key {} since {},", found.lives ? "lives" : "is deleted",
                               found.version);
    }
    report(at, subject,
           fmt::format("{} decided {} ({}) in {} at {}{} as \"{}\"; it must be \"{}\"", at.node,
                       entry.request, operation_text(operation), write.shard, entry.version, held,
                       to_string(entry.outcome), to_string(expected)));
    return;
  }
  const char* fault = find_fault(operation, entry);
  if (fault == nullptr) return;
  report(at, subject,
         fmt::format("{} gave {} ({}) the entry at {} of {}, which {}: {}", at.node, entry.request,
                     operation_text(operation), entry.version, write.shard, effect_text(entry),
                     fault));
}

void ConditionalOutcomes::on(const fact::EntryApplied& applied, const At&) {
  const LogEntry& entry = *applied.entry;
  const ShardFacts& shard = oracle_.shard(applied.shard);
  // Of a shard that has lost something the log goes on from further back.
  if (!shard.excused && entry.index() <= shard.applied.index) return;
  Request* request = find(entry.request);
  if (request == nullptr || request->outcome) return;
  request->outcome = entry.outcome;
  request->version = entry.version;
}

void ConditionalOutcomes::on(const fact::RetryAnswered& retry, const At& at) {
  const Request* request = find(retry.request);
  if (request == nullptr || !request->outcome) return;
  evaluated();
  if (*request->outcome == retry.outcome) return;
  report(at, {retry.shard, {at.node}, {retry.epoch}},
         fmt::format("{} answered {} ({}) in {} again, with \"{}\"; it had ended with \"{}\" at {}",
                     at.node, retry.request, operation_text(*request->operation), retry.shard,
                     to_string(retry.outcome), to_string(*request->outcome), request->version));
}

void ConditionalOutcomes::on(const hook::Replied& replied, const At& at) {
  const message::ClientReply& reply = replied.reply;
  const Request* request = find(reply.request);
  if (request == nullptr) return;
  evaluated();
  const bool has_effect = request->outcome == ReplyStatus::Ok;
  const bool is_undecided = !request->outcome && is_conditional(reply.status);
  const bool is_refused = request->outcome && !has_effect && reply.status == ReplyStatus::Ok;
  const bool is_other = request->outcome && is_refusal(reply.status) &&
                        reply.status != ReplyStatus::DiskFull && reply.status != *request->outcome;
  const bool is_denied = has_effect && is_retryable(reply.status);
  if (!is_undecided && !is_refused && !is_other && !is_denied) return;
  report(at, {},
         fmt::format("the client of {} ({}) was told \"{}\", and {}", reply.request,
                     operation_text(*request->operation), to_string(reply.status),
                     is_undecided ? "no leader decided so"
                                  : fmt::format("it had ended with \"{}\" at {}",
                                                to_string(*request->outcome), request->version)));
}

}  // namespace shardproof::sim::check
