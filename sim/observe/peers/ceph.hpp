// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/observe/peers/figures.hpp"

/// Ceph: what osdmaptool prints of placement groups (PGs) by device, and the score of the
/// manager's balancer.
namespace shardproof::sim::peers {

struct PgStats {
  double avg = 0;
  double stddev = 0;  ///< of the population
  double stddev_over_avg = 0;
  /// sqrt(avg (1 - 1/n)): what chance gives.
  double expected_stddev = 0;
  double min = 0;
  double max = 0;
};
/// Nothing without a PG.
std::optional<PgStats> pg_stats(Loads pgs);

/// The largest distance of a device's PGs from its target, the total by weight; upmap_max_deviation
/// is 5 by default. Nothing without a device; weights above zero.
std::optional<double> upmap_deviation(Loads pgs, Loads weights);

/// Most primaries of a device over their mean, for primary affinity 1. Nothing without one.
std::optional<double> read_balance_score(Loads primaries);

/// The balancer's score of one of {pgs, objects, bytes}: over the devices that have more than their
/// share, sum of w erf(x / sqrt 2) / max(sum of w, 1), where w is the device's part of all weights
/// and x by how much it is above its share, relative to it. In [0, 1), lower is better.
/// Source: ceph/ceph, src/pybind/mgr/balancer/module.py, Eval.calc_stats. Zero without a load, as
/// there; weights above zero.
double mgr_score(Loads loads, Loads weights);

/// PGs whose up set is another one than before, over all; max_misplaced is 0.05 by default. Zero
/// without a PG, as there.
double misplaced_ratio(std::span<const std::vector<std::uint32_t>> before,
                       std::span<const std::vector<std::uint32_t>> after);
/// The same of those counted already.
double misplaced_ratio(std::uint64_t misplaced, std::uint64_t pgs);

/// The error function from its Maclaurin series, of x in [0, 6], beyond which it is 1 to the last
/// bit of a double; right to 1e-9. libm's differ from machine to machine.
double error_function(double x);

}  // namespace shardproof::sim::peers
