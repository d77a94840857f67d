// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "cli/printable.hpp"
#include "sim/observe/shell_word.hpp"

namespace shardproof::cli {
namespace {

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return (no_colour == nullptr || *no_colour == '\0') && isatty(descriptor) == 1;
}

/// As a shell reads it.
std::string& program_name() {
  static std::string name = "shardproof";
  return name;
}

void write_to(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

}  // namespace

void remember_program(const std::string& first_argument) {
  if (!first_argument.empty()) program_name() = sim::shell_word(first_argument);
}

reports::Style stdout_style() { return {wants_colour(STDOUT_FILENO), program_name()}; }
reports::Style stderr_style() { return {wants_colour(STDERR_FILENO), program_name()}; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

std::string with_program_name(std::string_view text) {
  constexpr std::string_view kCommand = "`shardproof ";
  std::string named;
  for (std::size_t found = text.find(kCommand); found != std::string_view::npos;
       found = text.find(kCommand)) {
    named += std::string(text.substr(0, found + 1)) + program_name() + " ";
    text.remove_prefix(found + kCommand.size());
  }
  return named + std::string(text);
}

void print(std::string_view text) { write_to(stdout, printable(text, stdout_style().has_colour)); }

void print_error(std::string_view text) {
  std::fflush(stdout);
  write_to(stderr, printable(with_program_name(text), stderr_style().has_colour));
}

void print_status(std::string_view line) {
  std::fflush(stdout);
  write_to(stderr, "\r" + printable(line, stderr_style().has_colour) + "\x1b[K");
}

ExitCode flush(ExitCode code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  print_error("shardproof: cannot write to stdout\n");
  return worse(code, ExitCode::kInternal);
}

}  // namespace shardproof::cli
