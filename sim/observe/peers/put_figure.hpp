// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "sim/observe/peers/cruise_control.hpp"
#include "sim/observe/peers/peer_state.hpp"

namespace shardproof::sim::peers {

/// Figures in 2^-32, whole ones as such. None is below zero but by rounding.
inline ExactValue exact(double number) {
  const double value = std::max(number, 0.0);
  if (value == std::floor(value)) return ExactValue::integer(static_cast<UInt128>(value));
  constexpr double kOne = 4294967296.0;
  return ExactValue::fraction(static_cast<UInt128>(value * kOne + 0.5), UInt128{1} << 32);
}

/// `name` is "SYSTEM.FIGURE".
inline void put_figure(PeerFigures& figures, std::string_view name, std::optional<double> value) {
  figures["peers." + std::string(name)] = value ? std::optional(exact(*value)) : std::nullopt;
}

/// "cruise_control.WHAT_avg" and so on.
inline void put_count_stats(PeerFigures& figures, const std::string& what,
                            const std::optional<CountStats>& stats) {
  const auto put = [&](const char* which, double CountStats::*figure) {
    put_figure(figures, "cruise_control." + what + which,
               stats ? std::optional((*stats).*figure) : std::nullopt);
  };
  put("_avg", &CountStats::avg);
  put("_max", &CountStats::max);
  put("_min", &CountStats::min);
  put("_st_dev", &CountStats::st_dev);
}

/// asim's balance of each statistic of stores.
void put_asim_figures(PeerFigures& figures, const PeerState& state);
/// Figures of what is where: replica sets, tables, counts of documents. `weights` as in
/// `peer_figures`; at least one member.
void put_placement_figures(PeerFigures& figures, const PeerState& state,
                           const std::vector<std::uint64_t>& weights);
/// Figures of networks and of what is asked of shards; nothing if no time has passed. At least one
/// member.
void put_flow_figures(PeerFigures& figures, const PeerState& state);
/// Figures of what a run did.
void put_run_figures(PeerFigures& figures, const RunCounts& run);

}  // namespace shardproof::sim::peers
