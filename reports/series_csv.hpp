// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/observe/series.hpp"

namespace shardproof::reports {

/// A header, then a line for each row: time_ns and the metrics in the order of their names; a field
/// is empty where the metric could not be computed.
std::string series_csv(const sim::Series& series);

}  // namespace shardproof::reports
