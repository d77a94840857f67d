// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/status_line.hpp"
#include "sim/run/runner.hpp"

namespace shardproof::cli {

/// Says on stderr how far a run is, with a bar on a terminal.
class ProgressReporter {
 public:
  /// `is_silent`: says nothing. `label`: what is running.
  ProgressReporter(std::string label, bool is_silent);

  /// Cheap unless it is time to draw.
  void update(const sim::Progress& progress);
  /// Real time since the construction.
  std::uint64_t elapsed_ns() const { return line_.elapsed_ns(); }

 private:
  std::string label_;
  StatusLine line_;
};

/// "join under load  42 %  [========>           ]  1.12 M events/s  3.2 s left", for `elapsed_ns`
/// of real time. A violation that was found is named. `has_bar`: with the part in brackets.
std::string progress_line(const std::string& label, const sim::Progress& progress,
                          std::uint64_t elapsed_ns, bool has_bar);

}  // namespace shardproof::cli
