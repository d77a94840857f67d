// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/starter.hpp"

namespace shardproof::sim {

std::string_view starter_scenario() {
  return R"TOML(# A scenario: a cluster, its data, its traffic, what goes wrong, and what is expected of it.
#
#   shardproof check my_scenario.toml     is it well-formed, and does it make sense?
#   shardproof run my_scenario.toml       run it and print the verdict
#
# Every key is described in docs/scenario.md. What you leave out has a default.

schema   = 1
name     = "my scenario"
about    = "A node joins while another one crashes; no acknowledged write may be lost."
seed     = 42        # the same seed gives the same run, bit by bit; --seed overrides it
duration = "30s"     # simulated time

[cluster]
nodes = 4            # numbered from 0
zones = ["a", "b"]   # nodes take turns: 0 and 2 in a, 1 and 3 in b

[[collection]]
database = "shop"
name     = "orders"
shards   = 16
replication_factor = 2
shard_key = ["customer"]
documents = { count = 2000, size = "lognormal(500B, 2KB)" }   # half are smaller than 500 bytes,
                                                              # 1 % larger than 2 KB
[policy]
placement = "rendezvous"
rebalance = "upmap"      # shardproof list policies
period    = "5s"         # plan so often, also when the coordinator of the last plan is gone
limits    = { moves_per_node = 2, bandwidth = "50MB/s" }

[[traffic]]
rate    = "200/s"
clients = 16
mix     = { read = 0.6, replace = 0.3, insert = 0.1 }
keys    = "zipf(0.99)"

[network]
latency = "exponential(100us, 300us)"   # at least 100 us, 300 us on average
loss    = "0.1%"

# What happens at a given time ...
[[at]]
time = "5s"
join = { nodes = 1, zone = "b" }

# ... and what happens when something is the case.
[[when]]
condition = "migrations.active >= 1"
crash = { node = "coordinator" }
restart_after = "3s"

# Safety is always checked. An expectation adds what this experiment claims.
[[expect]]
metric  = "migrations.completed"
min     = 1
because = "the new node must get its share"

[[expect]]
metric  = "skew.shards.max_over_mean"
max     = 1.5
after   = "25s"
because = "copies must be spread evenly once the dust has settled"

[[expect]]
metric = "shards.offline"
equals = 0
)TOML";
}

}  // namespace shardproof::sim
