// SPDX-License-Identifier: Apache-2.0
#include "sim/history/zones.hpp"

#include <algorithm>

namespace shardproof::sim::history {
namespace {

/// Each of the two was known before the other was last asked for. It is told by who saw the one
/// that was asked to be written first.
Contradiction stale(const DocumentStory& story, std::uint32_t a, std::uint32_t b) {
  const ValueStory& older = story.values()[std::min(a, b)];
  const ValueStory& newer = story.values()[std::max(a, b)];
  const bool is_write_enough = newer.written_from > older.first_answer;
  const std::uint32_t afterwards = is_write_enough ? newer.write : newer.last_ask_of;
  Contradiction found;
  found.kind = Contradiction::Kind::kStale;
  found.records = {older.first_answer_of, afterwards, newer.first_answer_of, older.last_ask_of};
  found.text = fmt::format(
      "{} was asked for when {} was there already (by {}), and that is newer: {} was there (by {}) "
      "before {} was asked for",
      story.describe(older.last_ask_of), story.name_of(newer.content),
      story.describe(newer.first_answer_of), story.name_of(older.content),
      story.describe(older.first_answer_of), story.describe(afterwards));
  return found;
}

bool begins_before(const Zones::Zone& a, const Zones::Zone& b) {
  return a.from != b.from ? a.from < b.from : a.value < b.value;
}

}  // namespace

std::optional<Contradiction> Zones::judge(const DocumentStory& story) {
  forward_.clear();
  backward_.clear();
  const auto& values = story.values();
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    const ValueStory& value = values[i];
    if (!value.happened) continue;
    const bool is_forward = value.first_answer < value.last_ask;
    if (is_forward) {
      forward_.push_back({value.first_answer, value.last_ask, i});
    } else {
      backward_.push_back({value.last_ask, value.first_answer, i});
    }
  }
  std::sort(forward_.begin(), forward_.end(), begins_before);
  std::sort(backward_.begin(), backward_.end(), begins_before);
  for (std::size_t i = 1; i < forward_.size(); ++i) {
    if (forward_[i].from >= forward_[i - 1].until) continue;
    return stale(story, forward_[i - 1].value, forward_[i].value);
  }
  for (const Zone& zone : backward_) {
    const Zone* outer = around(zone.from, zone.until);
    if (outer != nullptr) return stale(story, outer->value, zone.value);
  }
  return std::nullopt;
}

std::size_t Zones::first_ending_after(Position position) const {
  const auto at =
      std::upper_bound(forward_.begin(), forward_.end(), position,
                       [](Position wanted, const Zone& zone) { return wanted < zone.until; });
  return static_cast<std::size_t>(at - forward_.begin());
}

const Zones::Zone* Zones::around(Position from, Position until) const {
  const std::size_t at = first_ending_after(until);
  const bool is_round = at < forward_.size() && forward_[at].from < from;
  return is_round ? &forward_[at] : nullptr;
}

}  // namespace shardproof::sim::history
