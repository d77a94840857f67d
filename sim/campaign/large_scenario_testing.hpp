// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/scenario_testing.hpp"

namespace shardproof::sim::campaign {

/// Six nodes in two zones, two collections, two traffics, ten events and settings of all kinds.
inline ScenarioSpec large_scenario() {
  return scenario_of(R"toml(
schema = 1
name = "large"
about = "everything"
seed = 42
duration = "40s"
tie = "random"
[cluster]
nodes = 6
zones = ["a", "b"]
[[collection]]
database = "shop"
name = "orders"
shards = 8
replication_factor = 3
documents = { count = 400, size = "lognormal(500B, 2KB)" }
[[collection]]
database = "shop"
name = "carts"
shards = 4
replication_factor = 2
[policy]
rebalance = "none"
limits = { moves_per_node = 5, windows = ["1s-40s"] }
[[traffic]]
collection = "shop.orders"
rate = "300/s"
clients = 40
mix = { read = 0.4, replace = 0.3, insert = 0.3 }
keys = "zipf(0.99)"
[[traffic]]
collection = "shop.carts"
rate = "burst(10/s, 100/s, 10s, 1s)"
start = "5s"
[network]
loss = "2%"
[[network.link]]
zone = "a"
other_zone = "b"
latency = "5ms"
[clock]
drift = "200ppm"
[client]
attempts = 3
[[at]]
time = "3s"
join = { nodes = 2, zone = "b" }
[[at]]
time = "5s"
crash = { node = [1, 5], stagger = "10ms" }
restart_after = "1s"
[[at]]
time = "7s"
pause = { node = 2 }
lasts = "1s"
[[at]]
time = "9.123s"
crash = { node = { leader = "shop.orders", shard = 7 } }
restart_after = "1s"
[[at]]
time = "11s"
partition = { from = 3, to = "others" }
lasts = "1s"
[[at]]
time = "13s"
crash = { zone = "b" }
restart_after = "2s"
[[at]]
time = "15s"
drain = { node = "newest" }
[[at]]
time = "17s"
move = { collection = "shop.carts", shard = 3, from = { leader = "shop.carts", shard = 3 }, to = 4 }
[[when]]
condition = 'migration.phase == "copy"'
crash = { node = "migration.source" }
restart_after = "300ms"
times = 2
[[when]]
condition = 'time >= 30s'
pause = { node = 0 }
lasts = "1s"
[[expect]]
metric = "shards.offline"
equals = 0
[[expect]]
metric = "nodes.alive"
min = 5
after = "39s"
)toml");
}

}  // namespace shardproof::sim::campaign
