// SPDX-License-Identifier: Apache-2.0
//
// Migrations that cannot go on although their coordinator hears everybody.
#include "sim/campaign/dice.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {

/// Source, which mostly leads, and target do not hear each other for longer than a phase may last.
void draw_stuck_moves(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "stuck moves");
  if (spec.cluster.single || !dice.one_in(8)) return;
  PartitionAction partition;
  partition.from = of_kind(SelectorKind::kMigrationSource);
  partition.to = of_kind(SelectorKind::kMigrationTarget);
  partition.one_way = dice.one_in(3);
  EventSpec cut;
  cut.condition = in_phase(dice.pick({"prepare", "copy", "sync", "sync"}));
  cut.action = partition;
  cut.lasts = spec.migration.phase_timeout * 5 / 4 + spec.protocol.lease + seconds(3);
  spec.events.push_back(std::move(cut));
}

}  // namespace shardproof::sim::swarm
