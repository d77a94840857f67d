// SPDX-License-Identifier: Apache-2.0
#include "sim/history/sessions.hpp"

#include <algorithm>

namespace shardproof::sim::history {
namespace {

using Kind = Contradiction::Kind;
using Outcome = HistoryRecord::Outcome;
using Sight = HistoryRecord::Sight;

/// The content that the client knows of by this operation; kNoIndex if there is none.
std::uint32_t value_told(const DocumentStory& story, const HistoryRecord& record) {
  if (is_write(record.kind)) {
    return record.kind == OperationKind::Remove ? kNoIndex : story.find(record.written);
  }
  return record.sight == Sight::kValue ? story.find(record.seen) : kNoIndex;
}

std::string went_back_text(const DocumentStory& story, std::uint32_t earlier, std::uint32_t later) {
  return fmt::format("{} is older than what the same client was told before, by {}",
                     story.describe(later), story.describe(earlier));
}

}  // namespace

std::optional<Contradiction> Sessions::judge(const DocumentStory& story) {
  told_.clear();
  orders_.clear();
  bool by_replica = false;
  for (const std::uint32_t index : story.own()) {
    const HistoryRecord& record = story.record(index);
    if (record.outcome != Outcome::kDone) continue;
    by_replica = by_replica || record.by_replica;
    told_.emplace_back(record.client, index);
  }
  if (!by_replica) return std::nullopt;
  std::sort(told_.begin(), told_.end());
  for (std::size_t first = 0; first < told_.size();) {
    std::size_t end = first;
    while (end < told_.size() && std::get<0>(told_[end]) == std::get<0>(told_[first])) ++end;
    if (auto found = judge_client(story, first, end)) return found;
    first = end;
  }
  return judge_orders(story);
}

std::optional<Contradiction> Sessions::judge_client(const DocumentStory& story, std::size_t first,
                                                    std::size_t end) {
  Told told;
  for (std::size_t i = first; i < end; ++i) {
    const std::uint32_t index = std::get<1>(told_[i]);
    const HistoryRecord& record = story.record(index);
    if (record.by_replica) {
      if (auto found = judge_read(story, told, index)) return found;
    }
    if (record.kind == OperationKind::Remove) told.removal = index;
    const std::uint32_t value = value_told(story, record);
    if (value == kNoIndex) continue;
    told.value = value;
    told.record = index;
    const auto& values = story.values();
    const bool is_newest =
        told.newest == kNoIndex || values[value].last_ask > values[told.newest].last_ask;
    if (!is_newest) continue;
    told.newest = value;
    told.newest_record = index;
  }
  return std::nullopt;
}

std::optional<Contradiction> Sessions::judge_read(const DocumentStory& story, const Told& told,
                                                  std::uint32_t index) {
  const std::uint32_t value = value_told(story, story.record(index));
  if (value == kNoIndex) return judge_nothing(story, told, index);
  const ValueStory& seen = story.values()[value];
  const bool is_older = told.newest != kNoIndex && told.newest != value &&
                        seen.first_answer < story.values()[told.newest].last_ask;
  if (is_older) {
    return Contradiction{Kind::kWentBack,
                         {told.newest_record, index},
                         went_back_text(story, told.newest_record, index)};
  }
  const bool is_removed =
      told.removal != kNoIndex && seen.first_answer < asked(story.record(told.removal));
  if (is_removed) {
    return Contradiction{
        Kind::kWentBack, {told.removal, index}, went_back_text(story, told.removal, index)};
  }
  if (told.value != kNoIndex && told.value != value) {
    orders_.push_back({told.value, value, told.record, index});
  }
  return std::nullopt;
}

std::optional<Contradiction> Sessions::judge_nothing(const DocumentStory& story, const Told& told,
                                                     std::uint32_t index) const {
  if (told.newest == kNoIndex) return std::nullopt;
  const Position since = story.values()[told.newest].last_ask;
  const Position until = answered(story.record(index));
  for (const Sighting& removal : story.removals()) {
    if (removal.from <= until && removal.until >= since) return std::nullopt;
  }
  return Contradiction{Kind::kWentBack,
                       {told.newest_record, index},
                       went_back_text(story, told.newest_record, index)};
}

std::optional<Contradiction> Sessions::judge_orders(const DocumentStory& story) {
  const auto key = [](const Order& order) {
    return std::tuple(std::min(order.before, order.after), std::max(order.before, order.after),
                      order.before > order.after, order.after_record);
  };
  std::sort(orders_.begin(), orders_.end(),
            [&](const Order& a, const Order& b) { return key(a) < key(b); });
  for (std::size_t i = 1; i < orders_.size(); ++i) {
    const Order& one = orders_[i - 1];
    const Order& other = orders_[i];
    if (one.before != other.after || one.after != other.before) continue;
    return Contradiction{
        Kind::kSplitOrder,
        {one.before_record, one.after_record, other.before_record, other.after_record},
        fmt::format("{} was told of {} and then of {}, and {} of {} and then of {}",
                    story.record(one.after_record).client,
                    story.name_of(story.values()[one.before].content),
                    story.name_of(story.values()[one.after].content),
                    story.record(other.after_record).client,
                    story.name_of(story.values()[other.before].content),
                    story.name_of(story.values()[other.after].content))};
  }
  return std::nullopt;
}

}  // namespace shardproof::sim::history
