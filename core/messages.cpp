// SPDX-License-Identifier: Apache-2.0
#include "core/messages.hpp"

#include <array>

#include "core/base/stable_hash.hpp"

namespace shardproof {
namespace {

constexpr Bytes kHeader(64);

Bytes document_size(const DocumentRef& document) { return document ? document->size : Bytes(0); }

Bytes operation_size(const OperationRef& operation) {
  Bytes size = kHeader;
  if (is_write(operation->kind)) size += document_size(operation->document);
  for (const TransactionStep& step : operation->steps) size += document_size(step.document);
  return size;
}

Bytes part_size(const ScanPart& part) {
  Bytes size = kHeader;
  for (const VersionedDocument& item : part.documents) size += document_size(item.document);
  return size;
}

Bytes records_size(std::size_t count) { return Bytes(128) * count; }

struct WireSize {
  Bytes operator()(const message::ClientRequest& m) const { return operation_size(m.operation); }
  Bytes operator()(const message::ShardRequest& m) const { return operation_size(m.operation); }
  Bytes operator()(const message::ClientReply& m) const {
    Bytes size = kHeader + document_size(m.result.document);
    if (m.scan) {
      for (const ScanPartRef& part : m.scan->parts) size += part_size(*part);
    }
    return size;
  }
  Bytes operator()(const message::ShardReply& m) const {
    return kHeader + document_size(m.result.document) + (m.part ? part_size(*m.part) : Bytes(0));
  }
  Bytes operator()(const message::AppendEntries& m) const {
    Bytes size = kHeader;
    for (const EntryRef& entry : m.entries) size += wire_size(*entry);
    return size;
  }
  Bytes operator()(const message::CopyChunk& m) const { return kHeader + m.chunk->bytes; }
  Bytes operator()(const message::Heartbeat& m) const {
    return kHeader + (m.report ? Bytes(32) * m.report->shards.size() : Bytes(0));
  }
  Bytes operator()(const message::Commit& m) const {
    return kHeader + records_size(m.records.size());
  }
  Bytes operator()(const message::RangeReply& m) const {
    Bytes size = kHeader;
    for (const TableDeltaRef& delta : m.deltas) size += records_size(delta->records.size());
    return size;
  }
  Bytes operator()(const message::TableUpdate& m) const {
    Bytes size = kHeader + records_size(m.delta->records.size());
    if (m.earlier == nullptr) return size;
    for (const TableDeltaRef& delta : *m.earlier) size += records_size(delta->records.size());
    return size;
  }
  Bytes operator()(const message::AdminReply& m) const { return kHeader + Bytes(m.text.size()); }
  Bytes operator()(const message::ReshardCheck&) const { return kHeader + records_size(1); }
  Bytes operator()(const message::ReshardCheckReply& m) const {
    return kHeader + Bytes(m.fault.size());
  }
  template <typename Other>
  Bytes operator()(const Other&) const {
    return kHeader;
  }
};

// Small numbers side by side, folded as they are, would cancel each other out: the first is mixed.

std::uint64_t word_of(Version version) {
  return combine64(mix64(version.epoch.value()), version.index.value());
}

std::uint64_t word_of(RequestId request) {
  return mix64(static_cast<std::uint64_t>(request.client.value()) << 32 | request.sequence);
}

std::uint64_t word_of(Instant time) { return mix64(static_cast<std::uint64_t>(time.count())); }

std::uint64_t word_of(Nanoseconds span) { return mix64(static_cast<std::uint64_t>(span.count())); }

std::uint64_t word_of(const message::NodeReport& report) {
  std::uint64_t state = combine64(mix64(report.disk_used.count()), report.disk_capacity.count());
  state = combine64(state, word_of(report.interval));
  for (const message::ShardLoad& load : report.shards) {
    const std::uint64_t leads = load.is_leader ? 1 : 0;
    state = combine64(state, load.shard.value() << 1 | leads);
    state = combine64(combine64(state, load.documents), load.bytes.count());
    state = combine64(combine64(state, load.requests), load.inputs);
  }
  return state;
}

std::uint64_t word(ShardId shard, Epoch epoch, std::uint64_t rest) {
  return combine64(combine64(mix64(shard.value()), epoch.value()), rest);
}

struct ContentWord {
  std::uint64_t operator()(const message::ClientRequest& m) const {
    return combine64(word_of(m.request), static_cast<std::uint64_t>(m.operation->kind));
  }
  std::uint64_t operator()(const message::ClientReply& m) const {
    const std::uint64_t status = static_cast<std::uint64_t>(m.status);
    return combine64(combine64(word_of(m.request), status), word_of(m.result.version));
  }
  std::uint64_t operator()(const message::ShardRequest& m) const {
    return word(m.shard, m.epoch, combine64(m.ticket, word_of(m.request)));
  }
  std::uint64_t operator()(const message::ShardReply& m) const {
    const std::uint64_t status = static_cast<std::uint64_t>(m.status);
    return word(m.shard, m.epoch,
                combine64(combine64(m.ticket, status), word_of(m.result.version)));
  }
  std::uint64_t operator()(const message::AppendEntries& m) const {
    const std::uint64_t range =
        combine64(word_of(m.previous), m.committed.value() << 16 | m.entries.size());
    const std::uint64_t last = m.entries.empty() ? 0 : word_of(m.entries.back()->request);
    return word(m.shard, m.epoch, combine64(combine64(range, last), m.number));
  }
  std::uint64_t operator()(const message::AppendReply& m) const {
    const std::uint64_t outcome = static_cast<std::uint64_t>(m.outcome);
    const std::uint64_t state = combine64(word_of(m.last), m.committed.value() << 3 | outcome);
    return word(m.shard, m.epoch, combine64(state, m.answers));
  }
  std::uint64_t operator()(const message::FenceRequest& m) const {
    return word(m.shard, m.epoch, 1);
  }
  std::uint64_t operator()(const message::FenceReply& m) const { return word(m.shard, m.epoch, 2); }
  std::uint64_t operator()(const message::CopyChunk& m) const {
    return word(m.shard, m.epoch, combine64(m.stream << 32 | m.number, m.chunk->digest));
  }
  std::uint64_t operator()(const message::CopyAck& m) const {
    const std::uint64_t outcome = static_cast<std::uint64_t>(m.outcome);
    return word(m.shard, m.epoch, combine64(m.stream << 32 | m.next, m.digest + outcome));
  }
  std::uint64_t operator()(const message::Heartbeat& m) const {
    const std::uint64_t word = combine64(word_of(m.asked_at), m.revision.value());
    return combine64(combine64(word, word_of(m.interval)), m.report ? word_of(*m.report) : 0);
  }
  std::uint64_t operator()(const message::HeartbeatReply& m) const {
    const std::uint64_t word = combine64(word_of(m.asked_at), m.term.value());
    return combine64(combine64(word, word_of(m.lease)), m.revision.value());
  }
  std::uint64_t operator()(const message::ShardReport& m) const {
    const std::uint64_t event = static_cast<std::uint64_t>(m.event);
    return word(m.shard, m.epoch, combine64(word_of(m.position) + m.digest, event));
  }
  std::uint64_t operator()(const message::PositionQuery& m) const {
    return word(m.shard, m.epoch, combine64(word_of(m.asked_at), 3));
  }
  std::uint64_t operator()(const message::PositionReply& m) const {
    const std::uint64_t copy = static_cast<std::uint64_t>(m.copy);
    return word(m.shard, m.epoch, combine64(word_of(m.last) + word_of(m.asked_at), copy));
  }
  std::uint64_t operator()(const message::Campaign& m) const {
    return combine64(combine64(mix64(m.term.value()), word_of(m.lease)), word_of(m.asked_at));
  }
  std::uint64_t operator()(const message::CampaignReply& m) const {
    return combine64(m.term.value(), m.granted ? 1 : 0);
  }
  std::uint64_t operator()(const message::Commit& m) const {
    std::uint64_t state = combine64(m.request, m.term.value());
    for (const Record& record : m.records) state = combine64(state, record_digest(record));
    return state;
  }
  std::uint64_t operator()(const message::CommitReply& m) const {
    return combine64(combine64(m.request, static_cast<std::uint64_t>(m.outcome)),
                     m.revision.value());
  }
  std::uint64_t operator()(const message::RangeRequest& m) const {
    return combine64(m.request, m.since.value());
  }
  std::uint64_t operator()(const message::RangeReply& m) const {
    std::uint64_t state = combine64(m.request, m.revision.value());
    for (const TableDeltaRef& delta : m.deltas) state = combine64(state, delta->revision.value());
    return state;
  }
  std::uint64_t operator()(const message::TableUpdate& m) const {
    return combine64(m.previous.value(), m.delta->revision.value());
  }
  std::uint64_t operator()(const message::AdminCommand& m) const {
    const std::uint64_t kind = static_cast<std::uint64_t>(m.request->kind);
    std::uint64_t state = combine64(combine64(m.request->request, kind), m.settled);
    state = combine64(state, m.term.value());
    for (const std::uint64_t request : m.ended) state = combine64(state, request);
    return state;
  }
  std::uint64_t operator()(const message::AdminReply& m) const {
    return combine64(m.request, static_cast<std::uint64_t>(m.outcome));
  }
  std::uint64_t operator()(const message::ReshardCheck& m) const {
    return word(m.shard, m.epoch, record_digest(*m.collection));
  }
  std::uint64_t operator()(const message::ReshardCheckReply& m) const {
    return word(m.shard, m.epoch, combine64(m.question, stable_hash(m.fault)));
  }
  std::uint64_t operator()(const message::ReadIndexQuery& m) const {
    return word(m.shard, m.epoch, static_cast<std::uint64_t>(m.asked_at.count()));
  }
  std::uint64_t operator()(const message::ReadIndexReply& m) const {
    const std::uint64_t asked_at = static_cast<std::uint64_t>(m.asked_at.count());
    return word(m.shard, m.epoch, combine64(asked_at, m.committed.value()));
  }
};

constexpr std::array<const char*, kMessageKinds> kMessageNames = {
    "ClientRequest",     "ClientReply",    "ShardRequest",  "ShardReply",    "AppendEntries",
    "AppendReply",       "FenceRequest",   "FenceReply",    "CopyChunk",     "CopyAck",
    "Heartbeat",         "HeartbeatReply", "ShardReport",   "PositionQuery", "PositionReply",
    "Campaign",          "CampaignReply",  "Commit",        "CommitReply",   "RangeRequest",
    "RangeReply",        "TableUpdate",    "AdminCommand",  "AdminReply",    "ReshardCheck",
    "ReshardCheckReply", "ReadIndexQuery", "ReadIndexReply"};

}  // namespace

const char* message_name(const Message& message) { return kMessageNames[message.index()]; }

const char* message::to_string(ShardEvent event) {
  constexpr std::array kNames = {"Restarted", "Prepared", "Copied",  "SourceReady",
                                 "Synced",    "CaughtUp", "Lagging", "Dropped",
                                 "Failed",    "Moved",    "Surplus"};
  return kNames[static_cast<std::size_t>(event)];
}

Bytes wire_size(const Message& message) { return std::visit(WireSize{}, message); }

std::uint64_t content_word(const Message& message) { return std::visit(ContentWord{}, message); }

}  // namespace shardproof
