// SPDX-License-Identifier: Apache-2.0
#include "sim/run/bisection.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/run/trace_recorder.hpp"

namespace shardproof::sim {
namespace {

/// How often a difference that has moved is followed.
constexpr int kAttempts = 4;

struct Look {
  std::vector<TraceLine> lines;
  std::vector<Checkpoint> checkpoints;
};

Result<Look> look(const ScenarioSpec& spec, EventRange range, const RunAgain& again,
                  bool is_second) {
  TraceRecorder recorder(spec, range);
  RunOptions options;
  options.watch = &recorder;
  const auto result = again(options, is_second);
  if (!result) return Unexpected<Error>{result.error()};
  return Look{recorder.lines(result->log), result->checkpoints};
}

std::optional<TraceLine> line_at(const std::vector<TraceLine>& lines, std::size_t i) {
  return i < lines.size() ? std::optional(lines[i]) : std::nullopt;
}

/// The first line that differs. Both begin with the event before the first that may.
std::optional<FirstDifference> first_difference(const std::vector<TraceLine>& first,
                                                const std::vector<TraceLine>& second) {
  const std::size_t longer = std::max(first.size(), second.size());
  for (std::size_t i = 0; i < longer; ++i) {
    if (i < first.size() && i < second.size() && first[i].digest == second[i].digest) continue;
    const std::uint64_t event = i < first.size() ? first[i].event : second[i].event;
    return FirstDifference{event, i == 0 ? std::nullopt : std::optional(first[i - 1]),
                           line_at(first, i), line_at(second, i)};
  }
  return std::nullopt;
}

std::string line_text(const std::optional<TraceLine>& line) {
  if (!line) return "the end of the run";
  std::string text = fmt::format("{} at {}", line->kind, line->time);
  if (!line->from.empty()) text += " from " + line->from;
  if (!line->to.empty()) text += " to " + line->to;
  text += ": " + line->what;
  if (!line->content.empty()) text += " " + line->content;
  if (!line->facts.empty()) text += fmt::format(" [{}]", fmt::join(line->facts, "; "));
  return text;
}

}  // namespace

Result<std::optional<FirstDifference>> find_first_difference(const ScenarioSpec& spec,
                                                             Divergence where,
                                                             const RunAgain& again) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const EventRange range{std::max<std::uint64_t>(where.same_until, 1), where.differs_by};
    const auto first = look(spec, range, again, false);
    if (!first) return Unexpected{first.error()};
    const auto second = look(spec, range, again, true);
    if (!second) return Unexpected{second.error()};
    const auto moved = first_divergence(first->checkpoints, second->checkpoints);
    if (!moved) return std::optional<FirstDifference>();
    // If the event before the interval differs already, the difference has moved to before it.
    const auto found = first_difference(first->lines, second->lines);
    if (found && (found->before || range.first == 1)) return found;
    where = *moved;
  }
  return std::optional<FirstDifference>();
}

std::string to_string(const FirstDifference& difference) {
  std::string text = fmt::format("event {} is first {}, then {}", difference.event,
                                 line_text(difference.first), line_text(difference.second));
  if (difference.before)
    text += fmt::format("; before it, in both, {}", line_text(difference.before));
  return text;
}

}  // namespace shardproof::sim
