// SPDX-License-Identifier: Apache-2.0
#include "sim/check/determinism.hpp"

#include <fmt/format.h>

namespace shardproof::sim::check {
namespace {

/// Their number covers what was delivered while the world came to rest, as the digest does.
std::uint64_t events_of(const RunResult& run) { return run.checkpoints.back().events; }

}  // namespace

std::optional<ViolationRecord> compare_runs(const RunResult& first, const RunResult& second) {
  const auto divergence = first_divergence(first.checkpoints, second.checkpoints);
  if (!divergence) return std::nullopt;
  ViolationRecord record;
  record.invariant = kDeterminism.number;
  record.name = kDeterminism.name;
  record.time = Instant(first.simulated);
  record.event = first.events;
  record.message = fmt::format(
      "seed {}: {} events with digest {:016x}, then {} events with digest {:016x}; the first "
      "different one is in ({}, {}]",
      first.seed, events_of(first), first.digest, events_of(second), second.digest,
      divergence->same_until, divergence->differs_by);
  record.statement = kDeterminism.statement;
  return record;
}

}  // namespace shardproof::sim::check
