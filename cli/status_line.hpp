// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "cli/stopwatch.hpp"

namespace shardproof::cli {

/// A line on stderr about what is going on: redrawn in place on a terminal, printed every 10 s
/// elsewhere.
class StatusLine {
 public:
  /// `is_silent`: says nothing.
  explicit StatusLine(bool is_silent);
  /// Takes the line away from a terminal.
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /// Whether it is time to draw; then it is time again only a while later. Cheap.
  bool is_due();
  void draw(std::string_view line);
  bool is_on_terminal() const { return is_terminal_; }
  /// Real time since the construction.
  std::uint64_t elapsed_ns() const { return stopwatch_.elapsed_ns(); }

 private:
  using Clock = std::chrono::steady_clock;

  bool is_silent_;
  bool is_terminal_;
  bool is_drawn_ = false;
  Stopwatch stopwatch_;
  Clock::time_point next_;
};

}  // namespace shardproof::cli
