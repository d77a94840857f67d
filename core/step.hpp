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

  NodeId self() const { return config.id; }
};

}  // namespace shardproof
