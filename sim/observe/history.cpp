// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/history.hpp"

namespace shardproof::sim {
namespace {

using Outcome = HistoryRecord::Outcome;
using Sight = HistoryRecord::Sight;

constexpr std::size_t kFirstSlots = 1024;

Outcome outcome_of(OperationKind kind, ReplyStatus status) {
  if (status == ReplyStatus::Ok) return Outcome::kDone;
  if (!is_write(kind)) return status == ReplyStatus::NotFound ? Outcome::kDone : Outcome::kUnknown;
  // What is retryable, or was refused by a full disk, may have its effect by a duplicate still.
  return is_refusal(status) ? Outcome::kRefused : Outcome::kUnknown;
}

/// A refusal is repeated without what the key held, so that no document need not mean that there
/// was none.
Sight sight_of(const message::ClientReply& reply) {
  const bool has_document = reply.result.document != nullptr;
  switch (reply.status) {
    case ReplyStatus::Ok: return has_document ? Sight::kValue : Sight::kAbsent;
    case ReplyStatus::NotFound: return Sight::kAbsent;
    case ReplyStatus::AlreadyExists: return has_document ? Sight::kValue : Sight::kLive;
    case ReplyStatus::VersionMismatch: return has_document ? Sight::kValue : Sight::kNothing;
    default: break;
  }
  return Sight::kNothing;
}

}  // namespace

History::History(bool is_recording) : is_recording_(is_recording) {
  if (is_recording) slots_.resize(kFirstSlots);
}

void History::on_ask(RequestId request, const Operation& operation, CollectionId collection,
                     Instant now, std::uint64_t event) {
  if (!is_recording_) return;
  if (request.client.value() >= clients_.size()) clients_.resize(request.client.value() + 1);
  Client& client = clients_[request.client.value()];
  client.sequence = request.sequence;
  client.first = static_cast<std::uint32_t>(records_.size());
  const auto add = [&](OperationKind kind, const DocumentRef& document) {
    if (document == nullptr || document->key.empty()) return;
    HistoryRecord& record = records_.emplace_back();
    record.written = document->content;
    record.asked_at = now;
    record.asked_event = event;
    record.key = intern(collection, document);
    record.client = request.client;
    record.kind = kind;
    record.by_replica = operation.read_from == ReadFrom::Replica;
  };
  if (operation.kind == OperationKind::Transaction) {
    for (const TransactionStep& step : operation.steps) add(step.kind, step.document);
  } else {
    add(operation.kind, operation.document);
  }
  client.count = static_cast<std::uint32_t>(records_.size()) - client.first;
  const bool swaps = operation.kind == OperationKind::CompareAndSwap && client.count == 1;
  if (!swaps) return;
  HistoryRecord& swap = records_.back();
  if (client.read_key != swap.key || client.read_version != operation.expected) return;
  swap.sight = Sight::kValue;
  swap.seen = client.read_content;
}

void History::on_answer(const message::ClientReply& reply, Instant now, std::uint64_t event) {
  if (!is_recording_ || reply.request.client.value() >= clients_.size()) return;
  Client& client = clients_[reply.request.client.value()];
  if (client.sequence != reply.request.sequence) return;
  for (std::uint32_t i = client.first; i < client.first + client.count; ++i) {
    HistoryRecord& record = records_[i];
    record.answered_at = now;
    record.answered_event = event;
    record.outcome = outcome_of(record.kind, reply.status);
    // What refuses a transaction is one of its documents: nobody says which.
    if (client.count == 1) note_answer(record, reply, client);
  }
  client.count = 0;
}

void History::note_answer(HistoryRecord& record, const message::ClientReply& reply,
                          Client& client) {
  // A write that is done was told what it had to be told when it was asked for.
  if (is_write(record.kind) && record.outcome == Outcome::kDone) return;
  record.sight = record.outcome == Outcome::kUnknown ? Sight::kNothing : sight_of(reply);
  if (record.sight != Sight::kValue) return;
  record.seen = reply.result.document->content;
  client.read_key = record.key;
  client.read_version = reply.result.version;
  client.read_content = record.seen;
}

std::uint32_t History::intern(CollectionId collection, const DocumentRef& document) {
  if ((keys_.size() + 1) * 2 > slots_.size()) grow();
  const std::uint64_t hash = mix64(stable_hash(document->key, collection.value()));
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].index != kNoKey; at = (at + 1) & mask) {
    if (slots_[at].hash != hash) continue;
    Key& key = keys_[slots_[at].index];
    if (key.collection != collection || key.document->key != document->key) continue;
    if (document->fields.size() > key.document->fields.size()) key.document = document;
    return slots_[at].index;
  }
  slots_[at] = {hash, static_cast<std::uint32_t>(keys_.size())};
  keys_.push_back({collection, document});
  return slots_[at].index;
}

void History::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.index == kNoKey) continue;
    std::size_t at = slot.hash & mask;
    while (larger[at].index != kNoKey) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace shardproof::sim
