// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.hpp"
#include "reports/recorded_run.hpp"
#include "sim/observe/comparison_result.hpp"

namespace shardproof::reports {

/// The runs of one set of results: what `run --out` has written for one run, or, for several, in
/// the directories of one.
struct RecordedFigures {
  std::string scenario;
  sim::ComparedSide side;  ///< runs by seed, ascending; values by `metrics`
};

/// Reads them, with the metrics of the catalogue that are part of results, in its order (see
/// `compared_metrics`). A metric that the version which wrote them did not know has no value. Fails
/// if there is none, if one cannot be read, or if they are of several scenarios.
Result<RecordedFigures, UnreadableRun> read_figures(const std::filesystem::path& path);

/// Every metric that a result has, in the catalogue's order.
std::vector<sim::ComparedMetric> compared_metrics();

/// What is compared of a run that has just been made.
sim::ComparedRun compared_run(const sim::RunResult& result);

}  // namespace shardproof::reports
