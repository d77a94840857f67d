// SPDX-License-Identifier: Apache-2.0
#include "cli/option_words.hpp"

#include <charconv>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/rules.hpp"
#include "sim/scenario/amounts.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::cli {

PrintCommand usage_error(const std::string& message) {
  return {fmt::format("shardproof: {}\nTry `shardproof --help`.\n", message), ExitCode::kUsage};
}

std::string hint(std::string_view written, const std::vector<std::string>& candidates) {
  const std::string nearest =
      sim::nearest(written, std::vector<std::string_view>(candidates.begin(), candidates.end()));
  return nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest);
}

std::optional<std::uint64_t> parse_seed(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

Result<std::uint64_t> whole_number(std::string_view option, std::string_view text,
                                   std::uint64_t max) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stopped != end || value == 0 || value > max) {
    return fail("{}: '{}' is not a whole number from 1 to {}", option, text, max);
  }
  return value;
}

const std::vector<std::string>& control_policies() {
  static const std::vector<std::string> kControls{"none", "random", "optimum"};
  return kControls;
}

Result<Nanoseconds> parse_time_limit(const std::string& text) {
  const auto parsed = sim::parse_duration(text);
  if (!parsed) {
    const std::string& advice = parsed.error().suggestion;
    return fail("{}{}{}", parsed.error().message, advice.empty() ? "" : ": ", advice);
  }
  if (*parsed == Nanoseconds(0)) return fail("no time at all");
  return *parsed;
}

std::optional<PrintCommand> unknown_rule(std::string_view option,
                                         const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (find_rule(name) != nullptr) continue;
    std::vector<std::string> known;
    for (const RuleInfo& rule : rule_catalogue()) known.emplace_back(rule.name);
    const std::string advice = hint(name, known);
    return usage_error(fmt::format("{}: no rule '{}'{}", option, name,
                                   advice.empty() ? "; see `shardproof list rules`" : advice));
  }
  return std::nullopt;
}

void add_rules_off(CLI::App& command, std::vector<std::string>& names) {
  command
      .add_option("--rules-off", names, "Safety rules to switch off, beside those of the scenario")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME[,NAME]");
}

}  // namespace shardproof::cli
