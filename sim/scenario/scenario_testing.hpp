// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/check.hpp"
#include "sim/scenario/reader.hpp"

namespace shardproof::sim {

/// The scenario of a text that a test writes down, which has to be good.
inline ScenarioSpec scenario_of(const std::string& text) {
  const auto loaded = read_scenario(text, "test.toml");
  SHARDPROOF_CHECK(loaded.has_value(), "{}", to_string(loaded.error().diagnostics.front()));
  return loaded->spec;
}

}  // namespace shardproof::sim
