// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace shardproof::cli {

/// The options of `plan` as they are written.
struct PlanArguments {
  std::vector<std::string> files;
  std::string format;
  std::vector<std::string> generated;
  std::string nodes = "20";
  std::string shards = "1000";
  std::string copies = "3";
  std::string seed = "1";
  std::vector<std::string> add;
  std::vector<std::string> drain;
  std::vector<std::string> remove;
  std::vector<std::string> weigh;
  std::vector<std::string> exclude;
  std::vector<std::string> pin;
  std::vector<std::string> policies{"greedy"};
  std::vector<std::string> options;
  std::string moves_per_node = "2";
  std::string bandwidth = "unlimited";
  std::string watermark = "85%";
  std::string rounds = "100";
  bool shows_moves = false;
  bool json = false;
  bool markdown = false;
};

void add_plan(CLI::App& app, PlanArguments& arguments);

/// The command, or what is wrong with it.
Result<PlanCommand> plan_command(const PlanArguments& arguments);

}  // namespace shardproof::cli
