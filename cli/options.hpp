// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/exit_code.hpp"
#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "core/distribution/keys/key_stream.hpp"
#include "core/distribution/keys/registry.hpp"
#include "core/distribution/rebalance/rebalance.hpp"
#include "reports/trace_report.hpp"
#include "sim/plan/assessment.hpp"
#include "sim/plan/generated_states.hpp"
#include "sim/plan/membership_change.hpp"
#include "sim/snapshot/snapshot_file.hpp"

namespace shardproof::cli {

/// Seeds `first` to `last`, both included.
struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// Of n equal parts of a range of seeds the i-th: every n-th seed from the i-th on.
struct SeedShard {
  std::uint64_t index = 1;  ///< from 1 to `count`
  std::uint64_t count = 1;
};

struct RunCommand {
  std::vector<std::string> files;
  std::optional<SeedRange> seeds;      ///< else the scenario's own
  std::string out;                     ///< empty: nothing is written
  std::string trace;                   ///< instead of the trace that the scenario names
  std::vector<std::string> rules_off;  ///< beside those that the scenario switches off
  bool json = false;
  bool markdown = false;
  bool quiet = false;
  bool peers = false;  ///< shows what other systems would report, too
};
struct CheckCommand {
  std::vector<std::string> files;
  std::string trace;
  bool resolved = false;
};
struct ListCommand {
  std::string what;  ///< empty: everything
};
struct FuzzCommand {
  std::string file;                       ///< around this scenario; empty: any shape
  std::optional<SeedRange> seeds;         ///< none: from 1 on, until `time_limit`
  std::optional<Nanoseconds> time_limit;  ///< real time
  std::optional<std::uint64_t> one;       ///< just this seed, with its report
  bool shows_scenario = false;            ///< of `one`: prints it instead
  std::size_t jobs = 0;                   ///< processes; 0: one per processor
  std::string out;                        ///< empty: no scenarios are written
  std::optional<SeedShard> shard;         ///< of `seeds`; none: all
  std::string resume;                     ///< directory of a campaign to go on with; or empty
  std::vector<std::string> merge;         ///< directories of parts to count together; or none
  std::vector<std::string> rules_off;     ///< beside those of the scenario
  bool stops_at_finding = false;
  bool json = false;
  bool quiet = false;
};
struct ReplayCommand {
  std::string target;                      ///< a scenario, a result.json, or its directory
  std::optional<std::uint64_t> seed;       ///< of a scenario, instead of its own
  std::vector<std::string> rules_off;      ///< beside those of the scenario
  std::optional<std::uint64_t> until;      ///< shows the world after that event
  std::optional<std::uint64_t> around;     ///< shows the events around that one
  std::optional<Nanoseconds> around_time;  ///< or around the first from then on, since the start
  bool is_around_violation = false;        ///< or around the first violation
  std::uint64_t before = 20;               ///< events shown before that one
  std::uint64_t after = 5;                 ///< and behind it
  reports::TraceLevel level = reports::TraceLevel::kFacts;
  bool json = false;
  bool quiet = false;
};
struct OddsCommand {
  std::string target;                          ///< a scenario, a result.json, or its directory
  std::optional<std::uint64_t> scenario_seed;  ///< of a scenario, instead of its own
  std::vector<std::string> rules_off;          ///< beside those of the scenario
  std::uint64_t points = 16;                   ///< at least one
  std::uint64_t branches = 20;                 ///< at each point, at least one
  std::uint64_t seed = 1;                      ///< of the courses
  std::optional<std::uint64_t> from;           ///< event of the first point; else the first
  std::optional<std::uint64_t> to;  ///< of the last point; else the last before the failure
  std::size_t jobs = 0;             ///< processes; 0: one per processor
  bool json = false;
  bool quiet = false;
};
struct ShrinkCommand {
  std::string file;
  std::vector<std::string> rules_off;  ///< beside those of the scenario
  std::optional<std::uint64_t> seed;   ///< instead of the scenario's own
  std::string out;                     ///< empty: to stdout
  std::uint64_t runs_max = 0;          ///< at least one
  Nanoseconds limit;                   ///< of real time; zero: none
  bool json = false;
};
struct PowerCommand {
  std::vector<std::string> rules;  ///< empty: all
  std::uint64_t seeds_max = 0;     ///< of each rule, at least one
  std::size_t jobs = 0;            ///< processes; 0: one per processor
  bool shrinks = true;
  Nanoseconds shrink_limit;  ///< of real time, for each rule
  std::string out;           ///< empty: no scenarios are written
  bool json = false;
  bool markdown = false;
  bool quiet = false;
};
struct InitCommand {
  std::string file;  ///< empty: to stdout
};
struct ExplainCommand {
  std::string kind;
  std::string name;
  std::string directory;  ///< of `explain shard`
};
struct PlaceCommand {
  struct Option {
    std::string name;
    Ratio value;
  };
  std::vector<const distribution::KeyAlgorithm*> algorithms;
  std::uint64_t keys = 0;  ///< at least one
  distribution::KeyFormat key_format;
  distribution::KeyHash hash;
  std::uint32_t nodes = 1;
  std::optional<std::uint32_t> nodes_after;
  std::vector<std::uint64_t> weights;  ///< empty, or one for each node before and after
  std::uint64_t seeds = 1;             ///< at least one
  std::vector<Option> options;         ///< each of at least one of the algorithms
  bool shows_shares = false;
  bool leaves_out = false;  ///< of all algorithms, those that cannot do what is asked for
  bool json = false;
};
struct CompareCommand {
  std::vector<std::string> what;      ///< one scenario, or directories of results
  std::vector<std::string> policies;  ///< each once; none: those of the scenario
  std::vector<std::string> options;   ///< of policies, as they are written
  SeedRange seeds;
  std::vector<std::string> metrics;  ///< to show; at least one
  std::size_t jobs = 0;              ///< processes; 0: one per processor
  bool json = false;
  bool markdown = false;
  bool quiet = false;
};
struct PlanCommand {
  struct Policy {
    std::string name;
    const distribution::RebalancePolicy* policy = nullptr;
    distribution::OptionValues values{};  ///< what is set of it
  };
  std::vector<std::string> files;
  const sim::SnapshotFormat* format = nullptr;  ///< of the files; null: as each begins
  std::vector<const sim::GeneratedState*> states;
  sim::StateSizes sizes;         ///< of generated clusters
  std::uint64_t seed = 1;        ///< likewise
  sim::MembershipChange change;  ///< of every cluster
  std::vector<Policy> policies;  ///< at least one, each once
  sim::PlanOptions options;
  bool json = false;
  bool markdown = false;
};
/// Nothing to do but to print: help, version, or why the command line is not understood.
struct PrintCommand {
  std::string text;
  ExitCode code = ExitCode::kOk;  ///< other than ok: goes to stderr
};

using Command = std::variant<RunCommand, FuzzCommand, ReplayCommand, OddsCommand, ShrinkCommand,
                             PowerCommand, CheckCommand, ListCommand, InitCommand, ExplainCommand,
                             PlaceCommand, PlanCommand, CompareCommand, PrintCommand>;

/// What can be listed, and what can be explained: the words after the commands.
const std::vector<std::string>& list_topics();
const std::vector<std::string>& explain_topics();

/// The command line as a command. Never fails: a mistake is a `PrintCommand` that says what is
/// wrong and what was probably meant.
Command parse_command_line(int argument_count, const char* const* arguments);

/// "3..10", or "7" for itself alone.
Result<SeedRange> parse_seeds(std::string_view text);

}  // namespace shardproof::cli
