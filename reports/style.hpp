// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace shardproof::reports {

/// Colours on a terminal, plain text elsewhere, and the name by which the program was called there.
/// The caller decides what they are.
struct Style {
  bool has_colour = false;
  /// As a shell reads it.
  std::string program = "shardproof";

  /// `line`, a command that begins with `shardproof `, as it can be pasted where the text is read.
  std::string command(std::string_view line) const {
    constexpr std::string_view kName = "shardproof ";
    if (!line.starts_with(kName)) return std::string(line);
    return program + " " + std::string(line.substr(kName.size()));
  }

  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string red(std::string_view text) const { return wrap("1;31", text); }
  std::string green(std::string_view text) const { return wrap("1;32", text); }
  std::string yellow(std::string_view text) const { return wrap("1;33", text); }

 private:
  std::string wrap(std::string_view code, std::string_view text) const {
    if (!has_colour) return std::string(text);
    return std::string("\x1b[").append(code).append("m").append(text).append("\x1b[0m");
  }
};

}  // namespace shardproof::reports
