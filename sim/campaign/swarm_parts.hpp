// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/scenario/spec.hpp"

namespace shardproof::sim {
class Dice;
}

/// The parts of `make_swarm`, in the order in which they build on each other. Each draws from
/// streams of its own.
namespace shardproof::sim::swarm {

/// Duration, nodes, zones, collections, policy.
void draw_cluster(std::uint64_t seed, ScenarioSpec& spec);
/// Any policy with its triggers and limits. What is rare of it has streams of its own, which are
/// those of `entity`.
PolicySpec any_policy(Dice& dice, std::uint64_t seed, std::uint64_t entity);
/// Whether the policy moves copies off draining nodes, so that a drain ends.
bool empties_nodes(const PolicySpec& policy);
/// Who asks for what, how often.
void draw_traffic(std::uint64_t seed, ScenarioSpec& spec);
/// Timings of protocol, migrations and clients.
void draw_timings(std::uint64_t seed, ScenarioSpec& spec);
/// The parts of the protocol's timings that depend on no others, and those of migrations.
void draw_patience(Dice& dice, ProtocolSpec& protocol);
void draw_migration(Dice& dice, MigrationSpec& migration);
/// Whether every fourth scenario heals a core only, at its end. After the cluster.
void draw_healing(std::uint64_t seed, ScenarioSpec& spec);
/// Network, disks, clocks, metadata store, order of ties.
void draw_world(std::uint64_t seed, ScenarioSpec& spec);
/// Tails of delays, distances of zones and regions, and what interfaces, lines and disks carry.
/// After the world.
void draw_hardware(std::uint64_t seed, ScenarioSpec& spec);
/// A wobble of either kind and that amplitude.
ClockWobble any_wobble(Dice& dice, Nanoseconds amplitude);
/// Adds faults and operators' commands to `spec.events`.
void draw_events(std::uint64_t seed, ScenarioSpec& spec);
/// Adds faults of disks to `spec.events`, which are there.
void draw_disk_faults(std::uint64_t seed, ScenarioSpec& spec);
/// Adds trouble of messages on their way to `spec.events` of every third scenario.
void draw_path_events(std::uint64_t seed, ScenarioSpec& spec);
/// Adds faults that wait for a message to `spec.events` of every third scenario.
void draw_message_events(std::uint64_t seed, ScenarioSpec& spec);
/// Adds trouble of the metadata store to `spec.events` of every sixth scenario, and a change of the
/// office while a leader is cut off to every eighth.
void draw_store_events(std::uint64_t seed, ScenarioSpec& spec);
/// Adds a leader that comes back while its successor is on the way to the store to every tenth
/// scenario, one that goes down to every third collection that is sharded during the run, answers
/// that are lost around the order to another third, the same order again to a third, and to every
/// eighth scenario that is long enough an operator's command that is late by two terms of the
/// office. After `draw_events`.
void draw_turnovers(std::uint64_t seed, ScenarioSpec& spec);
/// Adds a node whose word is still on its way when it has gone down to every sixth scenario with a
/// crash, one that is cut off twice to every sixth with a partition, and leaders that stop late to
/// every tenth. After all else with crashes or partitions.
void draw_late_replies(std::uint64_t seed, ScenarioSpec& spec);
/// Cuts a migration's source off from its target for longer than a phase may last in every eighth
/// scenario, and for a while in the midst of a copy in every sixth with a partition.
void draw_stuck_moves(std::uint64_t seed, ScenarioSpec& spec);
/// Adds moves to `spec.events` of three in four scenarios in which something waits for a migration:
/// without them every other one would wait in vain. After whatever waits.
void draw_awaited_moves(std::uint64_t seed, ScenarioSpec& spec);
/// Adds trouble of failure domains and rolling restarts to `spec.events` of every sixth scenario.
void draw_domain_events(std::uint64_t seed, ScenarioSpec& spec);
/// Adds operators' orders of copies, limits and policy to `spec.events` of every fourth scenario.
void draw_orders(std::uint64_t seed, ScenarioSpec& spec);
/// Adds questions for a status to `spec.events` of every eighth scenario.
void draw_questions(std::uint64_t seed, ScenarioSpec& spec);
/// Adds the maintenance of two nodes, which begin within one heartbeat, to every tenth scenario.
void draw_joint_maintenance(std::uint64_t seed, ScenarioSpec& spec);
/// Of an action that makes a node slow: every other time its CPU is, too.
void draw_slow_cpu(Dice dice, Action& action);
/// Of an action that changes the network: every other time more is changed, or something else, so
/// that messages come twice, spoilt or late for a while.
void vary_network(Dice dice, Action& action);
/// Of an action that delays messages: every other time they take many times as long, mostly all on
/// the path whatever their type.
void draw_slow_path(Dice dice, Action& action);
/// Gives every fourth scenario that has none random faults.
void draw_chaos(std::uint64_t seed, ScenarioSpec& spec);
/// Lets fault points fire in every other scenario that has none: each in a quarter of those.
void draw_fault_points(std::uint64_t seed, ScenarioSpec& spec);
/// Gives every fifth scenario that has none another version of the software, and events, beside all
/// that are there, by which nodes come to run it; if its leases are much shorter, every other time
/// also a change of the office to it while a leader with a long one is cut off. Last.
void draw_versions(std::uint64_t seed, ScenarioSpec& spec);

}  // namespace shardproof::sim::swarm
