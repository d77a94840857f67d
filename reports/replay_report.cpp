// SPDX-License-Identifier: Apache-2.0
#include "reports/replay_report.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/humanise.hpp"
#include "reports/table.hpp"
#include "reports/text_findings.hpp"
#include "reports/text_report.hpp"
#include "reports/wrapped.hpp"

namespace shardproof::reports {
namespace {

using Align = Table::Align;
using Json = nlohmann::ordered_json;

/// Of streams that differ; `--json` has all.
constexpr std::size_t kStreamsShown = 12;

std::string draws_text(const std::optional<std::uint64_t>& draws) {
  return draws ? human_count(*draws) : "-";
}

const char* remark_on(const sim::StreamDifference& stream) {
  if (!stream.now) return "is not there any more";
  return stream.recorded ? "" : "is new";
}

std::string streams_text(const sim::StreamsPart& part, const Style& style) {
  Table table({Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kLeft});
  table.heading({"decided by", "for", "recorded", "now", ""});
  for (std::size_t i = 0; i < std::min(part.streams.size(), kStreamsShown); ++i) {
    const sim::StreamDifference& stream = part.streams[i];
    table.row({stream.site, stream.subject, draws_text(stream.recorded), draws_text(stream.now),
               remark_on(stream)});
  }
  std::string text = fmt::format(
      "  up to event {} as many random decisions were made; by event {} these are other ones:\n{}",
      part.same_until, part.by_event, table.text(style));
  if (part.streams.size() > kStreamsShown) {
    text += fmt::format("  and {} more\n", part.streams.size() - kStreamsShown);
  }
  return text;
}

/// `58,828 events (1 to 60,112 with setting up and coming to rest)`: as `run` counts them, and as
/// events are numbered.
std::string events_text(std::uint64_t events, std::uint64_t last) {
  return fmt::format("{} (1 to {} with setting up and coming to rest)",
                     human_number_of(events, "event"), human_count(last));
}

std::string end_text(std::string_view which, std::string_view events, std::uint64_t digest,
                     std::string_view verdict) {
  return fmt::format("  {:<9} {}, digest {:016x}, {}\n", which, events, digest, verdict);
}

std::string parted_text(const Replay& replay, const sim::Divergence& where, const Style& style) {
  const RecordedRun& recorded = *replay.recorded;
  const sim::RunResult& now = *replay.run;
  std::string text = style.red("NOT THE SAME RUN") + " as the recorded one\n";
  text += end_text("recorded:", events_text(recorded.events, recorded.checkpoints.back().events),
                   recorded.digest, recorded.verdict);
  text += end_text("now:", events_text(now.events, now.checkpoints.back().events), now.digest,
                   to_string(now.verdict));
  if (recorded.trace_format != sim::kTraceFormat) {
    text +=
        wrapped(fmt::format("It was recorded in trace format {} and this program has format "
                            "{}: the digests cannot be the same.",
                            recorded.trace_format, sim::kTraceFormat));
  }
  text += fmt::format(
      "  the first {} events are the same, the first other one is among {}..{}:\n"
      "    {}\n",
      human_count(where.same_until), where.same_until + 1, where.differs_by,
      style.bold(
          fmt::format("{} --around {}", style.command(replay.command), where.same_until + 1)));
  const auto streams = sim::part(recorded.streams, replay.streams);
  if (streams) return text + streams_text(*streams, style);
  if (recorded.streams.marks.empty()) return text;
  return text + "  wherever both were counted, as many random decisions were made\n";
}

std::string replayed_violation_text(const sim::ViolationRecord& violation, const Style& style) {
  return fmt::format("{} of invariant {}, {}, at {}, event {}\n", style.red("VIOLATION"),
                     violation.invariant, style.bold(violation.name), violation.time,
                     violation.event) +
         wrapped(violation.message) + statement_text(violation.statement, style);
}

std::string run_text(const Replay& replay, const Style& style) {
  const sim::RunResult& run = *replay.run;
  std::string text = verdict_line(run, style);
  if (!run.violations.empty()) text += replayed_violation_text(run.violations.front(), style);
  if (!replay.recorded) return text;
  if (const auto where = divergence_of(replay)) return text + parted_text(replay, *where, style);
  return text + fmt::format("{} as the recorded one{}:\n  {}, digest {:016x}\n",
                            style.green("THE SAME RUN"),
                            replay.recorded->interrupted ? ", which was interrupted here" : "",
                            events_text(run.events, run.checkpoints.back().events), run.digest);
}

Json draws_json(const sim::StreamsPart& part) {
  Json streams = Json::array();
  for (const sim::StreamDifference& stream : part.streams) {
    streams.push_back({{"site", stream.site},
                       {"subject", stream.subject},
                       {"recorded", stream.recorded ? Json(*stream.recorded) : Json(nullptr)},
                       {"now", stream.now ? Json(*stream.now) : Json(nullptr)}});
  }
  return {{"same_until", part.same_until}, {"by_event", part.by_event}, {"streams", streams}};
}

Json end_json(std::uint64_t events, const sim::Checkpoint& end, std::string_view verdict) {
  return {{"events", events},
          {"last_event", end.events},
          {"digest", fmt::format("{:016x}", end.digest)},
          {"verdict", verdict}};
}

void add_comparison(const Replay& replay, Json& document) {
  const RecordedRun& recorded = *replay.recorded;
  document["recorded"] = end_json(recorded.events, recorded.checkpoints.back(), recorded.verdict);
  const auto where = divergence_of(replay);
  document["is_same"] = !where.has_value();
  if (!where) return;
  document["divergence"] = {{"same_until", where->same_until}, {"differs_by", where->differs_by}};
  const auto streams = sim::part(recorded.streams, replay.streams);
  document["draws"] = streams ? draws_json(*streams) : Json(nullptr);
}

}  // namespace

std::optional<sim::Divergence> divergence_of(const Replay& replay) {
  if (!replay.recorded || !replay.run) return std::nullopt;
  return sim::first_divergence(replay.recorded->checkpoints, replay.run->checkpoints);
}

std::string replay_text(const Replay& replay, const Style& style) {
  std::string text;
  const auto part = [&](const std::string& more) { text += (text.empty() ? "" : "\n") + more; };
  if (replay.run) part(run_text(replay, style));
  if (replay.trace) part(trace_text(*replay.trace, replay.level, replay.marked, style));
  if (replay.state) part(world_text(*replay.state, style));
  return text;
}

std::string replay_json(const Replay& replay) {
  Json document = {{"scenario", replay.scenario}, {"seed", replay.seed}};
  if (replay.run) {
    const sim::RunResult& run = *replay.run;
    document["run"] = end_json(run.events, run.checkpoints.back(), to_string(run.verdict));
    document["violation_event"] =
        run.violations.empty() ? Json(nullptr) : Json(run.violations.front().event);
    if (replay.recorded) add_comparison(replay, document);
  }
  if (replay.trace) document["trace"] = trace_json(*replay.trace, replay.level);
  if (replay.state) document["state"] = world_json(*replay.state);
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace shardproof::reports
