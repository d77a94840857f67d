// SPDX-License-Identifier: Apache-2.0
#include "core/node_record.hpp"

namespace shardproof {

const char* to_string(NodeState state) {
  switch (state) {
    case NodeState::Active: return "active";
    case NodeState::Draining: return "draining";
    case NodeState::Maintenance: return "maintenance";
    case NodeState::Removed: return "removed";
  }
  return "?";
}

}  // namespace shardproof
