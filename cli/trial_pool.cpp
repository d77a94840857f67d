// SPDX-License-Identifier: Apache-2.0
#include "cli/trial_pool.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "sim/campaign/trial.hpp"

namespace shardproof::cli {
namespace {

using sim::campaign::Reproduction;

/// What a process says of its candidate; one that says nothing has crashed.
struct Verdict {
  bool is_same = false;
  bool has_time = false;
  std::int64_t time_ns = 0;
};

struct Running {
  pid_t process = 0;
  int answer = -1;  ///< the end of a pipe to read the verdict from
  std::size_t index = 0;
};

Verdict judge(const sim::ScenarioSpec& candidate, const TrialPool::Options& options) {
  const auto trial = sim::campaign::try_scenario(candidate, {options.events_max, {}});
  Verdict verdict;
  if (!trial.failure || !is_same_bug(trial.failure->fingerprint, options.wanted)) return verdict;
  verdict.is_same = true;
  verdict.has_time = trial.failure->time.has_value();
  if (trial.failure->time) verdict.time_ns = trial.failure->time->count();
  return verdict;
}

Running start(const sim::ScenarioSpec& candidate, std::size_t index,
              const TrialPool::Options& options) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("cannot make a pipe");
  const pid_t process = fork();
  if (process < 0) throw std::runtime_error("cannot start a process");
  if (process == 0) {
    // The terminal interrupts the whole group; whoever waits decides then what is worth keeping.
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    const Verdict verdict = judge(candidate, options);
    const bool is_told = write(ends[1], &verdict, sizeof verdict) == sizeof verdict;
    // Without the parent's buffers and destructors.
    _exit(is_told ? 0 : 1);
  }
  close(ends[1]);
  return {process, ends[0], index};
}

Verdict finish(const Running& run) {
  Verdict verdict;
  const bool is_told = read(run.answer, &verdict, sizeof verdict) == sizeof verdict;
  close(run.answer);
  waitpid(run.process, nullptr, 0);
  return is_told ? verdict : Verdict{};
}

void stop(const Running& run) {
  kill(run.process, SIGKILL);
  close(run.answer);
  waitpid(run.process, nullptr, 0);
}

/// Waits until a process has said something or a tenth of a second is over.
std::vector<std::size_t> wait_for(const std::vector<Running>& running) {
  constexpr int kLookMs = 100;
  std::vector<pollfd> ends;
  for (const Running& run : running) ends.push_back({run.answer, POLLIN, 0});
  std::vector<std::size_t> ready;
  if (poll(ends.data(), ends.size(), kLookMs) <= 0) return ready;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i].revents != 0) ready.push_back(i);
  }
  return ready;
}

/// The processes of one batch; what is still running at the end is stopped.
struct Batch {
  ~Batch() { stop_behind(0); }
  void stop_behind(std::size_t limit) {
    std::vector<Running> left;
    for (const Running& run : running) {
      run.index >= limit ? stop(run) : left.push_back(run);
    }
    running = std::move(left);
  }
  std::vector<Running> running;
};

}  // namespace

Reproduction TrialPool::operator()(std::span<const sim::ScenarioSpec> candidates) const {
  Batch batch;
  Reproduction found;
  std::size_t next = 0;
  // Only what comes before the best so far can be better.
  std::size_t end = candidates.size();
  while (next < end || !batch.running.empty()) {
    while (next < end && batch.running.size() < options_.processes) {
      batch.running.push_back(start(candidates[next], next, options_));
      ++next;
    }
    const std::vector<std::size_t> ready = wait_for(batch.running);
    std::vector<Running> still;
    for (std::size_t i = 0; i < batch.running.size(); ++i) {
      const Running run = batch.running[i];
      if (!std::binary_search(ready.begin(), ready.end(), i)) {
        still.push_back(run);
        continue;
      }
      const Verdict verdict = finish(run);
      if (!verdict.is_same || run.index >= end) continue;
      end = run.index;
      found.index = run.index;
      found.failed_at.reset();
      if (verdict.has_time) found.failed_at = Nanoseconds(verdict.time_ns);
    }
    batch.running = std::move(still);
    batch.stop_behind(end);
    // What was found is the first only if everything before it has been judged.
    if (!options_.goes_on()) return {std::nullopt, std::nullopt, true};
  }
  return found;
}

}  // namespace shardproof::cli
