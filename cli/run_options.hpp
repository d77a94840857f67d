// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace shardproof::cli {

/// The options of commands that look at single runs, as CLI11 fills them in.
struct RunArguments {
  RunCommand run;
  ReplayCommand replay;
  OddsCommand odds;
  std::string seed;
  std::string seeds;
  std::string replay_seed;
  std::string replay_until;
  std::string replay_around;
  std::string replay_level = "facts";
  std::string odds_scenario_seed;
  std::string odds_seed = "1";
  std::string odds_from;
  std::string odds_to;
};

void add_run(CLI::App& app, RunArguments& parsed);
void add_replay(CLI::App& app, RunArguments& parsed);
void add_odds(CLI::App& app, RunArguments& parsed);

/// The commands, or what is wrong with them.
Command run_command(RunArguments& parsed);
Command replay_command(RunArguments& parsed);
Command odds_command(RunArguments& parsed);

}  // namespace shardproof::cli
