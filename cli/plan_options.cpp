// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/help_footers.hpp"
#include "cli/option_words.hpp"
#include "core/distribution/registry.hpp"
#include "sim/scenario/amounts.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::cli {
namespace {

namespace dist = distribution;

constexpr std::uint64_t kGeneratedNodesMax = 60'000;  // failure domains are numbered with 16 bits
constexpr std::uint64_t kGeneratedShardsMax = 100'000'000;
constexpr std::uint64_t kPlanRoundsMax = 1'000'000;

/// `likely` one of `known`, or why not, with a suggestion.
template <typename Known>
Unexpected<Error> unknown(std::string_view option, std::string_view what, std::string_view written,
                          const Known& known) {
  std::vector<std::string_view> names;
  for (const auto& one : known) names.push_back(one.name);
  return fail("{}: no {} '{}'; {}", option, what, written, sim::suggest(written, names));
}

Result<std::vector<PlanCommand::Policy>> policies_of(const PlanArguments& arguments) {
  const auto wanted = rebalance_policies(arguments.policies);
  if (!wanted) return Unexpected{wanted.error()};
  const auto values = policy_settings(arguments.options, *wanted);
  if (!values) return Unexpected{values.error()};
  std::vector<PlanCommand::Policy> policies;
  for (const std::string& name : wanted->size() == 1 ? *wanted : with_controls(*wanted)) {
    policies.push_back({name, dist::find_rebalance_policy(name), settings_of(name, *values)});
  }
  return policies;
}

/// `4`, `4:zone=b`, `1:like=n3:zone=b`.
Result<sim::AddedNodes> added_nodes(const std::string& text) {
  sim::AddedNodes added;
  std::size_t position = text.find(':');
  const auto count = whole_number("--add", text.substr(0, position), kGeneratedNodesMax);
  if (!count) return Unexpected{count.error()};
  added.count = static_cast<std::uint32_t>(*count);
  while (position != std::string::npos) {
    const std::size_t begin = position + 1;
    position = text.find(':', begin);
    const std::string setting = text.substr(begin, position - begin);
    const std::size_t equals = setting.find('=');
    const std::string key = setting.substr(0, equals);
    if (equals == std::string::npos || (key != "zone" && key != "like")) {
      return fail("--add: '{}' is neither zone=NAME nor like=NODE", setting);
    }
    (key == "zone" ? added.zone : added.like) = setting.substr(equals + 1);
  }
  return added;
}

Result<std::pair<std::string, Bytes>> weighed_node(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0)
    return fail("--weigh: '{}' is not NODE=SIZE", text);
  const auto disk = sim::parse_bytes(text.substr(equals + 1));
  if (!disk) return fail("--weigh: '{}': {}", text, amount_error(disk.error()));
  if (*disk == Bytes(0)) return fail("--weigh: '{}': a size of nothing; use --drain", text);
  return std::pair(text.substr(0, equals), *disk);
}

Result<sim::MembershipChange> change_of(const PlanArguments& arguments) {
  sim::MembershipChange change;
  for (const std::string& text : arguments.add) {
    const auto added = added_nodes(text);
    if (!added) return Unexpected{added.error()};
    change.add.push_back(*added);
  }
  for (const std::string& text : arguments.weigh) {
    const auto weighed = weighed_node(text);
    if (!weighed) return Unexpected{weighed.error()};
    const bool is_known = std::any_of(change.weigh.begin(), change.weigh.end(),
                                      [&](const auto& one) { return one.first == weighed->first; });
    if (is_known) return fail("--weigh: '{}': {} is weighed twice", text, weighed->first);
    change.weigh.push_back(*weighed);
  }
  change.drain = arguments.drain;
  change.remove = arguments.remove;
  change.exclude = arguments.exclude;
  change.pin = arguments.pin;
  return change;
}

Result<std::vector<const sim::GeneratedState*>> states_of(const std::vector<std::string>& names) {
  std::vector<const sim::GeneratedState*> states;
  for (const std::string& name : names) {
    if (name == "all") {
      for (const sim::GeneratedState& state : sim::generated_states()) states.push_back(&state);
      continue;
    }
    const sim::GeneratedState* state = sim::find_generated_state(name);
    if (state == nullptr) {
      return unknown("--generated", "generated state", name, sim::generated_states());
    }
    states.push_back(state);
  }
  return states;
}

Result<sim::StateSizes> sizes_of(const PlanArguments& arguments) {
  sim::StateSizes sizes;
  const auto nodes = whole_number("--nodes", arguments.nodes, kGeneratedNodesMax);
  if (!nodes) return Unexpected{nodes.error()};
  const auto shards = whole_number("--shards", arguments.shards, kGeneratedShardsMax);
  if (!shards) return Unexpected{shards.error()};
  const auto copies = whole_number("--copies", arguments.copies, *nodes);
  if (!copies) return Unexpected{copies.error()};
  sizes.nodes = static_cast<std::uint32_t>(*nodes);
  sizes.shards = static_cast<std::uint32_t>(*shards);
  sizes.copies = static_cast<std::uint32_t>(*copies);
  sizes.changing = std::max(1U, sizes.nodes / 10);
  if (sizes.nodes <= sizes.copies + sizes.changing) {
    return fail("--nodes: {} nodes, a tenth of them new or leaving, are too few for {} copies",
                sizes.nodes, sizes.copies);
  }
  return sizes;
}

