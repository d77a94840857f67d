// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/campaign_options.hpp"
#include "cli/compare_options.hpp"
#include "cli/help_footers.hpp"
#include "cli/option_words.hpp"
#include "cli/place_options.hpp"
#include "cli/plan_options.hpp"
#include "cli/run_options.hpp"
#include "cli/terminal.hpp"

namespace shardproof::cli {
namespace {

/// The options as CLI11 fills them in, before they are a command.
struct Parsed {
  RunArguments runs;
  CampaignArguments campaigns;
  PlaceArguments place;
  PlanArguments plan;
  CompareArguments compare;
  CheckCommand check;
  ListCommand list;
  InitCommand init;
  ExplainCommand explain;
};

void add_check(CLI::App& app, Parsed& parsed) {
  CLI::App* check = app.add_subcommand("check", "Read and lint scenarios without running them");
  check->add_option("FILE", parsed.check.files, "Scenario files")->required()->type_name("");
  check
      ->add_option("--trace", parsed.check.trace,
                   "File instead of the trace that the scenario names")
      ->type_name("FILE");
  check->add_flag("--resolved", parsed.check.resolved, "Print the scenario with every default");
  check->footer(kCheckFooter);
}

void add_others(CLI::App& app, Parsed& parsed) {
  CLI::App* list = app.add_subcommand("list", "List what there is");
  list->add_option("WHAT", parsed.list.what, fmt::format("{}", fmt::join(list_topics(), ", ")))
      ->type_name("");
  list->footer(kListFooter);
  CLI::App* init = app.add_subcommand("init", "Write a commented scenario to start from");
  init->add_option("FILE", parsed.init.file, "Where to; to stdout without it")->type_name("");
  init->footer(kInitFooter);
  CLI::App* explain = app.add_subcommand("explain", "Explain one thing, or one shard of a run");
  explain
      ->add_option("KIND", parsed.explain.kind,
                   fmt::format("{}", fmt::join(explain_topics(), ", ")))
      ->required()
      ->type_name("");
  explain->add_option("NAME", parsed.explain.name, "Its name, number or id")
      ->required()
      ->type_name("");
  explain
      ->add_option("--in", parsed.explain.directory,
                   "Directory of a run's results, or its result.json (for a shard)")
      ->type_name("DIR");
  explain->footer(kExplainFooter);
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The first word that is no option: the command that was meant.
std::string_view command_word(int argument_count, const char* const* arguments) {
  for (int i = 1; i < argument_count; ++i) {
    if (arguments[i][0] != '-') return arguments[i];
  }
  return {};
}

/// What stands between two parts of the text; empty if it has another form.
std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t begin = before.empty() ? 0 : text.find(before);
  if (begin == std::string_view::npos) return {};
  const std::size_t from = begin + before.size();
  const std::size_t end = after.empty() ? text.size() : text.find(after, from);
  return end == std::string_view::npos ? std::string() : std::string(text.substr(from, end - from));
}

/// What CLI11 says of the commonest mistakes, in the words of our own messages.
std::string in_plain_words(std::string_view text) {
  if (const auto option = between(text, "", ": At Most 1 required but received"); !option.empty()) {
    return option + " is given twice";
  }
  if (const auto option = between(text, "", ": 1 required "); !option.empty()) {
    return fmt::format("{} lacks its {}", option, between(text, ": 1 required ", " missing"));
  }
  if (const auto what = between(text, "", " is required"); !what.empty()) {
    return what + " is missing";
  }
  for (const char* form : {"argument was not expected: ", "arguments were not expected: "}) {
    const auto words = between(text, form, "");
    if (!words.empty()) return fmt::format("that is too much: {}", words);
  }
  const auto option = between(text, "Could not convert: ", " = ");
  if (option.empty()) return std::string(text);
  return fmt::format("{}: '{}' is not a whole number", option, between(text, " = ", ""));
}

/// Says what is wrong with a command line that CLI11 refused, with a suggestion where one fits.
PrintCommand explain_error(const CLI::App& app, const CLI::ParseError& error, int argument_count,
                           const char* const* arguments) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  std::vector<std::string> names;
  const CLI::App* chosen = &app;
  const std::string_view word = command_word(argument_count, arguments);
  for (const CLI::App* command : commands) {
    names.push_back(command->get_name());
    if (command->get_name() == word) chosen = command;
  }
  if (chosen == &app && !word.empty()) {
    return usage_error(fmt::format("unknown command '{}'{}", word, hint(word, names)));
  }
  const std::vector<std::string> options = option_names(*chosen);
  for (int i = 1; i < argument_count; ++i) {
    const std::string_view argument = arguments[i];
    const std::string_view name = argument.substr(0, argument.find('='));
    if (name == "--") break;
    if (name.size() < 2 || name[0] != '-' || name == "-h") continue;
    if (std::find(options.begin(), options.end(), name) != options.end()) continue;
    return usage_error(fmt::format("unknown option '{}'{}", name, hint(name, options)));
  }
  if (word.empty())
    return usage_error(
        "which command? run, fuzz, replay, odds, shrink, power, compare, check, place, plan, "
        "list, init or explain");
  return usage_error(fmt::format("{}: {}", word, in_plain_words(error.what())));
}

/// Says where help is that fits the command.
Command with_pointer_to_help(Command command, const CLI::App& app, int argument_count,
                             const char* const* arguments) {
  auto* refused = std::get_if<PrintCommand>(&command);
  if (refused == nullptr || refused->code != ExitCode::kUsage) return command;
  const std::string word(command_word(argument_count, arguments));
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  const bool is_known = std::any_of(commands.begin(), commands.end(),
                                    [&](const CLI::App* one) { return one->get_name() == word; });
  const std::string help = fmt::format("shardproof {}--help", is_known ? word + " " : "");
  refused->text += fmt::format("Try `{}`.\n", stderr_style().command(help));
  return command;
}

Command topical(Command command, std::string_view topic, const std::vector<std::string>& topics) {
  if (topic.empty() || std::find(topics.begin(), topics.end(), topic) != topics.end())
    return command;
  return usage_error(fmt::format("unknown topic '{}'{}; there are: {}", topic, hint(topic, topics),
                                 fmt::join(topics, ", ")));
}

Command chosen_command(const CLI::App& app, Parsed& parsed) {
  if (app.got_subcommand("run")) return run_command(parsed.runs);
  if (app.got_subcommand("fuzz")) return fuzz_command(parsed.campaigns);
  if (app.got_subcommand("replay")) return replay_command(parsed.runs);
  if (app.got_subcommand("odds")) return odds_command(parsed.runs);
  if (app.got_subcommand("shrink")) return shrink_command(parsed.campaigns);
  if (app.got_subcommand("power")) return power_command(parsed.campaigns);
  if (app.got_subcommand("check")) return parsed.check;
  if (app.got_subcommand("place")) {
    const auto place = place_command(parsed.place);
    if (!place) return usage_error(place.error().message);
    return *place;
  }
  if (app.got_subcommand("plan")) {
    const auto plan = plan_command(parsed.plan);
    if (!plan) return usage_error(plan.error().message);
    return *plan;
  }
  if (app.got_subcommand("compare")) {
    const auto compare = compare_command(parsed.compare);
    if (!compare) return usage_error(compare.error().message);
    return *compare;
  }
  if (app.got_subcommand("init")) return parsed.init;
  if (app.got_subcommand("list")) return topical(parsed.list, parsed.list.what, list_topics());
  return topical(parsed.explain, parsed.explain.kind, explain_topics());
}

std::string help_of(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) return command->help("shardproof");
  return app.help();
}

}  // namespace

