// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/event_log.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/base/check.hpp"

namespace shardproof::sim {

std::string_view to_string(LogKind kind) {
  switch (kind) {
    case LogKind::kShard: return "shard";
    case LogKind::kNode: return "node";
    case LogKind::kCollection: return "collection";
    case LogKind::kMigration: return "migration";
    case LogKind::kProcess: return "process";
    case LogKind::kFault: return "fault";
    case LogKind::kOperator: return "operator";
    case LogKind::kLeadership: return "leadership";
    case LogKind::kCopy: return "copy";
    case LogKind::kViolation: return "violation";
  }
  SHARDPROOF_CHECK(false, "log kind {}", static_cast<int>(kind));
  return {};
}

std::string text_of(const LogRecord& record) {
  std::string text(to_string(record.kind));
  if (record.node.has_value()) text += fmt::format(" {}", record.node);
  if (record.migration.has_value()) {
    text += fmt::format(" {}", record.migration);
  } else if (record.shard.has_value()) {
    text += fmt::format(" {}", record.shard);
  }
  return text + ": " + record.text;
}

void EventLog::add(LogRecord record) {
  constexpr std::size_t kHalf = kRecordsMax / 2;
  if (head_.size() < kHalf) {
    head_.push_back(std::move(record));
  } else if (ring_.size() < kHalf) {
    ring_.push_back(std::move(record));
  } else {
    ring_[ring_next_] = std::move(record);
    ring_next_ = (ring_next_ + 1) % kHalf;
    ++dropped_;
  }
}

void EventLog::move_back(Nanoseconds by) {
  for (LogRecord& record : head_) record.time = record.time - by;
  for (LogRecord& record : ring_) record.time = record.time - by;
}

std::vector<const LogRecord*> EventLog::records() const {
  std::vector<const LogRecord*> all;
  all.reserve(head_.size() + ring_.size());
  for (const LogRecord& record : head_) all.push_back(&record);
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    all.push_back(&ring_[(ring_next_ + i) % ring_.size()]);
  }
  return all;
}

}  // namespace shardproof::sim
