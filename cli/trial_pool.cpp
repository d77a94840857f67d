// SPDX-License-Identifier: Apache-2.0
#include "cli/trial_pool.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "cli/worker_pool.hpp"
#include "sim/campaign/trial.hpp"

namespace shardproof::cli {
namespace {

using sim::campaign::Reproduction;

/// What a process says of its candidate.
struct Verdict {
  bool is_same = false;
  bool has_time = false;
  std::int64_t time_ns = 0;
};

Verdict judge(const sim::ScenarioSpec& candidate, const TrialPool::Options& options) {
  const auto trial = sim::campaign::try_scenario(candidate, {options.events_max, {}});
  Verdict verdict;
  if (!trial.failure || !shows_the_same(*trial.failure, options.wanted)) return verdict;
  verdict.is_same = true;
  verdict.has_time = trial.failure->time.has_value();
  if (trial.failure->time) verdict.time_ns = trial.failure->time->count();
  return verdict;
}

std::string encode(const Verdict& verdict) {
  std::string bytes(sizeof verdict, '\0');
  std::memcpy(bytes.data(), &verdict, sizeof verdict);
  return bytes;
}

/// One that says nothing has crashed: not the failure that is looked for.
Verdict decode(const WorkerPool::Done& done) {
  Verdict verdict;
  if (!done.death) std::memcpy(&verdict, done.answer.data(), sizeof verdict);
  return verdict;
}

}  // namespace

Reproduction TrialPool::operator()(std::span<const sim::ScenarioSpec> candidates) const {
  Reproduction found;
  if (candidates.empty()) return found;
  WorkerPool pool(std::min(options_.processes, candidates.size()),
                  [&](std::uint64_t job) { return encode(judge(candidates[job], options_)); });
  std::uint64_t next = 0;
  // Only what comes before the best so far can be better.
  std::uint64_t end = candidates.size();
  while (next < end || pool.is_busy_below(end)) {
    while (next < end && pool.has_idle()) pool.give(next++);
    const auto done = pool.wait(100);
    if (done && done->job < end) {
      const Verdict verdict = decode(*done);
      if (verdict.is_same) {
        end = done->job;
        found.index = done->job;
        found.failed_at.reset();
        if (verdict.has_time) found.failed_at = Nanoseconds(verdict.time_ns);
      }
    }
    // What was found is the first only if everything before it has been judged.
    if (!options_.goes_on()) return {std::nullopt, std::nullopt, true};
  }
  return found;
}

}  // namespace shardproof::cli
