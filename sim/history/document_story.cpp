// SPDX-License-Identifier: Apache-2.0
#include "sim/history/document_story.hpp"

#include <algorithm>
#include <tuple>

#include "sim/history/operation_text.hpp"

namespace shardproof::sim::history {
namespace {

using Kind = Contradiction::Kind;
using Outcome = HistoryRecord::Outcome;
using Sight = HistoryRecord::Sight;

bool writes_content(const HistoryRecord& record) {
  return is_write(record.kind) && record.kind != OperationKind::Remove;
}

}  // namespace

Position answered(const HistoryRecord& record) {
  const bool is_over = record.outcome == Outcome::kDone || record.outcome == Outcome::kRefused;
  return is_over ? record.answered_event * 2 : kNever;
}

void DocumentStory::tell(std::span<const std::uint32_t> own) {
  own_ = own;
  values_.clear();
  removals_.assign(1, Sighting{});
  absences_.clear();
  presences_.clear();
  flaw_.reset();
  for (const std::uint32_t index : own) {
    if (writes_content(record(index))) note_write(index);
  }
  sort_contents();
  if (is_ambiguous_) return;
  for (const std::uint32_t index : own) note_sight(index);
  for (const ValueStory& value : values_) {
    const HistoryRecord& write = record(value.write);
    // An insert that is done found nothing, at the moment at which its content came to be there.
    if (write.kind != OperationKind::Insert || write.outcome != Outcome::kDone) continue;
    absences_.push_back({value.written_from, value.first_answer, value.write});
  }
}

void DocumentStory::note_write(std::uint32_t index) {
  const HistoryRecord& write = record(index);
  ValueStory& value = values_.emplace_back();
  value.content = write.written;
  value.write = index;
  value.written_from = value.last_ask = asked(write);
  value.last_ask_of = index;
  if (write.outcome != Outcome::kDone) return;
  add_to(value, index, asked(write), answered(write));
}

void DocumentStory::sort_contents() {
  by_content_.resize(values_.size());
  for (std::uint32_t i = 0; i < values_.size(); ++i) by_content_[i] = i;
  // A content that was refused and asked for again is known by the later request.
  const auto key = [&](std::uint32_t i) {
    const bool refused = record(values_[i].write).outcome == Outcome::kRefused;
    return std::tuple(values_[i].content, refused, i);
  };
  std::sort(by_content_.begin(), by_content_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  is_ambiguous_ = false;
  for (std::size_t i = 1; i < by_content_.size(); ++i) {
    const ValueStory& value = values_[by_content_[i]];
    const bool repeats = value.content == values_[by_content_[i - 1]].content;
    if (repeats && record(value.write).outcome != Outcome::kRefused) is_ambiguous_ = true;
  }
}

std::uint32_t DocumentStory::find(std::uint64_t content) const {
  const auto at = std::lower_bound(
      by_content_.begin(), by_content_.end(), content,
      [&](std::uint32_t i, std::uint64_t wanted) { return values_[i].content < wanted; });
  return at != by_content_.end() && values_[*at].content == content ? *at : kNoIndex;
}

Position DocumentStory::true_from(const HistoryRecord& read) const {
  if (!read.by_replica) return asked(read);
  // The latest question that is old enough: in between nothing was asked, so nothing is missed
  // but what was answered in between.
  const Instant since = read.asked_at - staleness_.age_max;
  const auto records = history_.records();
  const auto later = std::upper_bound(
      records.begin(), records.end(), since,
      [](Instant time, const HistoryRecord& other) { return time < other.asked_at; });
  return later == records.begin() ? 0 : asked(*(later - 1));
}

void DocumentStory::note_sight(std::uint32_t index) {
  const HistoryRecord& told = record(index);
  const Position from = true_from(told);
  const Position until = answered(told);
  const bool is_removal = told.kind == OperationKind::Remove && told.outcome != Outcome::kRefused;
  if (is_removal) removals_.push_back({from, until, index});
  if (is_removal && told.outcome == Outcome::kDone) presences_.push_back({from, until, index});
  if (is_removal || until == kNever) return;
  switch (told.sight) {
    case Sight::kNothing: return;
    case Sight::kAbsent: absences_.push_back({from, until, index}); return;
    case Sight::kLive: presences_.push_back({from, until, index}); return;
    case Sight::kValue: return note_value(index);
  }
}

void DocumentStory::note_value(std::uint32_t index) {
  const HistoryRecord& told = record(index);
  const std::uint32_t found = find(told.seen);
  if (found == kNoIndex) {
    if (!flaw_) {
      flaw_ = Contradiction{Kind::kNoSuchWrite,
                            {index},
                            fmt::format("{} saw a content that nobody wrote", describe(index))};
    }
    return;
  }
  ValueStory& value = values_[found];
  const bool was_refused = record(value.write).outcome == Outcome::kRefused;
  const bool is_future = answered(told) < value.written_from;
  if (!flaw_ && (was_refused || is_future)) {
    const char* why = was_refused ? "was refused" : "was asked for only later";
    flaw_ = Contradiction{
        was_refused ? Kind::kNoSuchWrite : Kind::kFuture,
        {value.write, index},
        fmt::format("{} saw what {}: {}", describe(index), why, describe(value.write))};
  }
  add_to(value, index, true_from(told), answered(told));
}

void DocumentStory::add_to(ValueStory& value, std::uint32_t index, Position from, Position until) {
  value.happened = true;
  if (until < value.first_answer) {
    value.first_answer = until;
    value.first_answer_of = index;
  }
  if (from >= value.last_ask) {
    value.last_ask = from;
    value.last_ask_of = index;
  }
}

std::string DocumentStory::name_of(std::uint64_t content) const {
  const std::uint32_t index = find(content);
  return index == kNoIndex ? std::string("#?") : fmt::format("#{}", index + 1);
}

std::string DocumentStory::question_of(std::uint32_t index) const {
  const HistoryRecord& told = record(index);
  return fmt::format("{}'s {}", told.client, question_text(told, *this));
}

std::string DocumentStory::describe(std::uint32_t index) const {
  const HistoryRecord& told = record(index);
  const std::string question = question_of(index);
  return is_write(told.kind) ? question : question + " " + answer_text(told, *this);
}

}  // namespace shardproof::sim::history
