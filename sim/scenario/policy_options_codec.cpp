// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/policy_options_codec.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "core/distribution/registry.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/table_writer.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

constexpr std::string_view kExample = "write { upmap = { deviation = 5 } }";

std::vector<std::string_view> names_of(const std::vector<dist::PolicyOption>& options) {
  std::vector<std::string_view> names;
  for (const dist::PolicyOption& option : options) names.push_back(option.name);
  return names;
}

/// The options of the policy that a key names.
std::optional<std::vector<dist::PolicyOption>> known_options(const SourceMember& policy,
                                                             Diagnostics& diagnostics) {
  auto options = dist::options_of_policy(policy.key);
  if (!options) {
    std::vector<std::string_view> names;
    for (const dist::PolicyInfo& info : dist::policies_with_options()) names.push_back(info.name);
    const bool is_option = policy.value.kind != SourceNode::Kind::kTable;
    diagnostics.error(policy.key_at, fmt::format("unknown policy \"{}\"", policy.key),
                      is_option ? std::string(kExample) : suggest(policy.key, names));
  } else if (options->empty()) {
    diagnostics.error(policy.key_at, fmt::format("\"{}\" has no options", policy.key));
    options.reset();
  }
  return options;
}

bool read_option(const std::string& policy, const std::vector<dist::PolicyOption>& options,
                 const SourceMember& member, dist::OptionValues& values, Diagnostics& diagnostics) {
  const dist::PolicyOption* option = dist::find_option(options, member.key);
  if (option == nullptr) {
    diagnostics.error(member.key_at, fmt::format("\"{}\" has no option \"{}\"", policy, member.key),
                      suggest(member.key, names_of(options)));
    return false;
  }
  Ratio value;
  if (!kRatio.read(member.value, value, diagnostics)) return false;
  if (const auto fine = dist::check_option(policy, *option, value); !fine) {
    diagnostics.error(member.value.at, fine.error().message);
    return false;
  }
  values.emplace(member.key, value);
  return true;
}

bool read_policy(const SourceMember& policy, dist::PolicyOptions& all, Diagnostics& diagnostics) {
  const auto options = known_options(policy, diagnostics);
  if (!options) return false;
  if (policy.value.kind != SourceNode::Kind::kTable) {
    wrong_kind(policy.value, "a table", diagnostics,
               fmt::format("write {} = {{ {} = {} }}", policy.key, options->front().name,
                           to_text(options->front().initial)));
    return false;
  }
  dist::OptionValues values;
  bool good = true;
  for (const SourceMember& member : policy.value.members) {
    good = read_option(policy.key, *options, member, values, diagnostics) && good;
  }
  if (!values.empty()) all.emplace(policy.key, std::move(values));
  return good;
}

}  // namespace

bool OptionsOfPolicies::read(const SourceNode& node, Value& value, Diagnostics& diagnostics) const {
  if (node.kind != SourceNode::Kind::kTable) {
    wrong_kind(node, "a table", diagnostics, std::string(kExample));
    return false;
  }
  Value read;
  bool good = true;
  for (const SourceMember& policy : node.members) {
    good = read_policy(policy, read, diagnostics) && good;
  }
  if (good) value = std::move(read);
  return good;
}

std::string OptionsOfPolicies::print(const Value& value) const {
  TableWriter table;
  for (const auto& [policy, values] : value) {
    TableWriter inner;
    for (const auto& [name, number] : values) inner.raw(name, kRatio.print(number));
    table.table(policy, std::move(inner));
  }
  return table.in_line();
}

std::string OptionsOfPolicies::schema() const {
  return fmt::format(
      R"({{"type": "object", "additionalProperties": {{"type": "object", "additionalProperties": {}}}}})",
      kRatio.schema());
}

}  // namespace shardproof::sim
