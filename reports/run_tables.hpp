// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/table.hpp"
#include "sim/observe/run_result.hpp"

/// The figures of one run, for whoever shows them as text or in Markdown.
namespace shardproof::reports {

/// A row for each dimension of the cluster, its zones and racks, and of each collection if there
/// are several.
Table skew_table(const sim::RunResult& result);
/// Migrations with their time and bytes, what would have done, and how much was to and fro.
Table migration_table(const sim::RunResult& result);
/// How long shards were in each bad state, all together and the worst one.
Table safety_table(const sim::RunResult& result);
/// Counts of outcomes; no newline.
std::string client_line(const sim::RunResult& result);
/// Latencies of all successful requests, of the reads and of the writes.
Table latency_table(const sim::RunResult& result);

}  // namespace shardproof::reports
