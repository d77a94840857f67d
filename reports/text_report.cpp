// SPDX-License-Identifier: Apache-2.0
#include "reports/text_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/humanise.hpp"
#include "reports/run_tables.hpp"
#include "reports/text_findings.hpp"

namespace shardproof::reports {
namespace {

using sim::RunResult;

/// What was simulated; no newline.
std::string run_line(const RunResult& result) {
  std::string text = fmt::format("{}, {} simulated", human_number_of(result.events, "event"),
                                 human_duration(result.simulated));
  if (result.simulated < result.duration) {
    text += fmt::format(" of {} ({})", human_duration(result.duration),
                        result.interrupted ? "interrupted" : "ended by a violation");
  }
  if (result.wall_ns == 0) return text;
  const double seconds = static_cast<double>(result.wall_ns) / 1e9;
  return text + fmt::format(" in {} ({} events/s)",
                            human_duration(static_cast<double>(result.wall_ns)),
                            human_scaled(static_cast<double>(result.events) / seconds));
}

std::string_view word_of(sim::Verdict verdict) {
  switch (verdict) {
    case sim::Verdict::kPass: return "PASS";
    case sim::Verdict::kFail: return "FAIL";
    case sim::Verdict::kInconclusive: return "INCONCLUSIVE";
  }
  return "";
}

std::string coloured(sim::Verdict verdict, const Style& style) {
  switch (verdict) {
    case sim::Verdict::kPass: return style.green(word_of(verdict));
    case sim::Verdict::kFail: return style.red(word_of(verdict));
    case sim::Verdict::kInconclusive: return style.yellow(word_of(verdict));
  }
  return "";
}

}  // namespace

std::string verdict_line(const RunResult& result, const Style& style) {
  const std::string partial = result.interrupted ? " (partial)" : "";
  std::string text =
      fmt::format("{}{}  {}  seed {}  digest {:016x}\n", coloured(result.verdict, style), partial,
                  style.bold(result.scenario), result.seed, result.digest);
  if (!result.rules_off.empty()) {
    text += fmt::format("  {}: {}\n", style.yellow("with safety rules switched off"),
                        fmt::join(result.rules_off, ", "));
  }
  return text;
}

std::string text_report(const RunResult& result, const Style& style, const std::string& directory) {
  const auto part = [&](std::string_view title, const Table& table) {
    return style.bold(title) + "\n" + table.text(style) + "\n";
  };
  std::string text = verdict_line(result, style) + "  " + run_line(result) + "\n\n";
  text += findings_text(result, style, directory);
  text += judged_text(result, style) + "\n";
  text += part("Placement skew", skew_table(result));
  text += part("Migration cost", migration_table(result));
  text += part("Safety integrals", safety_table(result));
  return text + style.bold("Clients") + "\n  " + client_line(result) + "\n" +
         latency_table(result).text(style);
}

std::string markdown_report(const RunResult& result) {
  const auto part = [](std::string_view title, const Table& table) {
    return fmt::format("### {}\n\n{}\n", title, table.markdown());
  };
  std::string text = fmt::format("## {}{}: {}, seed {}\n\n{}; digest `{:016x}`\n\n",
                                 word_of(result.verdict), result.interrupted ? " (partial)" : "",
                                 result.scenario, result.seed, run_line(result), result.digest);
  if (!result.rules_off.empty()) {
    text +=
        fmt::format("With safety rules switched off: {}\n\n", fmt::join(result.rules_off, ", "));
  }
  const std::string judged = findings_text(result, Style()) + judged_text(result, Style());
  text += "```text\n" + judged + "```\n\n";
  text += part("Placement skew", skew_table(result));
  text += part("Migration cost", migration_table(result));
  text += part("Safety integrals", safety_table(result));
  return text + "### Clients\n\n" + client_line(result) + "\n\n" + latency_table(result).markdown();
}

}  // namespace shardproof::reports