void add_states(CLI::App& plan, PlanArguments& arguments) {
  plan.add_option("SNAPSHOT", arguments.files, "Clusters as they are (docs/plan.md)")
      ->type_name("");
  plan.add_option("--format", arguments.format, "Of the snapshots (default: as they begin)")
      ->type_name("NAME");
  plan.add_option("--generated", arguments.generated,
                  "Generated clusters beside them (see `shardproof list states`), or all")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME[,NAME]");
  plan.add_option("--nodes", arguments.nodes, "Of generated clusters (default: 20)")
      ->type_name("N");
  plan.add_option("--shards", arguments.shards, "Of generated clusters (default: 1000)")
      ->type_name("N");
  plan.add_option("--copies", arguments.copies, "Of each of these shards (default: 3)")
      ->type_name("N");
  plan.add_option("--seed", arguments.seed, "Of generated clusters (default: 1)")->type_name("S");
}

void add_changes(CLI::App& plan, PlanArguments& arguments) {
  plan.add_option("--add", arguments.add, "So many empty nodes join; may be repeated")
      ->allow_extra_args(false)
      ->type_name("N[:zone=Z][:like=NODE]");
  const auto add_names = [&](const char* name, std::vector<std::string>& names, const char* text,
                             const char* type = "NODE[,NODE]") {
    plan.add_option(name, names, text)->delimiter(',')->allow_extra_args(false)->type_name(type);
  };
  add_names("--drain", arguments.drain, "Nodes that are to be emptied");
  add_names("--remove", arguments.remove, "Nodes that are gone, with all they hold");
  add_names("--exclude", arguments.exclude, "Nodes that take no copies, and keep what they have");
  add_names("--pin", arguments.pin, "Collections that stay where they are", "NAME[,NAME]");
  plan.add_option("--weigh", arguments.weigh, "A disk's new size, which is the node's weight")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NODE=SIZE[,...]");
}

}  // namespace

void add_plan(CLI::App& app, PlanArguments& arguments) {
  CLI::App* plan =
      app.add_subcommand("plan", "Plan moves for a real cluster, with what they cost at least");
  add_states(*plan, arguments);
  add_changes(*plan, arguments);
  plan->add_option("--policy", arguments.policies,
                   "Policies (see `shardproof list policies`), or all (default: greedy)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME[,NAME]");
  plan->add_option("--option", arguments.options, "Of policies that have it; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
  plan->add_option("--moves-per-node", arguments.moves_per_node,
                   "In flight at once, for the schedule (default: 2)")
      ->type_name("N");
  plan->add_option("--bandwidth", arguments.bandwidth,
                   "Of each node in each direction, for the time it takes")
      ->type_name("RATE");
  plan->add_option("--watermark", arguments.watermark,
                   "No copy goes where the disk would be fuller (default: 85%)")
      ->type_name("PERCENT");
  plan->add_option("--rounds", arguments.rounds,
                   "Plans after which a policy counts as restless (default: 100)")
      ->type_name("N");
  plan->add_flag("--moves", arguments.shows_moves, "Name every move");
  plan->add_flag("--json", arguments.json, "Print the result as JSON");
  plan->add_flag("--markdown", arguments.markdown, "Print the tables in Markdown");
  plan->footer(kPlanFooter);
}

Result<PlanCommand> plan_command(const PlanArguments& arguments) {
  PlanCommand plan;
  plan.files = arguments.files;
  if (!arguments.format.empty()) {
    plan.format = sim::find_snapshot_format(arguments.format);
    if (plan.format == nullptr) {
      return unknown("--format", "format", arguments.format, sim::snapshot_formats());
    }
  }
  const auto states = states_of(arguments.generated);
  if (!states) return Unexpected{states.error()};
  plan.states = *states;
  if (plan.files.empty() && plan.states.empty()) {
    return fail("plan: for which cluster? Name a SNAPSHOT, or --generated all");
  }
  const auto sizes = sizes_of(arguments);
  if (!sizes) return Unexpected{sizes.error()};
  plan.sizes = *sizes;
  const auto seed = whole_number("--seed", arguments.seed, UINT64_MAX);
  if (!seed) return Unexpected{seed.error()};
  plan.seed = *seed;
  const auto change = change_of(arguments);
  if (!change) return Unexpected{change.error()};
  plan.change = *change;
  const auto policies = policies_of(arguments);
  if (!policies) return Unexpected{policies.error()};
  plan.policies = *policies;
  const auto moves = whole_number("--moves-per-node", arguments.moves_per_node, kPlanRoundsMax);
  if (!moves) return Unexpected{moves.error()};
  plan.options.moves_per_node = static_cast<std::uint32_t>(*moves);
  const auto rounds = whole_number("--rounds", arguments.rounds, kPlanRoundsMax);
  if (!rounds) return Unexpected{rounds.error()};
  plan.options.rounds_max = static_cast<std::uint32_t>(*rounds);
  const auto watermark = sim::parse_ratio(arguments.watermark);
  if (!watermark) return fail("--watermark: {}", amount_error(watermark.error()));
  if (*watermark > Ratio(1, 1))
    return fail("--watermark: '{}' is more than a disk", arguments.watermark);
  plan.options.rebalance.disk_watermark = *watermark;
  const auto bandwidth = sim::parse_bandwidth(arguments.bandwidth);
  if (!bandwidth) {
    return fail("--bandwidth: '{}': {}", arguments.bandwidth, amount_error(bandwidth.error()));
  }
  plan.options.bandwidth = *bandwidth;
  if (arguments.shows_moves) plan.options.moves_shown = UINT64_MAX;
  if (arguments.json && arguments.markdown) return fail("--json and --markdown exclude each other");
  plan.json = arguments.json;
  plan.markdown = arguments.markdown;
  return plan;
}

}  // namespace shardproof::cli
