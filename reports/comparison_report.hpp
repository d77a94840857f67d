// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reports/style.hpp"
#include "sim/observe/comparison_result.hpp"

namespace shardproof::reports {

/// The metrics that a comparison shows if nobody names others: skew, the cost of migrations with
/// their regret, safety integrals and the clients' latency.
const std::vector<std::string>& usual_metrics();

/// A row for each of the named metrics, a column for each side: the median over the seeds, and for
/// all but the first side in how many seeds it was lower and higher than there, with a star if that
/// is no chance. Then what failed. A metric that is not in the result is a failed check.
std::string comparison_text(const sim::ComparisonResult& result,
                            const std::vector<std::string>& metrics, const Style& style);
/// The same in Markdown.
std::string comparison_markdown(const sim::ComparisonResult& result,
                                const std::vector<std::string>& metrics);
/// All metrics of the result, with every run (docs/cli.md).
std::string comparison_json(const sim::ComparisonResult& result);

}  // namespace shardproof::reports
