// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/units.hpp"

namespace shardproof::distribution {

/// What can be set of a policy or of an algorithm that places keys.
struct PolicyOption {
  std::string_view name{};
  std::string_view meaning{};
  Ratio initial{};  ///< the published value, where there is one
  std::uint64_t min = 1;
  std::uint64_t max = 1;
  bool is_whole = true;       ///< else a decimal fraction, in steps of 1e-11
  std::string_view source{};  ///< what the initial value is called where it was published
};

/// The finest step of an option that is not a whole number, over one.
inline constexpr std::uint64_t kOptionSteps = 100'000'000'000;

/// Values of options, by name; one that is not there has its initial value.
using OptionValues = std::map<std::string, Ratio, std::less<>>;
/// Those of several policies, by the policy's name.
using PolicyOptions = std::map<std::string, OptionValues, std::less<>>;

/// The option of that name, or null.
const PolicyOption* find_option(const std::vector<PolicyOption>& options, std::string_view name);

/// Why `value` is none that the option of `owner` may have; success if it is one.
Result<void> check_option(std::string_view owner, const PolicyOption& option, Ratio value);

/// As above, and fails where `options`, all those of `owner`, have none of the name.
Result<void> check_option(std::string_view owner, const std::vector<PolicyOption>& options,
                          std::string_view name, Ratio value);

/// What is set of a policy.
const OptionValues& values_of(std::string_view policy, const PolicyOptions& options);

/// What the option is set to.
Ratio value_of(const PolicyOption& option, const OptionValues& values);

/// "upmap", or "upmap (deviation=5, moves=20)", for a person.
std::string policy_label(std::string_view policy, const OptionValues& values);

/// "1 to 100", for a person.
std::string range_text(const PolicyOption& option);

}  // namespace shardproof::distribution
