// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace shardproof::cli {

/// One line on stderr that says how far something is: redrawn on a terminal, elsewhere printed
/// every 10 s.
class StatusLine {
 public:
  /// `is_silent`: nothing is ever due.
  explicit StatusLine(bool is_silent);
  /// Takes the line away.
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  bool is_terminal() const { return is_terminal_; }
  /// Whether it is time for a new line: a look at the clock.
  bool is_due();
  void show(const std::string& line);
  /// Real time since the construction.
  std::uint64_t elapsed_ns() const;

 private:
  using Clock = std::chrono::steady_clock;

  bool is_silent_;
  bool is_terminal_;
  bool is_drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_;
};

}  // namespace shardproof::cli
