// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config.hpp"
#include "core/ports.hpp"

namespace shardproof {

class TableWatcher;

/// What every part of a node works with during one input: its configuration, the time, and where
/// its effects go. Lives for one step.
struct Step {
  const NodeConfig& config;
  const ShardTable& table;
  TableWatcher& watcher;
  Instant now;
  Random& random;
  Effects& effects;
  /// Null while none is armed.
  FaultPoints* fault_points = nullptr;

  NodeId self() const { return config.id; }
  /// Whether that place is to take its rare course now; one draw from its stream if it is armed.
  bool fires(FaultPoint point) const {
    return fault_points != nullptr && fault_points->fires(point);
  }
};

}  // namespace shardproof
