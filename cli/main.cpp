// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <stdexcept>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/run_crash.hpp"
#include "cli/terminal.hpp"
#include "core/base/check.hpp"

namespace shardproof::cli {

ExitCode execute(const PrintCommand& command) {
  command.code == ExitCode::kOk ? print(with_program_name(command.text))
                                : print_error(command.text);
  return command.code;
}

namespace {

/// Lets a failed check of our own end the run, not the program: the one who runs it learns how to
/// get there again.
void throw_check_failure(const CheckFailure& failure) {
  throw std::logic_error(fmt::format("{}:{}: check failed: {}{}{}", failure.file, failure.line,
                                     failure.condition, failure.message.empty() ? "" : ": ",
                                     failure.message));
}

ExitCode run_program(int argument_count, const char* const* arguments) {
  const Command command = parse_command_line(argument_count, arguments);
  return flush(std::visit([](const auto& chosen) { return execute(chosen); }, command));
}

}  // namespace
}  // namespace shardproof::cli

int main(int argument_count, char** arguments) {
  using namespace shardproof;
  set_check_handler(cli::throw_check_failure);
  if (argument_count > 0) cli::remember_program(arguments[0]);
  try {
    return static_cast<int>(cli::run_program(argument_count, arguments));
  } catch (const std::exception& error) {
    cli::print_error("shardproof: " + cli::crash_text(error, {}, cli::stderr_style()));
    return static_cast<int>(cli::ExitCode::kInternal);
  }
}
