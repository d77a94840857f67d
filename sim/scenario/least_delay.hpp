// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// The least that a delay of the distribution is; zero where that is not stated.
inline Nanoseconds least_delay(const DelayDistribution& delay) {
  const bool has_least =
      delay.kind == DistributionKind::kConstant || delay.kind == DistributionKind::kUniform ||
      delay.kind == DistributionKind::kExponential || delay.kind == DistributionKind::kPareto;
  return has_least ? delay.first : Nanoseconds(0);
}

/// In how little time a message can go to and fro at the start.
inline Nanoseconds least_round_trip(const ScenarioSpec& spec) {
  const bool is_measured = spec.network.latency.measured.has_value();
  return is_measured ? Nanoseconds(0) : least_delay(spec.network.latency.distribution) * 2;
}

/// And in how little the metadata store can answer. Whoever waits for less is never set up.
inline Nanoseconds least_metadata_answer(const ScenarioSpec& spec) {
  return least_round_trip(spec) + least_delay(spec.metadata.latency);
}

}  // namespace shardproof::sim
