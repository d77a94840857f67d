// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/policy_option.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/wide.hpp"

namespace shardproof::distribution {
namespace {

bool is_multiple_of(Ratio value, std::uint64_t steps) {
  const UInt128 scaled = static_cast<UInt128>(value.numerator()) * steps;
  return scaled % value.denominator() == 0;
}

/// As it is written, to the finest step.
std::string decimal(Ratio value) {
  const UInt128 steps =
      static_cast<UInt128>(value.numerator()) * kOptionSteps / value.denominator();
  std::string text = fmt::format("{}.{:011}", static_cast<std::uint64_t>(steps / kOptionSteps),
                                 static_cast<std::uint64_t>(steps % kOptionSteps));
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

const PolicyOption* find_option(const std::vector<PolicyOption>& options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const PolicyOption& known) { return known.name == name; });
  return found == options.end() ? nullptr : &*found;
}

Result<void> check_option(std::string_view owner, const PolicyOption& option, Ratio value) {
  if (option.is_whole && !is_multiple_of(value, 1)) {
    return fail("option {} of {} is a whole number", option.name, owner);
  }
  if (value < Ratio(option.min, 1) || value > Ratio(option.max, 1)) {
    return fail("option {} of {} is from {}", option.name, owner, range_text(option));
  }
  if (!is_multiple_of(value, kOptionSteps)) {
    return fail("option {} of {} has at most 11 decimals", option.name, owner);
  }
  return {};
}

Result<void> check_option(std::string_view owner, const std::vector<PolicyOption>& options,
                          std::string_view name, Ratio value) {
  if (const PolicyOption* option = find_option(options, name)) {
    return check_option(owner, *option, value);
  }
  std::vector<std::string_view> names;
  for (const PolicyOption& known : options) names.push_back(known.name);
  if (names.empty()) return fail("{} has no option {}; it has none", owner, name);
  return fail("{} has no option {}; it has {}", owner, name, fmt::join(names, ", "));
}

const OptionValues& values_of(std::string_view policy, const PolicyOptions& options) {
  static const OptionValues kNothing;
  const auto found = options.find(policy);
  return found == options.end() ? kNothing : found->second;
}

Ratio value_of(const PolicyOption& option, const OptionValues& values) {
  const auto found = values.find(option.name);
  return found == values.end() ? option.initial : found->second;
}

std::string policy_label(std::string_view policy, const OptionValues& values) {
  std::string settings;
  for (const auto& [name, value] : values) {
    settings += fmt::format("{}{}={}", settings.empty() ? "" : ", ", name, decimal(value));
  }
  return settings.empty() ? std::string(policy) : fmt::format("{} ({})", policy, settings);
}

std::string range_text(const PolicyOption& option) {
  return fmt::format("{} to {}", option.min, option.max);
}

}  // namespace shardproof::distribution
