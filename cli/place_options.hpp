// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace shardproof::cli {

/// The options of `place` as they are written.
struct PlaceArguments {
  std::vector<std::string> algorithms;
  std::string keys = "100000";
  std::string key_format = "key-%d";
  std::string hash = "xxh64";
  std::string nodes;
  std::string nodes_after;
  std::vector<std::string> weights;
  std::string seeds = "1";
  std::vector<std::string> options;
  bool shows_shares = false;
  bool json = false;
};

void add_place(CLI::App& app, PlaceArguments& arguments);

/// The command, or what is wrong with it.
Result<PlaceCommand> place_command(const PlaceArguments& arguments);

}  // namespace shardproof::cli
