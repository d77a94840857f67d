// SPDX-License-Identifier: Apache-2.0
#include "sim/history/swaps.hpp"

#include <algorithm>

namespace shardproof::sim::history {

std::optional<Contradiction> Swaps::judge(const DocumentStory& story) {
  done_.clear();
  for (const std::uint32_t index : story.own()) {
    const HistoryRecord& record = story.record(index);
    const bool counts = record.kind == OperationKind::CompareAndSwap &&
                        record.outcome == HistoryRecord::Outcome::kDone &&
                        record.sight == HistoryRecord::Sight::kValue;
    if (counts) done_.emplace_back(record.seen, index);
  }
  std::sort(done_.begin(), done_.end());
  for (std::size_t i = 1; i < done_.size(); ++i) {
    const auto& [content, first] = done_[i - 1];
    if (done_[i].first != content) continue;
    const std::uint32_t second = done_[i].second;
    return Contradiction{
        Contradiction::Kind::kSwappedTwice,
        {first, second},
        fmt::format("{} and {} are both done, and {} was there to be replaced once",
                    story.describe(first), story.describe(second), story.name_of(content))};
  }
  return std::nullopt;
}

}  // namespace shardproof::sim::history
