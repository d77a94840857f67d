// SPDX-License-Identifier: Apache-2.0
#include "cli/status_line.hpp"

#include <fmt/format.h>

#include "cli/terminal.hpp"

namespace shardproof::cli {

StatusLine::StatusLine(bool is_silent) : is_silent_(is_silent), is_terminal_(stderr_is_terminal()) {
  next_ = Clock::now() + (is_terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10));
}

StatusLine::~StatusLine() {
  if (is_drawn_ && is_terminal_) print_status("");
}

bool StatusLine::is_due() {
  if (is_silent_) return false;
  const Clock::time_point now = Clock::now();
  if (now < next_) return false;
  next_ = now + (is_terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(10));
  return true;
}

void StatusLine::draw(std::string_view line) {
  if (is_terminal_) {
    print_status(line);
  } else {
    print_error(fmt::format("{}\n", line));
  }
  is_drawn_ = true;
}

}  // namespace shardproof::cli
