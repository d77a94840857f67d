// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "sim/campaign/failure.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim::campaign {

/// One run of a scenario, of which only the failure counts.
struct Trial {
  std::optional<Failure> failure;
  std::uint64_t events = 0;  ///< delivered; zero if nothing was, or memory was out
};

struct TrialOptions {
  /// A run is given up after about so many events: it is no smaller scenario.
  std::uint64_t events_max = ~std::uint64_t{0};
  /// Asked now and then whether to go on; absent: always.
  std::function<bool()> goes_on;
};

/// Runs the scenario with its own seed. A run that is given up, or whose cluster could not be set
/// up, has not failed. A failed check of our own is a failure if the process's check handler
/// throws.
Trial try_scenario(const ScenarioSpec& spec, const TrialOptions& options = {});

}  // namespace shardproof::sim::campaign
