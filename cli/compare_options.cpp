// SPDX-License-Identifier: Apache-2.0
#include "cli/compare_options.hpp"

#include <CLI/CLI.hpp>

#include "cli/help_footers.hpp"
#include "cli/option_words.hpp"
#include "reports/comparison_report.hpp"
#include "sim/observe/metric_catalogue.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::cli {
namespace {

std::optional<Error> unknown_metric(const std::vector<std::string>& names) {
  std::vector<std::string_view> known;
  for (const auto& metric : sim::metric_catalogue()) {
    if (metric.in_result) known.push_back(metric.name);
  }
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string hint = sim::suggest(name, known);
    return fail("--metric: no metric '{}' of a result; {}", name,
                hint.empty() ? "see `shardproof list metrics`" : hint)
        .error;
  }
  return std::nullopt;
}

}  // namespace

void add_compare(CLI::App& app, CompareArguments& arguments) {
  CLI::App* compare =
      app.add_subcommand("compare", "Compare policies on the same seeds, or two sets of results");
  compare
      ->add_option("SCENARIO | RESULTS RESULTS", arguments.what,
                   "A scenario to run, or directories of results")
      ->required()
      ->type_name("");
  compare
      ->add_option("--policy", arguments.policies,
                   "Rebalance policies, the one to compare with first, or all (default: those "
                   "of the scenario)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME[,NAME]");
  compare->add_option("--option", arguments.options, "Of policies that have it; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
  compare->add_option("--seeds", arguments.seeds, "Seeds, both ends included (default: 1..10)")
      ->type_name("A..B");
  compare
      ->add_option("--metric", arguments.metrics,
                   "Metrics to show (see `shardproof list metrics`; default: the usual ones)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME[,NAME]");
  compare->add_option("--jobs", arguments.jobs, "Processes (default: one per processor)")
      ->type_name("N")
      ->check(whole_from(1, 1024));
  compare->add_flag("--json", arguments.json, "Print every metric of every run as JSON");
  compare->add_flag("--markdown", arguments.markdown, "Print the table in Markdown");
  compare->add_flag("--quiet", arguments.quiet, "No progress and no warnings");
  compare->footer(kCompareFooter);
}

Result<CompareCommand> compare_command(const CompareArguments& arguments) {
  CompareCommand compare;
  compare.what = arguments.what;
  const auto seeds = parse_seeds(arguments.seeds);
  if (!seeds) return fail("--seeds: {}", seeds.error().message);
  compare.seeds = *seeds;
  const auto policies = rebalance_policies(arguments.policies);
  if (!policies) return Unexpected{policies.error()};
  compare.policies = *policies;
  compare.options = arguments.options;
  if (const auto wrong = unknown_metric(arguments.metrics)) return Unexpected{*wrong};
  compare.metrics = arguments.metrics.empty() ? reports::usual_metrics() : arguments.metrics;
  compare.jobs = arguments.jobs;
  if (arguments.json && arguments.markdown) return fail("--json and --markdown exclude each other");
  compare.json = arguments.json;
  compare.markdown = arguments.markdown;
  compare.quiet = arguments.quiet;
  return compare;
}

}  // namespace shardproof::cli
