// SPDX-License-Identifier: Apache-2.0
#include "sim/history/presence.hpp"

#include <algorithm>

namespace shardproof::sim::history {
namespace {

using Kind = Contradiction::Kind;
using Spans = std::vector<std::pair<Position, Position>>;

/// Of (begin, end) makes (end, latest begin of all that end by then), ascending.
void close_by_end(Spans& spans) {
  for (auto& [begin, end] : spans) std::swap(begin, end);
  std::sort(spans.begin(), spans.end());
  Position latest = 0;
  for (auto& [end, begin] : spans) begin = latest = std::max(latest, begin);
}

/// The latest begin of those that end before `position`; zero if none does.
Position latest_before(const Spans& closed, Position position) {
  const auto at = std::lower_bound(closed.begin(), closed.end(), std::pair(position, Position{0}));
  return at == closed.begin() ? 0 : (at - 1)->second;
}

/// `records` without those that are no operation, each once, in the order given.
Contradiction contradiction(Kind kind, std::vector<std::uint32_t> records, std::string text) {
  Contradiction found{kind, {}, std::move(text)};
  for (const std::uint32_t record : records) {
    const auto& so_far = found.records;
    const bool is_new = std::find(so_far.begin(), so_far.end(), record) == so_far.end();
    if (record != kNoIndex && is_new) found.records.push_back(record);
  }
  return found;
}

}  // namespace

void Presence::Reach::close() {
  std::sort(begun_.begin(), begun_.end());
  Position latest = 0;
  for (auto& [from, until] : begun_) until = latest = std::max(latest, until);
}

std::optional<Position> Presence::Reach::of(Position begun_by) const {
  const auto at = std::upper_bound(begun_.begin(), begun_.end(), std::pair(begun_by, kNever));
  if (at == begun_.begin()) return std::nullopt;
  return (at - 1)->second;
}

void Presence::prepare(const DocumentStory& story, const Zones& zones) {
  removals_.clear();
  contents_.clear();
  removed_by_.clear();
  moments_.clear();
  done_.clear();
  for (const Sighting& removal : story.removals()) {
    removals_.add(removal.from, removal.until);
    removed_by_.push_back(removal.until);
    const bool is_done = removal.record != kNoIndex && removal.until != kNever;
    if (is_done) done_.emplace_back(removal.from, removal.until);
  }
  for (const ValueStory& value : story.values()) {
    if (!value.happened && answered(story.record(value.write)) != kNever) continue;
    contents_.add(value.written_from, std::max(value.first_answer, value.last_ask));
  }
  for (const Zones::Zone& zone : zones.backward()) moments_.emplace_back(zone.from, zone.until);
  removals_.close();
  contents_.close();
  std::sort(removed_by_.begin(), removed_by_.end());
  close_by_end(moments_);
  close_by_end(done_);
}

std::optional<Contradiction> Presence::judge(const DocumentStory& story, const Zones& zones) {
  const bool is_simple = story.absences().empty() && story.presences().empty();
  if (is_simple) return std::nullopt;
  if (auto found = judge_removals(story, zones)) return found;
  prepare(story, zones);
  for (const Sighting& absence : story.absences()) {
    if (auto found = judge_absence(story, zones, absence)) return found;
  }
  for (const Sighting& presence : story.presences()) {
    if (auto found = judge_presence(story, presence)) return found;
  }
  return std::nullopt;
}

std::optional<Contradiction> Presence::judge_removals(const DocumentStory& story,
                                                      const Zones& zones) const {
  for (const Sighting& removal : story.removals()) {
    if (removal.record == kNoIndex) continue;
    const Zones::Zone* outer = zones.around(removal.from, removal.until);
    if (outer == nullptr) continue;
    const ValueStory& value = story.values()[outer->value];
    return contradiction(
        Kind::kResurrected, {value.first_answer_of, removal.record, value.last_ask_of},
        fmt::format("{} was asked for after {} was answered, which removed {}: that was there (by "
                    "{}) before the removal was asked for",
                    story.describe(value.last_ask_of), story.describe(removal.record),
                    story.name_of(value.content), story.describe(value.first_answer_of)));
  }
  return std::nullopt;
}

std::optional<Contradiction> Presence::judge_absence(const DocumentStory& story, const Zones& zones,
                                                     const Sighting& absence) const {
  if (const Zones::Zone* outer = zones.around(absence.from, absence.until)) {
    const ValueStory& value = story.values()[outer->value];
    return contradiction(
        Kind::kLost, {value.first_answer_of, absence.record, value.last_ask_of},
        fmt::format("{} found nothing while {} was there: before (by {}) and afterwards (by {})",
                    story.question_of(absence.record), story.name_of(value.content),
                    story.describe(value.first_answer_of), story.describe(value.last_ask_of)));
  }
  const auto& forward = zones.forward();
  std::size_t next = zones.first_ending_after(absence.from);
  Position from = absence.from;
  const Position gap_from = next == 0 ? 0 : forward[next - 1].until;
  // A removal that was over before: no content has to be between the two.
  const Position needed = std::max(gap_from, latest_before(moments_, from));
  const auto later = std::lower_bound(removed_by_.begin(), removed_by_.end(), from);
  const bool is_in_gap = next == forward.size() || forward[next].from >= from;
  if (is_in_gap && later != removed_by_.begin() && *(later - 1) >= needed) return std::nullopt;
  // Or one that lasts while this does, outside all forward zones.
  for (; from <= absence.until; ++next) {
    const bool has_zone = next < forward.size();
    const Position until = has_zone ? std::min(absence.until, forward[next].from) : absence.until;
    const std::optional<Position> reach = removals_.of(until);
    if (from <= until && reach && *reach >= from) return std::nullopt;
    if (!has_zone) break;
    from = std::max(from, forward[next].until);
  }
  std::uint32_t last = kNoIndex;
  for (const ValueStory& value : story.values()) {
    if (value.first_answer < absence.from) last = value.first_answer_of;
  }
  const std::string before =
      last == kNoIndex ? std::string() : fmt::format(" after {}", story.describe(last));
  return contradiction(Kind::kNeverRemoved, {last, absence.record},
                       fmt::format("{} found nothing{}, and no removal was asked for that can be "
                                   "the reason",
                                   story.question_of(absence.record), before));
}

std::optional<Contradiction> Presence::judge_presence(const DocumentStory& story,
                                                      const Sighting& presence) const {
  const Position needed = latest_before(done_, presence.from);
  const std::optional<Position> reach = contents_.of(presence.until);
  if (reach && *reach >= needed) return std::nullopt;
  std::uint32_t removal = kNoIndex;
  for (const Sighting& other : story.removals()) {
    if (other.record != kNoIndex && other.until < presence.from) removal = other.record;
  }
  const std::string before =
      removal == kNoIndex ? std::string() : fmt::format(" after {}", story.describe(removal));
  return contradiction(Kind::kNeverWritten, {removal, presence.record},
                       fmt::format("{} found the document there{}, and no write was asked for that "
                                   "can be the reason",
                                   story.describe(presence.record), before));
}

}  // namespace shardproof::sim::history
