// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/undecided.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace shardproof::sim {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "n3 was down already" as "n# was down already".
std::string without_numbers(std::string_view text) {
  std::string masked;
  for (const char c : text) {
    if (!is_digit(c)) {
      masked += c;
    } else if (masked.empty() || masked.back() != '#') {
      masked += '#';
    }
  }
  return masked;
}

/// "crash" of "at 1s: crash = { node = 0 }".
std::string action_of(std::string_view text) {
  const std::size_t end = text.find(" = {");
  if (end == std::string_view::npos) return "an event";
  const std::size_t blank = text.rfind(' ', end - 1);
  return std::string(text.substr(blank + 1, end - blank - 1));
}

}  // namespace

std::vector<std::string> undecided_kinds(const RunResult& result) {
  std::vector<std::string> kinds;
  const auto add = [&](std::string kind) {
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
      kinds.push_back(std::move(kind));
  };
  for (const std::string& reason : result.undecided) {
    const std::string_view text = reason;
    const auto event =
        std::find_if(result.fired.begin(), result.fired.end(), [&](const FiredEvent& one) {
          return one.fired == 0 && text.starts_with(fmt::format("never fired: {}: ", one.text));
        });
    if (event != result.fired.end()) {
      add(action_of(event->text) + ": " +
          without_numbers(event->why_not.empty() ? "its condition never became true"
                                                 : event->why_not));
    } else if (text.starts_with("never evaluated: ")) {
      add("an expectation was never evaluated");
    } else {
      add(without_numbers(text));
    }
  }
  return kinds;
}

}  // namespace shardproof::sim
