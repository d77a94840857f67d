// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/domain_path.hpp"

namespace shardproof {

/// The resources of one node; zero means unlimited for disk and network, unknown for the others.
struct NodeCapacity {
  Bytes disk{};
  std::uint64_t cpu_milli = 0;  ///< thousandths of a core; only reported and shown to policies
  Bytes memory{};               ///< only reported and shown to policies
  Bandwidth network{};          ///< of the node's network interface, each direction

  friend bool operator==(const NodeCapacity&, const NodeCapacity&) = default;
};

enum class NodeState : std::uint8_t {
  Active,       ///< serves and takes new copies
  Draining,     ///< serves; every copy is to leave
  Maintenance,  ///< about to restart: keeps its copies even while down, takes none
  Removed,      ///< not a member any more
};
const char* to_string(NodeState state);

/// A member of the cluster.
struct NodeRecord {
  NodeId id;
  DomainPath domain;
  NodeCapacity capacity;
  NodeState state = NodeState::Active;

  friend bool operator==(const NodeRecord&, const NodeRecord&) = default;
};

}  // namespace shardproof
