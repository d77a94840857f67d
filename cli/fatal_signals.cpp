// SPDX-License-Identifier: Apache-2.0
#include "cli/fatal_signals.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "cli/terminal.hpp"
#include "core/base/check.hpp"

namespace shardproof::cli {
namespace {

FatalSignals* current = nullptr;

/// What has used up the stack cannot be told on it.
void provide_stack() {
  static std::array<char, 1u << 16> memory;
  stack_t given{};
  const bool is_missing = ::sigaltstack(nullptr, &given) == 0 && (given.ss_flags & SS_DISABLE) != 0;
  if (!is_missing) return;
  given.ss_sp = memory.data();
  given.ss_size = memory.size();
  given.ss_flags = 0;
  ::sigaltstack(&given, nullptr);
}

}  // namespace

FatalSignals::FatalSignals(RunCommands commands) : commands_(std::move(commands)) {
  SHARDPROOF_CHECK(current == nullptr);
  current = this;
  provide_stack();
  struct sigaction action = {};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &action, &before_[i]);
}

FatalSignals::~FatalSignals() {
  restore();
  current = nullptr;
}

void FatalSignals::restore() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], &before_[i], nullptr);
  }
}

/// The process has no other threads: memory that is taken here is at worst a second fault, which
/// ends it at once.
void FatalSignals::on_signal(int number, siginfo_t* about, void*) {
  current->restore();
  const std::string reason = fmt::format("killed by signal {}: {}", number, ::strsignal(number));
  // A replay of that event ends as this run does, and shows nothing.
  const std::uint64_t last = std::max<std::uint64_t>(current->place_.event, 2) - 1;
  print_error("shardproof: " + death_text(reason, current->place_, {}, current->commands_,
                                          fmt::format("--around {} --after 0", last),
                                          stderr_style()));
  // What a faulty instruction has brought comes again when that is tried again.
  if (about->si_code <= 0) ::raise(number);
}

}  // namespace shardproof::cli
