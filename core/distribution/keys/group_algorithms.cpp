// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/copysets.hpp"
#include "core/distribution/keys/families.hpp"
#include "core/distribution/keys/shuffle.hpp"
#include "core/distribution/keys/tiered.hpp"

namespace shardproof::distribution {
namespace {

const PolicyOption kGroupCopies{"copies", "nodes of a group", {3, 1}, 2, 100};
const PolicyOption kGroupScatter{"scatter", "nodes that share data with one", {10, 1}, 1, 10'000};

}  // namespace

std::vector<KeyAlgorithm> group_algorithms() {
  return {
      {.name = "copysets",
       .about = "jump for the first copy; the others on one of few groups of nodes",
       .lookup = "O(ln n)",
       .memory = "8 bytes a node and permutation, 4 a node",
       .options = {kGroupCopies, kGroupScatter},
       .build = built<CopysetsMap>},
      {.name = "tiered",
       .about = "jump over primary nodes; the others on one of few groups, one in a backup tier",
       .lookup = "O(ln n)",
       .memory = "8 bytes a node of a group, 4 a node",
       .options = {kGroupCopies,
                   kGroupScatter,
                   {"backup_every", "of so many nodes the last is a backup", {3, 1}, 2, 1000}},
       .build = built<TieredMap>},
      {.name = "shuffle",
       .about = "shuffle sharding: each tenant's keys on few nodes of its own",
       .lookup = "O(1)",
       .memory = "4 bytes a tenant and node of its shard",
       .options = {{"tenants", "that keys belong to", {1000, 1}, 1, 10'000'000},
                   {"shard", "nodes of a tenant", {4, 1}, 1, 1000}},
       .build = built<ShuffleMap>},
  };
}

}  // namespace shardproof::distribution
