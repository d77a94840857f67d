// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/input/input_error.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/table_reader.hpp"

namespace shardproof::sim {

/// What the readers of a scenario's parts share.
struct ReadContext {
  const ReadOptions& options;
  ScenarioSpec& spec;
  Names names;
  bool unreadable = false;
  /// Collections come from elsewhere, or would if that could be read.
  bool imports_collections = false;

  /// `file` as written, from the scenario's directory.
  std::string resolve(const std::string& file) const;
  /// Reports what is wrong with a file that the scenario names, at the place where it does.
  void report(const InputError& error, SourcePosition at, Diagnostics& diagnostics);
};

void read_cluster(TableReader& table, ReadContext& context);
/// `from = { snapshot = ... }` of [cluster]: nodes and collections.
void read_snapshot_cluster(TableReader& table, ReadContext& context);
void read_traffic(TableReader& table, TrafficSpec& traffic, ReadContext& context);
/// One `[[at]]`, or one `[[when]]` if `is_when`.
void read_event(TableReader& table, EventSpec& event, bool is_when, ReadContext& context);
void read_expectation(TableReader& table, ExpectationSpec& expectation, ReadContext& context);

}  // namespace shardproof::sim
