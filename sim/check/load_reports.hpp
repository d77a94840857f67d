// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/check/audit.hpp"
#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges what nodes report to the coordinator of the copies they hold: how many documents and
/// bytes, which plans go by, and whether they lead. Copies that have applied as much as any other
/// are judged, but for nodes that apply something in the same event: the report may have been made
/// before. A part of invariant 32. O(copies) per report.
class LoadReports : public Monitor<LoadReports> {
 public:
  static constexpr InvariantInfo kInvariant = kCountTruth;
  using Monitor::Monitor;

  void on(const fact::EntryApplied& applied, const At& at);
  void on(const hook::LoadTold& told, const At& at);

 private:
  void check_content(const message::ShardLoad& load, const At& at);
  void check_leader(const message::ShardLoad& load, const At& at);

  /// By node: the event in which it last applied something.
  std::vector<std::uint64_t> applied_in_;
};

}  // namespace shardproof::sim::check
