// SPDX-License-Identifier: Apache-2.0
#include "reports/odds_report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/humanise.hpp"
#include "reports/table.hpp"
#include "reports/wrapped.hpp"

namespace shardproof::reports {
namespace {

using Align = Table::Align;
using Json = nlohmann::ordered_json;

constexpr std::size_t kBarColumns = 32;
constexpr std::size_t kHappeningsShown = 8;

int percent(double share) { return static_cast<int>(std::lround(share * 100)); }

std::string bar(const Share& share) {
  const auto columns = [](double part) {
    return static_cast<std::size_t>(std::lround(part * static_cast<double>(kBarColumns)));
  };
  std::string text(kBarColumns, ' ');
  for (std::size_t i = columns(share.low); i < columns(share.high); ++i) text[i] = '-';
  for (std::size_t i = 0; i < columns(share.value); ++i) text[i] = '=';
  return "|" + text + "|";
}

std::string chart(const sim::OddsResult& odds, const Style& style) {
  const bool has_others =
      std::any_of(odds.points.begin(), odds.points.end(),
                  [](const sim::OddsPoint& point) { return point.otherwise + point.unknown > 0; });
  Table table(
      {Align::kRight, Align::kRight, Align::kRight, Align::kRight, Align::kLeft, Align::kLeft});
  table.heading({"event", "time", "fail", "95 %", bar({0, 0, 0}).replace(1, 9, "0 to 100%"),
                 has_others ? "besides" : ""});
  for (const sim::OddsPoint& point : odds.points) {
    const Share share = wilson_share(point.failing, point.judged());
    std::string others;
    if (point.otherwise > 0) others = fmt::format("{} fail otherwise", point.otherwise);
    if (point.unknown > 0) {
      others += fmt::format("{}{} unknown", others.empty() ? "" : ", ", point.unknown);
    }
    table.row({fmt::format("#{}", point.event), fmt::format("{}", point.time),
               point.judged() == 0 ? "-" : fmt::format("{} %", percent(share.value)),
               fmt::format("{}..{} %", percent(share.low), percent(share.high)), bar(share),
               others});
  }
  return table.text(style);
}

std::string verdict_on(const sim::OddsResult& odds, const Style& style) {
  const auto from = odds.inevitable_from();
  if (!from) {
    return wrapped(
        "It was not inevitable at any point: up to the last one, at least one in twenty "
        "courses did not fail this way.");
  }
  const sim::OddsPoint& point = odds.points[*from];
  if (*from == 0) {
    return fmt::format("{}, at event {}: look at earlier points, or at the scenario itself\n",
                       style.bold("Inevitable from the first point on"), point.event);
  }
  std::string text =
      fmt::format("{} {}, at {}; not yet at event {}\n", style.bold("Inevitable from about event"),
                  point.event, fmt::format("{}", point.time), odds.points[*from - 1].event);
  if (odds.what_happened.empty()) return text + "  the event log notes nothing between the two\n";
  text += "  what happened between the two:\n";
  const std::size_t shown = std::min(odds.what_happened.size(), kHappeningsShown);
  for (std::size_t i = odds.what_happened.size() - shown; i < odds.what_happened.size(); ++i) {
    text += fmt::format("    {}\n", odds.what_happened[i]);
  }
  if (odds.what_happened.size() > shown) {
    text += fmt::format("    and {} before that\n", odds.what_happened.size() - shown);
  }
  return text;
}

Json point_json(const sim::OddsPoint& point) {
  const Share share = wilson_share(point.failing, point.judged());
  return {{"event", point.event},
          {"time_ns", point.time.count()},
          {"failing", point.failing},
          {"otherwise", point.otherwise},
          {"passing", point.passing},
          {"unknown", point.unknown},
          {"share_failing", point.judged() == 0 ? Json(nullptr) : Json(share.value)},
          {"share_low", share.low},
          {"share_high", share.high}};
}

}  // namespace

Share wilson_share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return {};
  constexpr double kZ = 1.959963984540054;
  const auto n = static_cast<double>(whole);
  const double p = static_cast<double>(part) / n;
  const double centre = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  return {p, std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

std::string odds_text(const sim::OddsResult& odds, const Style& style) {
  std::string text =
      fmt::format("{}  {}  seed {}\n", style.bold("ODDS"), style.bold(odds.scenario), odds.seed);
  text += wrapped(
      fmt::format("{}, at {}, event {}", odds.title, odds.failure_time, odds.failure_event));
  text += wrapped(fmt::format("From each of {} of the run, {} go on by other chance (seed {}).",
                              human_number_of(odds.points.size(), "point"),
                              human_number_of(odds.branches, "course"), odds.odds_seed));
  return text + "\n" + chart(odds, style) + "\n" + verdict_on(odds, style);
}

std::string odds_json(const sim::OddsResult& odds) {
  Json points = Json::array();
  for (const sim::OddsPoint& point : odds.points) points.push_back(point_json(point));
  const auto from = odds.inevitable_from();
  const Json document = {
      {"scenario", odds.scenario},
      {"seed", odds.seed},
      {"odds_seed", odds.odds_seed},
      {"failure", odds.failure},
      {"title", odds.title},
      {"event", odds.failure_event},
      {"time_ns", odds.failure_time.count()},
      {"branches", odds.branches},
      {"points", std::move(points)},
      {"inevitable_from_event", from ? Json(odds.points[*from].event) : Json(nullptr)},
      {"what_happened", odds.what_happened}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace shardproof::reports
