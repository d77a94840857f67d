// SPDX-License-Identifier: Apache-2.0
//
// Migrations that cannot go on although their coordinator hears everybody.
#include "sim/campaign/dice.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

PartitionAction between_source_and_target(bool one_way) {
  PartitionAction partition;
  partition.from = of_kind(SelectorKind::kMigrationSource);
  partition.to = of_kind(SelectorKind::kMigrationTarget);
  partition.one_way = one_way;
  return partition;
}

/// Source, which mostly leads, and target do not hear each other for longer than a phase may last.
void draw_long_cut(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "stuck moves");
  if (!dice.one_in(8)) return;
  const PartitionAction partition = between_source_and_target(dice.one_in(3));
  EventSpec cut;
  cut.condition = in_phase(dice.pick({"prepare", "copy", "sync", "sync"}));
  cut.action = partition;
  cut.lasts = spec.migration.phase_timeout * 5 / 4 + spec.protocol.lease + seconds(3);
  spec.events.push_back(std::move(cut));
}

/// They do not hear each other for a while when some pieces of the copy, or their answers, are
/// under way.
void draw_cut_copy(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "cut copy");
  if (!dice.one_in(6) || !has_kind<PartitionAction>(spec)) return;
  EventSpec cut;
  cut.action = between_source_and_target(dice.one_in(3));
  cut.condition = in_phase("copy");
  MessageTrigger piece;
  piece.type = message_kind<message::CopyChunk>();
  piece.count = dice.between(2, 5);
  cut.message = piece;
  cut.times = dice.between(1, 3);
  cut.lasts = dice.span(milliseconds(10), seconds(2));
  spec.events.push_back(std::move(cut));
}

}  // namespace

void draw_stuck_moves(std::uint64_t seed, ScenarioSpec& spec) {
  if (spec.cluster.single) return;
  draw_long_cut(seed, spec);
  draw_cut_copy(seed, spec);
}

}  // namespace shardproof::sim::swarm
