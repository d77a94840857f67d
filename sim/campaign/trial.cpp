// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/trial.hpp"

#include "sim/run/runner.hpp"

namespace shardproof::sim::campaign {

Trial try_scenario(const ScenarioSpec& spec, const TrialOptions& options) {
  RunOptions run_options;
  run_options.progress_every = 1u << 12;
  run_options.on_progress = [&](const Progress& progress) {
    return progress.events < options.events_max && (!options.goes_on || options.goes_on());
  };
  try {
    const auto result = run(spec, run_options);
    if (!result) return {failure_of_set_up(result.error().message), 0};
    if (result->interrupted && result->violations.empty()) return {std::nullopt, result->events};
    return {failure_of(*result), result->events};
  } catch (const std::exception& error) {
    const Failure failure = failure_of(error);
    return {failure, failure.event};
  }
}

}  // namespace shardproof::sim::campaign
