// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/network_latency.hpp"
#include "sim/scenario/diagnostics.hpp"
#include "sim/scenario/source_tree.hpp"

namespace shardproof::sim {

/// A distribution, or `{ trace = "rtt.csv", column = "rtt_us", unit = "1us" }`, whose file is read
/// later. See codecs.hpp.
struct LatencyCodec {
  using Value = NetworkLatency;
  bool read(const SourceNode& node, NetworkLatency& value, Diagnostics& diagnostics) const;
  std::string print(const NetworkLatency& value) const;
  std::string schema() const;
};

}  // namespace shardproof::sim
