// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/options.hpp"
#include "core/distribution/policy_option.hpp"
#include "sim/scenario/text_error.hpp"

namespace CLI {
class App;
}

/// What the options of several commands have in common.
namespace shardproof::cli {

/// Says what is wrong. Where help is, is said by `parse_command_line`.
PrintCommand usage_error(const std::string& message);

/// "; did you mean ...?", or nothing if no candidate is near.
std::string hint(std::string_view written, const std::vector<std::string>& candidates);

/// A whole number from 0 to 2^64-1.
std::optional<std::uint64_t> parse_seed(std::string_view text);

/// What CLI11 is to check of an option: a whole number from `min` to `max`. Returns what is wrong,
/// or nothing.
std::function<std::string(const std::string&)> whole_from(std::uint64_t min, std::uint64_t max);

/// A whole number from 1 to `max`; the option is named in the error.
Result<std::uint64_t> whole_number(std::string_view option, std::string_view text,
                                   std::uint64_t max);

/// The rebalance policies of these names in their order, each once; `all` stands for every one. An
/// unknown name is an error of `--policy` with what was probably meant.
Result<std::vector<std::string>> rebalance_policies(const std::vector<std::string>& names);
/// The same with what a comparison always has behind them: doing nothing, moving by chance, and the
/// least that can be moved. `names` are known.
std::vector<std::string> with_controls(std::vector<std::string> names);

/// Whose options `--option` may set.
struct OptionOwner {
  std::string name;
  std::vector<distribution::PolicyOption> options;
};

/// `NAME=VALUE` each: an option of at least one of the owners, who are called `what`, in the range
/// of each that has it, and none of them twice. A value is a number, a percentage or a fraction.
Result<distribution::OptionValues> option_settings(const std::vector<std::string>& texts,
                                                   const std::vector<OptionOwner>& owners,
                                                   std::string_view what);
/// The same for the rebalance policies of these names, which are known.
Result<distribution::OptionValues> policy_settings(const std::vector<std::string>& texts,
                                                   const std::vector<std::string>& policies);
/// Of `values` those that the policy has: what is set of it, whatever `before` says otherwise.
distribution::OptionValues settings_of(std::string_view policy,
                                       const distribution::OptionValues& values,
                                       distribution::OptionValues before = {});

/// What is wrong with an amount, and what to write instead.
std::string amount_error(const sim::TextError& error);

/// The time after `--for`, above zero.
Result<Nanoseconds> parse_time_limit(const std::string& text);

/// Of names that are none of a safety rule the first, with the one that was probably meant.
std::optional<PrintCommand> unknown_rule(std::string_view option,
                                         const std::vector<std::string>& names);

void add_rules_off(CLI::App& command, std::vector<std::string>& names);

}  // namespace shardproof::cli
