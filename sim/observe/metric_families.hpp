// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "sim/observe/metric_catalogue.hpp"

/// The parts that the catalogue is put together from, and the usual kinds of metrics.
namespace shardproof::sim {

/// Known after every event, sampled, and part of the result.
constexpr MetricDefinition counter(std::string_view name, std::string_view definition,
                                   MetricUnit unit = MetricUnit::kCount) {
  return {name, unit, true, true, true, definition, {}};
}
/// As a counter, but of no interest once the run is over.
constexpr MetricDefinition gauge(std::string_view name, std::string_view definition) {
  return {name, MetricUnit::kCount, true, true, false, definition, {}};
}
constexpr MetricDefinition sampled(std::string_view name, MetricUnit unit,
                                   std::string_view definition) {
  return {name, unit, false, true, true, definition, {}};
}
/// Sampled, and of no interest once the run is over.
constexpr MetricDefinition trend(std::string_view name, MetricUnit unit,
                                 std::string_view definition) {
  return {name, unit, false, true, false, definition, {}};
}
constexpr MetricDefinition final_only(std::string_view name, MetricUnit unit,
                                      std::string_view definition) {
  return {name, unit, false, false, true, definition, {}};
}

/// Each measure of each dimension, and the worst within and between domains, in any order. Names
/// and definitions live as long as the program.
std::vector<MetricDefinition> skew_metrics();

/// Costs and steadiness of moves, in any order.
std::span<const MetricDefinition> move_metrics();

/// Figures of other systems, "peers.SYSTEM.FIGURE", in any order.
std::span<const MetricDefinition> peer_metrics();

}  // namespace shardproof::sim
