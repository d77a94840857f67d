// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// The resolved scenario: a text that the reader turns into the same spec, every default written
/// out. Nodes are a number where they are what `[cluster] nodes` would make, and a list otherwise.
///
/// Names of trace files are printed relative to `directory`, both taken as they are written, so
/// that the text may be stored there; with an empty one they are printed as the program can open
/// them.
std::string to_toml(const ScenarioSpec& spec, const std::string& directory = {});

/// The same with only what differs from the defaults: what a person would have written.
std::string to_sparse_toml(const ScenarioSpec& spec, const std::string& directory = {});

}  // namespace shardproof::sim
