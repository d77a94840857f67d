// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/style.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::reports {

/// The verdict and what there is to know about it, for a terminal of 100 columns: what failed first
/// (each violation with its invariant, place, time and last events; each broken expectation; why it
/// is inconclusive; the commands that go on from there), then placement skew, migration cost,
/// safety integrals and clients. `directory`: of the run's results; empty if they are not kept.
std::string text_report(const sim::RunResult& result, const Style& style,
                        const std::string& directory = {});

/// The same in Markdown (as GitHub reads it), for the summary of a job or a pull request; what was
/// found and judged stands in a block as it is.
std::string markdown_report(const sim::RunResult& result);

/// One line: verdict, scenario, seed, digest.
std::string verdict_line(const sim::RunResult& result, const Style& style);

}  // namespace shardproof::reports