const std::vector<std::string>& list_topics() {
  static const std::vector<std::string> kTopics = {
      "policies", "algorithms", "invariants",   "metrics", "faults",   "operations",
      "rules",    "probes",     "fault_points", "states",  "snapshots"};
  return kTopics;
}

const std::vector<std::string>& explain_topics() {
  static const std::vector<std::string> kTopics = {"algorithm",   "invariant", "metric",   "policy",
                                                   "fault",       "operation", "rule",     "probe",
                                                   "fault_point", "state",     "snapshot", "shard"};
  return kTopics;
}

Result<SeedRange> parse_seeds(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto first = parse_seed(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : parse_seed(text.substr(dots + 2));
  if (!first || !last) return fail("'{}' is not a range like 1..20", text);
  if (*first > *last) return fail("'{}' is empty: {} is above {}", text, *first, *last);
  return SeedRange{*first, *last};
}

Command parse_command_line(int argument_count, const char* const* arguments) {
  Parsed parsed;
  CLI::App app("Deterministic simulation and testing of sharding algorithms", "shardproof");
  app.footer(kMainFooter);
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("shardproof ") + SHARDPROOF_VERSION);
  add_run(app, parsed.runs);
  add_fuzz(app, parsed.campaigns);
  add_replay(app, parsed.runs);
  add_odds(app, parsed.runs);
  add_shrink(app, parsed.campaigns);
  add_power(app, parsed.campaigns);
  add_check(app, parsed);
  add_place(app, parsed.place);
  add_plan(app, parsed.plan);
  add_compare(app, parsed.compare);
  add_others(app, parsed);
  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::CallForVersion& version) {
    return PrintCommand{std::string(version.what()) + "\n", ExitCode::kOk};
  } catch (const CLI::CallForHelp&) {
    return PrintCommand{help_of(app), ExitCode::kOk};
  } catch (const CLI::ParseError& error) {
    if (argument_count <= 1) return PrintCommand{app.help(), ExitCode::kUsage};
    return with_pointer_to_help(explain_error(app, error, argument_count, arguments), app,
                                argument_count, arguments);
  }
  return with_pointer_to_help(chosen_command(app, parsed), app, argument_count, arguments);
}

}  // namespace shardproof::cli
