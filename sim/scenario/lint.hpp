// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/diagnostics.hpp"
#include "sim/scenario/source_tree.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// Errors that show only when the whole scenario is known: numbers of nodes and shards that do not
/// exist, names used twice, times beyond the run, settings that contradict each other. `source`
/// says where things stand.
void check_references(const ScenarioSpec& spec, const SourceNode& source, Diagnostics& diagnostics);

/// The same of `[[version]]`, and of whatever names one.
void check_versions(const ScenarioSpec& spec, const SourceNode& source, Diagnostics& diagnostics);

/// Whether a window of moves is one that a run of this scenario can use: it ends with the run at
/// the latest, or, if it is daily, opens during it.
bool is_within_run(const distribution::MoveWindow& window, const ScenarioSpec& spec);

/// Warnings about experiments that may run but can hardly show anything: too little load, too much
/// of it, faults that outlive the run, events too late to show in the figures.
void lint(const ScenarioSpec& spec, const SourceNode& source, Diagnostics& diagnostics);

}  // namespace shardproof::sim
