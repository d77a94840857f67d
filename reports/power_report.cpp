// SPDX-License-Identifier: Apache-2.0
#include "reports/power_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "reports/humanise.hpp"
#include "reports/table.hpp"

namespace shardproof::reports {
namespace {

using Align = Table::Align;
using Json = nlohmann::ordered_json;

const std::vector<std::string>& headings() {
  static const std::vector<std::string> kHeadings = {"rule off", "falls first", "what fell",
                                                     "seeds",    "events",      "CPU s",
                                                     "entries",  "faults",      "nodes"};
  return kHeadings;
}

std::string change_text(std::uint64_t before, std::optional<std::uint64_t> after) {
  if (!after) return human_count(before);
  return fmt::format("{} -> {}", human_count(before), human_count(*after));
}

template <typename Member>
std::optional<std::uint64_t> after_of(const sim::RuleFinding& finding, Member member) {
  if (!finding.shrunk) return std::nullopt;
  return (*finding.shrunk).*member;
}

std::vector<std::string> cells(const sim::PowerRow& row) {
  std::vector<std::string> texts = {
      row.rule,
      row.expected.empty() ? "-" : fmt::format("{}", fmt::join(row.expected, ", ")),
      row.found ? row.found->failure.fingerprint : "nothing",
      human_count(row.seeds),
      human_scaled(static_cast<double>(row.events)),
      fmt::format("{:.2f}", static_cast<double>(row.cpu_ns) / 1e9)};
  if (!row.found) {
    texts.resize(headings().size(), "-");
    return texts;
  }
  const auto cell = [&](auto member) {
    texts.push_back(change_text(row.found->original.*member, after_of(*row.found, member)));
  };
  cell(&sim::PlanSize::entries);
  cell(&sim::PlanSize::events);
  cell(&sim::PlanSize::nodes);
  return texts;
}

Table power_table(const sim::PowerResult& result) {
  Table table({Align::kLeft, Align::kLeft, Align::kLeft, Align::kRight, Align::kRight,
               Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  table.heading(headings());
  for (const sim::PowerRow& row : result.rows) table.row(cells(row));
  return table;
}

std::string summary(const sim::PowerResult& result) {
  return fmt::format("{} of {} found; median {}, at most {} a rule; {}", result.found(),
                     human_number_of(result.rows.size(), "rule"),
                     human_number_of(result.median_seeds(), "seed"), human_count(result.seeds_max),
                     human_duration(static_cast<double>(result.wall_ns)));
}

Json pair_json(const sim::PowerRow& row, std::uint64_t sim::PlanSize::*member) {
  if (!row.found) return nullptr;
  const auto after = after_of(*row.found, member);
  return {{"before", row.found->original.*member}, {"after", after ? Json(*after) : Json(nullptr)}};
}

Json row_json(const sim::PowerRow& row) {
  const bool found = row.found.has_value();
  return {{"rule", row.rule},
          {"found", found},
          {"seed", found ? Json(row.found->seed) : Json(nullptr)},
          {"seeds", row.seeds},
          {"events", row.events},
          {"cpu_ns", row.cpu_ns},
          {"fingerprint", found ? Json(row.found->failure.fingerprint) : Json(nullptr)},
          {"message", found ? Json(row.found->failure.message) : Json(nullptr)},
          {"statement", found ? Json(row.found->failure.statement) : Json(nullptr)},
          {"expected", row.expected},
          {"entries", pair_json(row, &sim::PlanSize::entries)},
          {"events_planned", pair_json(row, &sim::PlanSize::events)},
          {"nodes", pair_json(row, &sim::PlanSize::nodes)},
          {"shrink_ns", found ? Json(row.found->shrink_ns) : Json(nullptr)}};
}

}  // namespace

std::string power_text(const sim::PowerResult& result, const Style& style) {
  const Table table = power_table(result);
  const bool is_whole = result.unnoticed() == 0;
  std::string text = table.text(style);
  text += fmt::format("\n{}  {}\n", is_whole ? style.green("PASS") : style.red("FAIL"),
                      summary(result));
  if (result.interrupted)
    text += style.yellow("    interrupted: the rest was not looked for") + "\n";
  return text;
}

std::string power_markdown(const sim::PowerResult& result) {
  return power_table(result).markdown() + "\n" + summary(result) + "\n";
}

std::string power_json(const sim::PowerResult& result) {
  Json rules = Json::array();
  for (const sim::PowerRow& row : result.rows) rules.push_back(row_json(row));
  const Json document = {{"rules", rules},
                         {"found", result.found()},
                         {"seeds_median", result.median_seeds()},
                         {"seeds_max", result.seeds_max}};
  return document.dump(2) + "\n";
}

}  // namespace shardproof::reports
