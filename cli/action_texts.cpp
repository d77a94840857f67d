// SPDX-License-Identifier: Apache-2.0
#include "cli/action_texts.hpp"

namespace shardproof::cli {
namespace {

using enum ActionText::Kind;

constexpr ActionText kTexts[] = {
    {kOperation, "join", "new empty nodes become members", R"(join = { nodes = 1 })"},
    {kOperation, "drain", "every copy moves off the nodes, then they leave the cluster",
     R"(drain = { node = 1 })"},
    {kOperation, "maintenance", "leaders leave the nodes, nothing is moved, until the end of it",
     R"(maintenance = { node = 1 }
lasts = "5s")"},
    {kOperation, "remove",
     "empty or dead nodes leave the cluster; others are to be drained, or go by force",
     R"(remove = { node = 1, force = true })"},
    {kOperation, "enable_sharding", "a collection that began on one node is spread over shards",
     R"(enable_sharding = { collection = "shop.orders" })"},
    {kOperation, "rebalance", "a plan for everything, now", R"(rebalance = {})"},
    {kOperation, "move", "one copy of a shard goes from a node to another",
     R"(move = { collection = "shop.orders", shard = 3, from = 0, to = 1 })"},
    {kOperation, "abort", "the migration of a shard is called off, if it has not switched",
     R"(abort = { collection = "shop.orders", shard = 3 })"},
    {kOperation, "balancing", "moves for evenness stop, or begin again",
     R"(balancing = { enabled = false })"},
    {kOperation, "replication", "the shards of a collection are to have more copies, or fewer",
     R"(replication = { collection = "shop.orders", replication_factor = 3 })"},
    {kOperation, "limits", "other limits of moves than the policy's, for what begins from then on",
     R"(limits = { moves_per_node = 1 })"},
    {kOperation, "policy", "another rebalance policy makes the plans from then on",
     R"(policy = { rebalance = "upmap" })"},
    {kOperation, "status", "the cluster, its migrations or a shard, described in events.jsonl",
     R"(status = { of = "shard", collection = "shop.orders", shard = 3 })"},
    {kFault, "crash", "processes stop at once; disks keep, lose or spoil what was not synced",
     R"(crash = { node = "coordinator" }
restart_after = "3s")"},
    {kFault, "restart",
     "nodes that are down boot, nodes that run stop cleanly and boot; maybe with another version",
     R"(restart = { node = 1 })"},
    {kOperation, "rolling_restart",
     "nodes are restarted one by one, each in maintenance meanwhile; maybe with another version",
     R"(rolling_restart = { node = "all" }
lasts = "8s")"},
    {kFault, "pause", "processes stand still while time goes on", R"(pause = { node = 1 }
lasts = "2s")"},
    {kFault, "gray", "processes answer heartbeats and keep their leases, and do nothing else",
     R"(gray = { node = 1 }
lasts = "2s")"},
    {kFault, "partition", "messages between two groups are lost, both ways or one way",
     R"(partition = { from = 1, to = "others" }
lasts = "2s")"},
    {kFault, "clog", "messages on a path wait, and all arrive when it ends, in another order",
     R"(clog = { node = 1 }
lasts = "2s")"},
    {kFault, "swizzle", "nodes are clogged one by one and released in another order",
     R"(swizzle = { node = "half" }
lasts = "4s")"},
    {kFault, "drop", "messages on a path are lost, all or those of one type",
     R"(drop = { message = "AppendEntries", chance = "50%" }
lasts = "2s")"},
    {kFault, "delay", "messages on a path take longer, all or those of one type",
     R"(delay = { message = "TableUpdate", by = "500ms" }
lasts = "2s")"},
    {kFault, "slow", "disk, network or CPU of the nodes take so many times longer",
     R"(slow = { node = 1, disk = "10x" }
lasts = "2s")"},
    {kFault, "disk_full", "other data fills the nodes' disks", R"(disk_full = { node = 1 }
lasts = "2s")"},
    {kFault, "disk_errors", "disk operations fail, or may have; pieces of copies change silently",
     R"(disk_errors = { node = 1, failed = "1%", unknown = "1%" }
lasts = "2s")"},
    {kFault, "stall", "disk operations of the nodes do not end before the fault does",
     R"(stall = { node = 1 }
lasts = "2s")"},
    {kFault, "lose_disk", "processes stop at once and boot later with empty disks",
     R"(lose_disk = { node = 1 }
restart_after = "3s")"},
    {kFault, "swap_disks", "two processes stop at once and boot later each with the other's disk",
     R"(swap_disks = { node = 1, with = 2 }
restart_after = "3s")"},
    {kFault, "corrupt", "bits flip on the nodes' disks; the next boot finds it",
     R"(corrupt = { node = 1, sectors = 2 })"},
    {kFault, "network", "other latency, loss, duplication or corruption for the whole network",
     R"(network = { loss = "5%" }
lasts = "2s")"},
    {kFault, "metadata",
     "the metadata store is slow, loses answers, tells of changes late or is down",
     R"(metadata = { outage = true }
lasts = "2s")"},
    {kFault, "clock", "the nodes' clocks jump, or run at another speed",
     R"(clock = { node = 1, step = "50ms" })"},
    {kFault, "expire_session", "the metadata store ends sessions of nodes that live",
     R"(expire_session = { node = "coordinator" })"},
};

}  // namespace

std::span<const ActionText> action_texts() { return kTexts; }

}  // namespace shardproof::cli
