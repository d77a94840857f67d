// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "core/shard_table.hpp"

namespace shardproof::sim::check {

/// The widest failure domain that `node` shares with one of `others`: 0 for none, 1 a region, 2 a
/// zone in it, 3 a rack in that. Itself and nodes that the table does not know are passed over.
/// O(others).
inline int shared_levels(const ShardTable& table, NodeId node, const NodeList& others) {
  const NodeRecord* record = table.find_node(node);
  int levels = 0;
  for (const NodeId other : others) {
    const NodeRecord* known = table.find_node(other);
    if (record == nullptr || known == nullptr || other == node) continue;
    if (known->domain.region != record->domain.region) continue;
    const bool zone = known->domain.zone == record->domain.zone;
    const bool rack = zone && known->domain.rack == record->domain.rack;
    levels = std::max(levels, 1 + (zone ? 1 : 0) + (rack ? 1 : 0));
  }
  return levels;
}

/// The first of `others` that shares so wide a domain with `node`; none if nobody does. O(others).
inline NodeId sharer(const ShardTable& table, NodeId node, const NodeList& others, int levels) {
  const auto found = std::find_if(others.begin(), others.end(), [&](NodeId other) {
    return shared_levels(table, node, {other}) >= levels;
  });
  return found == others.end() ? NodeId::none() : *found;
}

/// "region", "zone" or "rack", for 1 to 3.
inline const char* domain_name(int levels) {
  constexpr const char* kNames[] = {"region", "zone", "rack"};
  return kNames[levels - 1];
}

}  // namespace shardproof::sim::check
