// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cli/exit_code.hpp"
#include "reports/style.hpp"

namespace shardproof::cli {

/// Takes note of how the program was called, for the commands that it prints: by a path, or by its
/// name if a shell found it in PATH.
void remember_program(const std::string& first_argument);

/// How it was called, and colours if stdout (stderr) is a terminal and NO_COLOR is not set.
reports::Style stdout_style();
reports::Style stderr_style();
bool stderr_is_terminal();

/// Prose for people: the commands in it, which begin with `shardproof behind a backtick, begin with
/// the program as it was called.
std::string with_program_name(std::string_view text);

/// Results go to stdout, everything else, in which commands are named so, to stderr; both
/// `printable`.
void print(std::string_view text);
void print_error(std::string_view text);

/// Puts the line, or nothing, in the place of the one that stderr, a terminal, ends with.
void print_status(std::string_view line);

/// `code`, or an I/O error (which is told) if what was printed could not be written.
ExitCode flush(ExitCode code);

}  // namespace shardproof::cli
