// SPDX-License-Identifier: Apache-2.0
#include "sim/run/trace_recorder.hpp"

#include <array>

#include <fmt/format.h>

#include "sim/cluster/message_text.hpp"
#include "sim/scenario/chaos_spec.hpp"

namespace shardproof::sim {

std::string TraceRecorder::script_text(const WorldEvent& event) const {
  const bool fires = event.detail == 0 && event.word < spec_.events.size();
  if (fires) return sim::describe(spec_.events[event.word], spec_.collection_names());
  return fmt::format("step {} of an event that has fired", event.word);
}

void TraceRecorder::describe(const WorldEvent& event, const Message* message,
                             TraceLine& line) const {
  line.kind = text_of(event.kind);
  line.to = text_of(event.to);
  switch (event.kind) {
    case EventKind::Message:
    case EventKind::Metadata:
      line.from = text_of(event.from);
      line.what = message_name(*message);
      line.content = text_of(*message);
      return;
    case EventKind::Timer: line.what = text_of(static_cast<TimerKind>(event.detail)); return;
    case EventKind::DiskDone:
      line.what = "done";
      line.content =
          fmt::format("ticket {}{}", event.word, event.detail == 1 ? ", ended during a pause" : "");
      return;
    case EventKind::Boot: line.what = "up"; return;
    case EventKind::Watch: line.what = "watchers are told of the commits"; return;
    case EventKind::Cpu: line.what = "gets round to the next input"; return;
    case EventKind::Script:
      line.to.clear();
      line.what = script_text(event);
      return;
    case EventKind::Client: {
      constexpr std::array<const char*, 3> kTimers = {"attempt is over", "retry", "next request"};
      line.what = event.detail < kTimers.size() ? kTimers[event.detail] : "timer";
      return;
    }
    case EventKind::Operator:
      line.to.clear();
      line.what = fmt::format("asks again for request {}", event.word);
      return;
    case EventKind::Sample:
      line.to.clear();
      line.what = "metrics are sampled";
      return;
    case EventKind::Chaos:
      line.to.clear();
      line.what =
          fmt::format("a random fault is due: {}", to_string(static_cast<ChaosFamily>(event.word)));
      return;
  }
}

void TraceRecorder::on_delivery(const Delivery& delivery) {
  now_ = delivery.number;
  if (!is_within(now_)) return;
  TraceLine line;
  line.event = now_;
  line.time = delivery.time;
  line.digest = delivery.digest;
  describe(delivery.event, delivery.message, line);
  lines_.push_back(std::move(line));
}

void TraceRecorder::on_fact(NodeId node, const Fact& fact) {
  if (!is_within(now_)) return;
  lines_.back().facts.push_back(fmt::format("{} {}", node, shardproof::describe(fact)));
}

bool TraceRecorder::after_event(World& world) {
  origin_ = world.origin();
  return world.events() < range_.last || !world.has_begun();
}

std::vector<TraceLine> TraceRecorder::lines(const EventLog& log) const {
  std::vector<TraceLine> lines = lines_;
  for (TraceLine& line : lines) line.time = line.time - origin_.since_start();
  for (const LogRecord* record : log.records()) {
    if (!is_within(record->event) || lines.empty()) continue;
    const std::uint64_t place = record->event - lines.front().event;
    if (record->event < lines.front().event || place >= lines.size()) continue;
    lines[place].log.push_back(text_of(*record));
  }
  return lines;
}

}  // namespace shardproof::sim
