// SPDX-License-Identifier: Apache-2.0
#include "reports/trace_report.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/humanise.hpp"
#include "reports/pending_report.hpp"
#include "reports/table.hpp"
#include "reports/wrapped.hpp"

namespace shardproof::reports {
namespace {

using Align = Table::Align;
using Json = nlohmann::ordered_json;

constexpr std::size_t kTraceColumns = 120;
/// Text is not squeezed into less than that, however wide the rest is.
constexpr std::size_t kTextMin = 40;
/// Of shards; `--json` has all.
constexpr std::size_t kLinesShown = 20;

std::string who(const sim::TraceLine& line) {
  return line.from.empty() ? line.to : fmt::format("{} > {}", line.from, line.to);
}

/// The widths of the columns before the text.
struct Widths {
  std::size_t event = 0;
  std::size_t time = 0;
  std::size_t kind = 0;
  std::size_t who = 0;

  explicit Widths(const std::vector<sim::TraceLine>& trace) {
    for (const sim::TraceLine& line : trace) {
      event = std::max(event, fmt::format("#{}", line.event).size());
      time = std::max(time, fmt::format("{}", line.time).size());
      kind = std::max(kind, line.kind.size());
      who = std::max(who, reports::who(line).size());
    }
  }
  std::size_t before_text() const { return 2 + event + 2 + time + 2 + kind + 2 + who + 2; }
  std::size_t text() const {
    return before_text() + kTextMin > kTraceColumns ? kTextMin : kTraceColumns - before_text();
  }
};

std::string indented(const std::string& text, const Widths& widths, std::string_view bullet,
                     const Style& style) {
  std::string lines;
  std::string_view lead = bullet;
  const std::string blanks(bullet.size(), ' ');
  for (const std::string& piece : wrapped_pieces(text, widths.text() - bullet.size(), true)) {
    lines += fmt::format("{:{}}{}\n", "", widths.before_text(),
                         style.dim(std::string(lead).append(piece)));
    lead = blanks;
  }
  return lines;
}

std::string line_text(const sim::TraceLine& line, const Widths& widths, TraceLevel level,
                      bool is_marked, const Style& style) {
  std::string what = line.what;
  if (level == TraceLevel::kMessages && !line.content.empty()) what += ": " + line.content;
  const std::vector<std::string> parts = wrapped_pieces(what, widths.text(), true);
  std::string text =
      fmt::format("{} {:>{}}  {:>{}}  {:<{}}  {:<{}}  {}", is_marked ? ">" : " ",
                  fmt::format("#{}", line.event), widths.event, fmt::format("{}", line.time),
                  widths.time, line.kind, widths.kind, who(line), widths.who, parts.front());
  text.erase(text.find_last_not_of(' ') + 1);
  text = (is_marked ? style.bold(text) : text) + "\n";
  for (std::size_t i = 1; i < parts.size(); ++i) {
    text += fmt::format("{:{}}{}\n", "", widths.before_text(), parts[i]);
  }
  if (level == TraceLevel::kEvents) return text;
  for (const std::string& fact : line.facts) text += indented(fact, widths, "- ", style);
  for (const std::string& record : line.log) text += indented(record, widths, "* ", style);
  return text;
}

std::string list_text(std::string_view title, const std::vector<std::string>& entries,
                      const Style& style) {
  std::string text = style.bold(title) + "\n";
  if (entries.empty()) return text + "  none\n";
  const std::size_t shown = std::min(entries.size(), kLinesShown);
  for (std::size_t i = 0; i < shown; ++i) {
    std::string_view lead = "  ";
    for (const std::string& piece : wrapped_pieces(entries[i], kTraceColumns - 4, true)) {
      text += fmt::format("{}{}\n", lead, piece);
      lead = "    ";
    }
  }
  if (entries.size() > shown) text += fmt::format("  and {} more\n", entries.size() - shown);
  return text;
}

std::string node_table(const sim::WorldState& state, const Style& style) {
  Table table({Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight,
               Align::kRight, Align::kRight, Align::kLeft});
  table.heading({"node", "process", "table", "copies", "leads", "disk", "disk ops", ""});
  for (const sim::NodeStanding& node : state.nodes) {
    const bool is_up = node.table != Revision();
    table.row({fmt::format("{}", node.node), node.process,
               is_up ? fmt::format("{}", node.table) : "-", is_up ? human_count(node.copies) : "-",
               human_count(node.leads), human_bytes(node.disk_used),
               human_count(node.disk_operations), node.is_coordinator ? "coordinator" : ""});
  }
  return table.text(style);
}

}  // namespace

std::string trace_text(const std::vector<sim::TraceLine>& trace, TraceLevel level,
                       std::uint64_t marked, const Style& style) {
  const Widths widths(trace);
  std::string text;
  for (const sim::TraceLine& line : trace) {
    text += line_text(line, widths, level, line.event == marked, style);
  }
  return text;
}

Json trace_json(const std::vector<sim::TraceLine>& trace, TraceLevel level) {
  Json list = Json::array();
  for (const sim::TraceLine& line : trace) {
    Json entry = {{"event", line.event},
                  {"time_ns", line.time.count()},
                  {"kind", line.kind},
                  {"from", line.from.empty() ? Json(nullptr) : Json(line.from)},
                  {"to", line.to.empty() ? Json(nullptr) : Json(line.to)},
                  {"what", line.what},
                  {"digest", fmt::format("{:016x}", line.digest)}};
    if (level != TraceLevel::kEvents) {
      entry["facts"] = line.facts;
      entry["log"] = line.log;
    }
    if (level == TraceLevel::kMessages) entry["content"] = line.content;
    list.push_back(std::move(entry));
  }
  return list;
}

std::string world_text(const sim::WorldState& state, const Style& style) {
  const std::string when = state.has_begun ? fmt::format("at {}", state.time)
                                           : std::string("while the cluster is set up");
  std::string text = fmt::format("{}\n  {}, digest {:016x}; the table is at {}\n\n",
                                 style.bold(fmt::format("The world after event {}", state.event)),
                                 when, state.digest, state.committed);
  text += node_table(state, style) + "\n";
  text +=
      list_text(fmt::format("Shards in change, of {}", state.shards_total), state.shards, style);
  return text + "\n" + style.bold("Pending") + "\n" + pending_text(state.pending, style);
}

Json world_json(const sim::WorldState& state) {
  Json nodes = Json::array();
  for (const sim::NodeStanding& node : state.nodes) {
    nodes.push_back({{"node", fmt::format("{}", node.node)},
                     {"process", node.process},
                     {"table", node.table.value()},
                     {"copies", node.copies},
                     {"leads", node.leads},
                     {"disk_used_bytes", node.disk_used.count()},
                     {"disk_operations", node.disk_operations},
                     {"is_coordinator", node.is_coordinator}});
  }
  return {{"event", state.event},
          {"time_ns", state.has_begun ? Json(state.time.count()) : Json(nullptr)},
          {"digest", fmt::format("{:016x}", state.digest)},
          {"table", state.committed.value()},
          {"nodes", std::move(nodes)},
          {"shards_in_change", state.shards},
          {"shards", state.shards_total},
          {"pending", pending_json(state.pending)}};
}

}  // namespace shardproof::reports
