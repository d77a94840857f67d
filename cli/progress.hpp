// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "sim/run/runner.hpp"

namespace shardproof::cli {

/// Real time since its construction.
class Stopwatch {
 public:
  std::uint64_t elapsed_ns() const;

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// Says on stderr how far a run is: a bar that is redrawn on a terminal, elsewhere a line every 10
/// s.
class ProgressReporter {
 public:
  /// `is_silent`: says nothing. `label`: what is running.
  ProgressReporter(std::string label, bool is_silent);
  /// Takes the bar away.
  ~ProgressReporter();
  ProgressReporter(const ProgressReporter&) = delete;
  ProgressReporter& operator=(const ProgressReporter&) = delete;

  /// Cheap unless it is time to draw.
  void update(const sim::Progress& progress);
  /// Real time since the construction.
  std::uint64_t elapsed_ns() const { return stopwatch_.elapsed_ns(); }

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_;
  bool is_silent_;
  bool is_terminal_;
  bool is_drawn_ = false;
  Stopwatch stopwatch_;
  Clock::time_point next_;
};

/// "join under load  42 %  [========>           ]  1.12 M events/s  3.2 s left", for `elapsed_ns`
/// of real time. A violation that was found is named. `has_bar`: with the part in brackets.
std::string progress_line(const std::string& label, const sim::Progress& progress,
                          std::uint64_t elapsed_ns, bool has_bar);

}  // namespace shardproof::cli
