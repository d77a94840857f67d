// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "cli/vocabulary.hpp"

namespace shardproof::cli {
namespace {

void print_topic(const std::string& topic) {
  const std::vector<Entry> list = entries(topic);
  std::size_t width = 0;
  for (const Entry& entry : list) width = std::max(width, entry.name.size());
  print(stdout_style().bold(topic) + "\n");
  for (const Entry& entry : list)
    print(fmt::format("  {:<{}}  {}\n", entry.name, width, entry.line));
}

}  // namespace

ExitCode execute(const ListCommand& command) {
  if (!command.what.empty()) {
    print_topic(command.what);
    return ExitCode::kOk;
  }
  for (const std::string& topic : list_topics()) {
    print_topic(topic);
    print("\n");
  }
  print(with_program_name("`shardproof explain KIND NAME` says more about each.\n"));
  return ExitCode::kOk;
}

}  // namespace shardproof::cli
