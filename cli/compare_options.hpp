// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace shardproof::cli {

/// The options of `compare` as they are written.
struct CompareArguments {
  std::vector<std::string> what;
  std::vector<std::string> policies;
  std::vector<std::string> options;
  std::string seeds = "1..10";
  std::vector<std::string> metrics;
  std::size_t jobs = 0;
  bool json = false;
  bool markdown = false;
  bool quiet = false;
};

void add_compare(CLI::App& app, CompareArguments& arguments);

/// The command, or what is wrong with it.
Result<CompareCommand> compare_command(const CompareArguments& arguments);

}  // namespace shardproof::cli
