// SPDX-License-Identifier: Apache-2.0
#include "cli/status_line.hpp"

#include "cli/terminal.hpp"

namespace shardproof::cli {

StatusLine::StatusLine(bool is_silent) : is_silent_(is_silent), is_terminal_(stderr_is_terminal()) {
  next_ = start_ + (is_terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10));
}

StatusLine::~StatusLine() {
  if (is_drawn_ && is_terminal_) print_error("\r\x1b[K");
}

bool StatusLine::is_due() {
  if (is_silent_) return false;
  const Clock::time_point now = Clock::now();
  if (now < next_) return false;
  next_ = now + (is_terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(10));
  return true;
}

void StatusLine::show(const std::string& line) {
  print_error(is_terminal_ ? "\r" + line + "\x1b[K" : line + "\n");
  is_drawn_ = true;
}

std::uint64_t StatusLine::elapsed_ns() const {
  const auto elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start_);
  return static_cast<std::uint64_t>(elapsed.count());
}

}  // namespace shardproof::cli
