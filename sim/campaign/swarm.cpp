// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/swarm.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "sim/campaign/swarm_parts.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::sim {
namespace {

/// What comes to a cluster from outside, and who runs which software.
void draw_trouble(std::uint64_t seed, ScenarioSpec& spec) {
  swarm::draw_world(seed, spec);
  swarm::draw_hardware(seed, spec);
  swarm::draw_healing(seed, spec);
  swarm::draw_events(seed, spec);
  swarm::draw_disk_faults(seed, spec);
  swarm::draw_path_events(seed, spec);
  swarm::draw_store_events(seed, spec);
  swarm::draw_turnovers(seed, spec);
  swarm::draw_stuck_moves(seed, spec);
  swarm::draw_domain_events(seed, spec);
  swarm::draw_message_events(seed, spec);
  swarm::draw_late_replies(seed, spec);
  swarm::draw_awaited_moves(seed, spec);
  swarm::draw_orders(seed, spec);
  swarm::draw_questions(seed, spec);
  swarm::draw_joint_maintenance(seed, spec);
  swarm::draw_chaos(seed, spec);
  swarm::draw_fault_points(seed, spec);
  swarm::draw_versions(seed, spec);
}

}  // namespace

ScenarioSpec make_swarm(std::uint64_t seed) {
  ScenarioSpec spec;
  spec.name = fmt::format("swarm {}", seed);
  spec.seed = seed;
  swarm::draw_cluster(seed, spec);
  swarm::draw_traffic(seed, spec);
  swarm::draw_timings(seed, spec);
  draw_trouble(seed, spec);
  // A sample costs as much as a hundred events, and nobody reads the series of a campaign.
  spec.sample_every = std::min(spec.duration, seconds(1));
  return spec;
}

ScenarioSpec make_swarm_without(std::string_view rule, std::uint64_t seed) {
  ScenarioSpec spec = make_swarm(seed);
  spec.name = fmt::format("{}, swarm {}", rule, seed);
  switch_rules_off({std::string(rule)}, spec);
  return spec;
}

ScenarioSpec make_swarm_around(const ScenarioSpec& base, std::uint64_t seed) {
  ScenarioSpec spec = base;
  spec.name = fmt::format("{}, swarm {}", base.name, seed);
  spec.seed = seed;
  spec.expectations.clear();
  draw_trouble(seed, spec);
  return spec;
}

}  // namespace shardproof::sim
