// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/chaos_fields.hpp"
#include "sim/scenario/fields.hpp"

namespace shardproof::sim {

/// The plain keys of a scenario, as in fields.hpp; its tables follow in the order of
/// `fields_of_world`.
template <typename Visitor>
void fields_of_run(Visitor& visitor, ScenarioSpec& spec) {
  visitor.required("name", spec.name, Text{false});
  visitor.field("about", spec.about, Text{});
  visitor.field("seed", spec.seed, Seed{});
  visitor.required("duration", spec.duration, kPositiveDuration);
  visitor.field("starts_at", spec.starts_at, kTimeOfDay);
  visitor.field(
      "tie", spec.tie,
      OneOf<TieOrder>{
          {{"fifo", TieOrder::kFifo}, {"random", TieOrder::kRandom}, {"pct", TieOrder::kPct}}});
  visitor.field("tie_depth", spec.tie_depth, Whole<std::uint32_t>{1, kTieDepthMax});
  visitor.field("sample_every", spec.sample_every, kPositiveDuration);
}

/// The keys of `[fault_points]`.
template <typename Visitor>
void fields(Visitor& visitor, std::array<std::optional<Ratio>, kFaultPoints>& fault_points) {
  for (const FaultPointInfo& info : fault_point_catalogue()) {
    visitor.optional(info.name, fault_points[static_cast<std::size_t>(info.point)], kProbability);
  }
}

/// Calls `table(key, fields)` for each table of the world in which the cluster runs.
template <typename Table>
void fields_of_world(ScenarioSpec& spec, Table&& table) {
  table("network", [&](auto& visitor) { fields(visitor, spec.network); });
  table("disk", [&](auto& visitor) { fields(visitor, spec.disk); });
  table("process", [&](auto& visitor) { fields(visitor, spec.process); });
  table("clock", [&](auto& visitor) { fields(visitor, spec.clock); });
  table("metadata", [&](auto& visitor) { fields(visitor, spec.metadata); });
  table("protocol", [&](auto& visitor) { fields(visitor, spec.protocol); });
  table("migration", [&](auto& visitor) { fields(visitor, spec.migration); });
  table("client", [&](auto& visitor) { fields(visitor, spec.client); });
  table("checks", [&](auto& visitor) { fields(visitor, spec.checks); });
  table("chaos", [&](auto& visitor) { fields(visitor, spec.chaos); });
  table("fault_points", [&](auto& visitor) { fields(visitor, spec.fault_points); });
}

}  // namespace shardproof::sim
