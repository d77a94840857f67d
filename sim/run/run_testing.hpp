// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "sim/run/runner.hpp"
#include "sim/scenario/scenario_testing.hpp"

namespace shardproof::sim {

/// Runs the scenario of a text, with this seed if there is one.
inline RunResult run_text(const std::string& text,
                          std::optional<std::uint64_t> seed = std::nullopt) {
  RunOptions options;
  options.seed = seed;
  auto result = run(scenario_of(text), options);
  SHARDPROOF_CHECK(result.has_value(), "{}", result.error().message);
  return std::move(*result);
}

}  // namespace shardproof::sim
