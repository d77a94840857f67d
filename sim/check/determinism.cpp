// SPDX-License-Identifier: Apache-2.0
#include "sim/check/determinism.hpp"

#include <vector>

#include <fmt/format.h>

namespace shardproof::sim::check {
namespace {

std::vector<Checkpoint> with_end(const RunResult& run) {
  std::vector<Checkpoint> checkpoints = run.checkpoints;
  const Checkpoint end{run.events, run.digest};
  if (checkpoints.empty() || checkpoints.back() != end) checkpoints.push_back(end);
  return checkpoints;
}

}  // namespace

std::optional<ViolationRecord> compare_runs(const RunResult& first, const RunResult& second) {
  if (first.events == second.events && first.digest == second.digest) return std::nullopt;
  ViolationRecord record;
  record.invariant = kDeterminism.number;
  record.name = kDeterminism.name;
  record.time = Instant(first.simulated);
  record.event = first.events;
  const auto divergence = first_divergence(with_end(first), with_end(second));
  record.message = fmt::format(
      "seed {}: {} events with digest {:016x}, then {} events with digest {:016x}; the first "
      "different one is in ({}, {}] ({})",
      first.seed, first.events, first.digest, second.events, second.digest,
      divergence ? divergence->same_until : 0, divergence ? divergence->differs_by : first.events,
      kDeterminism.statement);
  return record;
}

}  // namespace shardproof::sim::check
