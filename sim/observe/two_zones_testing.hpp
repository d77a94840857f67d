// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/observe/observer_testing.hpp"

namespace shardproof::sim::testing {

inline NodeRecord standing(std::uint32_t id, std::uint16_t zone, std::uint16_t rack,
                           NodeState state = NodeState::Active) {
  NodeRecord record = member(id, state);
  record.domain = {0, zone, rack};
  record.capacity.disk = Bytes(1000 * (id + 1));
  return record;
}

/// Four nodes: zone 0 has n0 and n1 in racks of their own, zone 1 n2 and n3 in one. Copies: 3, 1,
/// 2, 2; leaders 3, 1, 0, 0.
struct TwoZones {
  TwoZones() {
    CollectionConfig four = orders();
    four.num_shards = 4;
    observer.on_commit({Revision(1),
                        {four, standing(0, 0, 0), standing(1, 0, 1), standing(2, 1, 0),
                         standing(3, 1, 0), shard(0, 1, 0, {0, 2}), shard(1, 1, 0, {0, 3}),
                         shard(2, 1, 1, {1, 2}), shard(3, 1, 0, {0, 3})}});
  }
  const ScopedSkew& scope(std::string_view name) const {
    for (const ScopedSkew& one : observer.scoped_skew()) {
      if (one.scope == name) return one;
    }
    static const ScopedSkew kNone;
    return kNone;
  }
  std::optional<ExactValue> value(std::string_view metric) const {
    return observer.value(metric_index(metric));
  }
  Observer observer;
};

}  // namespace shardproof::sim::testing
