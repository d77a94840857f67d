// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace shardproof::cli {

/// The options of commands that run many seeds, as CLI11 fills them in.
struct CampaignArguments {
  FuzzCommand fuzz;
  ShrinkCommand shrink;
  PowerCommand power;
  std::string fuzz_seed;
  std::string fuzz_seeds;
  std::string fuzz_time;
  std::string fuzz_shard;
  std::string shrink_seed;
  std::string shrink_runs = "4000";
  std::string shrink_limit;
  std::string power_seeds = "2000";
  std::string power_limit = "20s";
  bool power_skips_shrinking = false;
};

void add_fuzz(CLI::App& app, CampaignArguments& parsed);
void add_shrink(CLI::App& app, CampaignArguments& parsed);
void add_power(CLI::App& app, CampaignArguments& parsed);

/// The commands, or what is wrong with them.
Command fuzz_command(CampaignArguments& parsed);
Command shrink_command(CampaignArguments& parsed);
Command power_command(CampaignArguments& parsed);

}  // namespace shardproof::cli
