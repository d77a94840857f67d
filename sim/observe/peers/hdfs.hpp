// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/observe/peers/figures.hpp"

/// The balancer of HDFS, and the disk balancer of Ozone. Capacities above zero.
namespace shardproof::sim::peers {

/// The largest |node usage - cluster usage|, in percentage points; the balancer's threshold is 10.
/// Nothing without a node.
std::optional<double> usage_deviation(Loads used, Loads capacities);

/// The largest |volumeDataDensity|, a volume's utilisation less the average of all volumes', in
/// percentage points; a volume is a candidate above 10. Nothing without a volume.
std::optional<double> data_density(Loads used, Loads capacities);

}  // namespace shardproof::sim::peers
