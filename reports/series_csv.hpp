// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/observe/scope_series.hpp"
#include "sim/observe/series.hpp"
#include "sim/observe/store_series.hpp"

namespace shardproof::reports {

/// A header, then a line for each row: time_ns and the metrics in the order of their names; a field
/// is empty where the metric could not be computed.
std::string series_csv(const sim::Series& series);

/// A header, then a line for each scope of a sample: time_ns, kind, scope, and of each dimension
/// max_over_mean and cv to six digits; a field is empty where it could not be computed.
std::string scopes_csv(const sim::ScopeSeries& series);

/// A header, then a line for each member of a sample: time_ns, node, and what asim has of a store,
/// to six digits or as a whole number; a field is empty where it could not be computed.
std::string stores_csv(const sim::StoreSeries& series);

}  // namespace shardproof::reports
