// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>

#include <array>

#include "cli/run_crash.hpp"
#include "sim/cluster/run_place.hpp"

namespace shardproof::cli {

/// While it lives, a signal that a mistake of the program itself brings (a wrong access to memory,
/// an abort) is told on stderr, with where the run stood, before it ends the process as it would
/// have. One at a time.
class FatalSignals {
 public:
  explicit FatalSignals(RunCommands commands);
  ~FatalSignals();
  FatalSignals(const FatalSignals&) = delete;
  FatalSignals& operator=(const FatalSignals&) = delete;

  /// For RunOptions::place.
  sim::RunPlace* place() { return &place_; }

 private:
  static constexpr std::array<int, 5> kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

  static void on_signal(int number, siginfo_t* about, void* context);
  void restore();

  RunCommands commands_;
  sim::RunPlace place_;
  std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace shardproof::cli
