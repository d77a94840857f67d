// SPDX-License-Identifier: Apache-2.0
#include "sim/history/operation_text.hpp"

namespace shardproof::sim::history {
namespace {

using Outcome = HistoryRecord::Outcome;
using Sight = HistoryRecord::Sight;

std::string swap_text(const HistoryRecord& swap, const DocumentStory& story) {
  const std::string next = story.name_of(swap.written);
  const bool knows = swap.outcome == Outcome::kDone && swap.sight == Sight::kValue;
  if (!knows) return fmt::format("swap for {}", next);
  return fmt::format("swap {} for {}", story.name_of(swap.seen), next);
}

std::string sight_text(const HistoryRecord& record, const DocumentStory& story) {
  switch (record.sight) {
    case Sight::kNothing: return {};
    case Sight::kAbsent: return "nothing";
    case Sight::kLive: return "something";
    case Sight::kValue: return story.name_of(record.seen);
  }
  return {};
}

}  // namespace

std::string question_text(const HistoryRecord& record, const DocumentStory& story) {
  switch (record.kind) {
    case OperationKind::Read: return record.by_replica ? "replica read" : "read";
    case OperationKind::Insert: return "insert " + story.name_of(record.written);
    case OperationKind::Remove: return "remove";
    case OperationKind::CompareAndSwap: return swap_text(record, story);
    default: return "replace " + story.name_of(record.written);
  }
}

std::string answer_text(const HistoryRecord& record, const DocumentStory& story) {
  if (record.outcome == Outcome::kOpen) return "no answer";
  if (record.outcome == Outcome::kUnknown) return "unknown";
  const std::string sight = sight_text(record, story);
  if (record.outcome == Outcome::kRefused) {
    return sight.empty() ? "refused" : "refused: has " + sight;
  }
  return is_write(record.kind) ? "ok" : "-> " + sight;
}

}  // namespace shardproof::sim::history
