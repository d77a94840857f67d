// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/message_text.hpp"

#include <array>

#include <fmt/format.h>

#include "core/base/check.hpp"
#include "core/base/humanise.hpp"
#include "sim/cluster/operator_console.hpp"

namespace shardproof::sim {
namespace {

template <typename Enum, std::size_t kSize>
const char* name_in(const std::array<const char*, kSize>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  SHARDPROOF_CHECK(index < kSize, "index {}", index);
  return names[index];
}

std::string name_of(message::AppendOutcome outcome) {
  return name_in(std::array{"Durable", "Mismatch", "NoCopy", "Stale"}, outcome);
}
std::string name_of(message::CopyOutcome outcome) {
  return name_in(std::array{"Receiving", "Installed", "Corrupt", "Full", "Outdated", "Stale"},
                 outcome);
}
std::string name_of(message::CommitOutcome outcome) {
  return name_in(std::array{"Committed", "GuardFailed", "Deposed"}, outcome);
}
std::string name_of(message::AdminOutcome outcome) {
  return name_in(std::array{"Accepted", "Done", "Refused", "NotCoordinator", "Unknown"}, outcome);
}

std::string text_of(const OperationRef& operation) {
  if (!operation) return "nothing";
  const char* kind = to_string(operation->kind);
  if (operation->steps.empty()) {
    if (!operation->document) return kind;
    return fmt::format("{} \"{}\"", kind, operation->document->key);
  }
  const DocumentRef& first = operation->steps.front().document;
  return fmt::format("{} of {} from \"{}\" on", kind,
                     human_number_of(operation->steps.size(), "write"), first ? first->key : "");
}

std::string text_of(const VersionedDocument& result) {
  if (result.document) return fmt::format(" {}", result.version);
  return result.version == Version() ? "" : fmt::format(" nothing at {}", result.version);
}

/// "r7 with 2 records"; what became of them is in the event log.
std::string text_of(const TableDelta& delta) {
  return fmt::format("{} with {}", delta.revision, human_number_of(delta.records.size(), "record"));
}

/// The content of each kind, in the order of its fields.
struct Content {
  std::string operator()(const message::ClientRequest& m) const {
    return fmt::format("{} {}", m.request, text_of(m.operation));
  }
  std::string operator()(const message::ClientReply& m) const {
    return fmt::format("{} {}{}", m.request, to_string(m.status), text_of(m.result));
  }
  std::string operator()(const message::ShardRequest& m) const {
    return fmt::format("{} {} at {}, ticket {}: {} {}", m.shard, m.epoch, m.revision, m.ticket,
                       m.request, text_of(m.operation));
  }
  std::string operator()(const message::ShardReply& m) const {
    return fmt::format("{} {} at {}, ticket {}: {} {}{}", m.shard, m.epoch, m.revision, m.ticket,
                       m.request, to_string(m.status), text_of(m.result));
  }
  std::string operator()(const message::AppendEntries& m) const {
    const std::string entries =
        m.entries.empty() ? "no entries"
                          : fmt::format("{} up to {}", human_number_of(m.entries.size(), "entry"),
                                        m.entries.back()->version);
    return fmt::format("{} {} after {}: {}, committed {}", m.shard, m.epoch, m.previous, entries,
                       m.committed);
  }
  std::string operator()(const message::AppendReply& m) const {
    return fmt::format("{} {} {} at {}, committed {}", m.shard, m.epoch, name_of(m.outcome), m.last,
                       m.committed);
  }
  std::string operator()(const message::FenceRequest& m) const {
    return fmt::format("{} {}", m.shard, m.epoch);
  }
  std::string operator()(const message::FenceReply& m) const {
    return fmt::format("{} {}", m.shard, m.epoch);
  }
  std::string operator()(const message::CopyChunk& m) const {
    const bool is_last = m.chunk && m.chunk->last;
    return fmt::format("{} {} stream {} piece {}{}: {}, at {}", m.shard, m.epoch, m.stream,
                       m.number, is_last ? ", the last" : "",
                       human_number_of(m.chunk ? m.chunk->items.size() : 0, "document"),
                       m.snapshot);
  }
  std::string operator()(const message::CopyAck& m) const {
    return fmt::format("{} {} stream {} {}, next {}", m.shard, m.epoch, m.stream,
                       name_of(m.outcome), m.next);
  }
  std::string operator()(const message::Heartbeat& m) const {
    std::string text = fmt::format("asked at {}, table {}", m.asked_at, m.revision);
    if (!m.report) return text;
    const message::NodeReport& report = *m.report;
    const std::string size = report.disk_capacity == Bytes(0) ? std::string("unlimited")
                                                              : human_bytes(report.disk_capacity);
    return text + fmt::format(", its disk holds {} of {}, {}", human_bytes(report.disk_used), size,
                              report.shards.size() == 1
                                  ? std::string("1 copy")
                                  : fmt::format("{} copies", report.shards.size()));
  }
  std::string operator()(const message::HeartbeatReply& m) const {
    return fmt::format("asked at {}, {}, lease {}, table {}", m.asked_at, m.term, m.lease,
                       m.revision);
  }
  std::string operator()(const message::ShardReport& m) const {
    std::string text =
        fmt::format("{} {} {} at {}", m.shard, m.epoch, to_string(m.event), m.position);
    if (m.migration.has_value()) text += fmt::format(", migration {}", m.migration);
    if (m.subject.has_value()) text += fmt::format(", about {}", m.subject);
    return text;
  }
  std::string operator()(const message::PositionQuery& m) const {
    return fmt::format("{} {}", m.shard, m.epoch);
  }
  std::string operator()(const message::PositionReply& m) const {
    switch (m.copy) {
      case message::CopyOnDisk::Kept: return fmt::format("{} {} at {}", m.shard, m.epoch, m.last);
      case message::CopyOnDisk::NotBegun:
        return fmt::format("{} {} never on this disk", m.shard, m.epoch);
      case message::CopyOnDisk::Lost: return fmt::format("{} {} no copy", m.shard, m.epoch);
    }
    return "?";
  }
  std::string operator()(const message::Campaign& m) const {
    return fmt::format("{}, lease {}, asked at {}", m.term, m.lease, m.asked_at);
  }
  std::string operator()(const message::CampaignReply& m) const {
    return fmt::format("{} {}, held by {}, asked at {}", m.granted ? "granted" : "refused", m.term,
                       human_node(m.holder), m.asked_at);
  }
  std::string operator()(const message::Commit& m) const {
    return fmt::format("request {} under {}: {}, {}", m.request, m.term,
                       human_number_of(m.records.size(), "record"),
                       human_number_of(m.guards.size(), "guard"));
  }
  std::string operator()(const message::CommitReply& m) const {
    return fmt::format("request {} {} {}", m.request, name_of(m.outcome), m.revision);
  }
  std::string operator()(const message::RangeRequest& m) const {
    return fmt::format("request {} since {}", m.request, m.since);
  }
  std::string operator()(const message::RangeReply& m) const {
    return fmt::format("request {} up to {}, {}", m.request, m.revision,
                       human_number_of(m.deltas.size(), "commit"));
  }
  std::string operator()(const message::TableUpdate& m) const {
    const std::size_t earlier = m.earlier ? m.earlier->size() : 0;
    return fmt::format("after {}: {}{}", m.previous,
                       earlier > 0 ? human_number_of(earlier, "commit") + " and " : "",
                       m.delta ? text_of(*m.delta) : "nothing");
  }
  std::string operator()(const message::AdminCommand& m) const {
    return fmt::format("{} under {}", describe(*m.request), m.term);
  }
  std::string operator()(const message::AdminReply& m) const {
    return fmt::format("request {} {}{}{}", m.request, name_of(m.outcome),
                       m.text.empty() ? "" : ": ", m.text);
  }
  std::string operator()(const message::ReshardCheck& m) const {
    return fmt::format("{} {}", m.shard, m.epoch);
  }
  std::string operator()(const message::ReshardCheckReply& m) const {
    return fmt::format("{} {} {}", m.shard, m.epoch, m.fault.empty() ? "all route" : m.fault);
  }
  std::string operator()(const message::ReadIndexQuery& m) const {
    return fmt::format("{} {} asked at {}", m.shard, m.epoch, m.asked_at);
  }
  std::string operator()(const message::ReadIndexReply& m) const {
    return fmt::format("{} {} asked at {}, committed {}", m.shard, m.epoch, m.asked_at,
                       m.committed);
  }
};

}  // namespace

std::string text_of(EventKind kind) {
  switch (kind) {
    case EventKind::Message: return "message";
    case EventKind::Metadata: return "metadata";
    case EventKind::Timer: return "timer";
    case EventKind::DiskDone: return "disk";
    case EventKind::Boot: return "boot";
    case EventKind::Script: return "script";
    case EventKind::Client: return "client";
    case EventKind::Operator: return "operator";
    case EventKind::Sample: return "sample";
    case EventKind::Chaos: return "chaos";
    case EventKind::Cpu: return "cpu";
    case EventKind::Watch: return "watch";
  }
  SHARDPROOF_CHECK(false, "kind {}", static_cast<int>(kind));
  return {};
}

std::string text_of(Endpoint endpoint) {
  if (endpoint.is_node()) return fmt::format("{}", endpoint.as_node());
  if (endpoint.is_client()) return fmt::format("{}", endpoint.as_client());
  return endpoint.is_metadata() ? "metadata" : "operator";
}

std::string text_of(TimerKind kind) {
  static constexpr std::array<const char*, kTimerKinds> kNames = {
      "Heartbeat", "Campaign", "Coordinator", "Router", "Replication", "Copy", "Store", "Table"};
  return name_in(kNames, kind);
}

std::string text_of(const Message& message) { return std::visit(Content{}, message); }

}  // namespace shardproof::sim
