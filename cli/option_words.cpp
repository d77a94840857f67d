// SPDX-License-Identifier: Apache-2.0
#include "cli/option_words.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/distribution/registry.hpp"
#include "core/rules.hpp"
#include "sim/scenario/amounts.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::cli {
namespace {

void add_once(std::string name, std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

}  // namespace

PrintCommand usage_error(const std::string& message) {
  return {fmt::format("shardproof: {}\n", message), ExitCode::kUsage};
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

std::function<std::string(const std::string&)> whole_from(std::uint64_t min, std::uint64_t max) {
  return [min, max](const std::string& text) -> std::string {
    const auto number = parse_seed(text);
    if (number && *number >= min && *number <= max) return {};
    return fmt::format("'{}' is not a whole number from {} to {}", text, min, max);
  };
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

Result<std::vector<std::string>> rebalance_policies(const std::vector<std::string>& names) {
  std::vector<std::string_view> known;
  for (const auto& info : distribution::rebalance_policies()) known.push_back(info.name);
  std::vector<std::string> policies;
  for (const std::string& name : names) {
    if (name == "all") {
      for (const std::string_view one : known) add_once(std::string(one), policies);
    } else if (distribution::find_rebalance_policy(name) == nullptr) {
      return fail("--policy: no rebalance policy '{}'; {}", name, sim::suggest(name, known));
    } else {
      add_once(name, policies);
    }
  }
  return policies;
}

std::vector<std::string> with_controls(std::vector<std::string> names) {
  for (const char* control : {"none", "random", "optimum"}) add_once(control, names);
  return names;
}

namespace {

/// The rebalance policies that have an option of that name; empty if none has.
std::string policies_with(std::string_view option) {
  std::vector<std::string_view> names;
  for (const auto& info : distribution::rebalance_policies()) {
    const auto options = distribution::find_rebalance_policy(info.name)->options();
    const bool has_it = std::any_of(options.begin(), options.end(),
                                    [&](const auto& one) { return one.name == option; });
    if (has_it) names.push_back(info.name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

Result<std::pair<std::string, Ratio>> option_setting(std::string_view text,
                                                     const std::vector<OptionOwner>& owners,
                                                     std::string_view what) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return fail("--option: '{}' is not NAME=VALUE", text);
  const std::string_view name = text.substr(0, equals);
  const auto value = sim::parse_ratio(text.substr(equals + 1));
  if (!value) return fail("--option: '{}' is not a number", text.substr(equals + 1));
  std::vector<std::string_view> known;
  bool is_known = false;
  for (const OptionOwner& owner : owners) {
    for (const auto& option : owner.options) {
      known.push_back(option.name);
      if (option.name != name) continue;
      is_known = true;
      const auto fine = distribution::check_option(owner.name, option, *value);
      if (!fine) return fail("--option: {}", fine.error().message);
    }
  }
  if (is_known) return std::pair(std::string(name), *value);
  const std::string nearest = sim::nearest(name, known);
  if (const std::string others = policies_with(name); what == "policies" && !others.empty()) {
    return fail("--option: none of the policies chosen has an option '{}'; it is one of {}", name,
                others);
  }
  return fail("--option: none of the {} has an option '{}'; {}", what, name,
              nearest.empty() ? fmt::format("see `shardproof list {}`", what)
                              : fmt::format("did you mean {}?", nearest));
}

}  // namespace

Result<distribution::OptionValues> option_settings(const std::vector<std::string>& texts,
                                                   const std::vector<OptionOwner>& owners,
                                                   std::string_view what) {
  distribution::OptionValues values;
  for (const std::string& text : texts) {
    const auto setting = option_setting(text, owners, what);
    if (!setting) return Unexpected{setting.error()};
    if (!values.emplace(setting->first, setting->second).second) {
      return fail("--option: {} is set twice; the second time as '{}'", setting->first, text);
    }
  }
  return values;
}

Result<distribution::OptionValues> policy_settings(const std::vector<std::string>& texts,
                                                   const std::vector<std::string>& policies) {
  std::vector<OptionOwner> owners;
  for (const std::string& policy : policies) {
    owners.push_back({policy, distribution::find_rebalance_policy(policy)->options()});
  }
  return option_settings(texts, owners, "policies");
}

distribution::OptionValues settings_of(std::string_view policy,
                                       const distribution::OptionValues& values,
                                       distribution::OptionValues before) {
  for (const auto& option : distribution::find_rebalance_policy(policy)->options()) {
    const auto found = values.find(option.name);
    if (found != values.end()) before.insert_or_assign(found->first, found->second);
  }
  return before;
}

std::string amount_error(const sim::TextError& error) {
  return error.message + (error.suggestion.empty() ? "" : ": " + error.suggestion);
}

Result<Nanoseconds> parse_time_limit(const std::string& text) {
  const auto parsed = sim::parse_duration(text);
  if (!parsed) return fail("{}", amount_error(parsed.error()));
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
