// SPDX-License-Identifier: Apache-2.0
//
// Answers that arrive when who gave them has forgotten everything, and whom nobody hears until it
// has gone down twice.
#include <algorithm>
#include <utility>

#include "core/messages.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

template <typename M>
std::uint32_t kind_of() {
  return static_cast<std::uint32_t>(Message(M{}).index());
}

/// Adds events from one moment on.
class Story {
 public:
  Story(Nanoseconds begin, ScenarioSpec& spec) : begin_(begin), spec_(spec) {}

  void add(Nanoseconds after, Action action, std::optional<Nanoseconds> lasts) {
    EventSpec event;
    event.time = begin_ + after;
    event.action = std::move(action);
    event.lasts = lasts;
    if (*event.time < spec_.duration) insert_by_time(std::move(event), spec_);
  }

 private:
  Nanoseconds begin_;
  ScenarioSpec& spec_;
};

/// Whether a disk may be lost besides those that are.
bool may_lose_disk(const ScenarioSpec& spec) {
  return disks_spoilt(spec) == 0 && std::all_of(spec.collections.begin(), spec.collections.end(),
                                                [](const CollectionSpec& collection) {
                                                  return collection.sharded &&
                                                         collection.replication_factor > 1;
                                                });
}

/// What a node says of its copies is held up on its way; meanwhile it goes down, every other time
/// with its disk, and is back before anybody takes it for dead. Every third time a leader goes
/// down, too, so that all are asked for their positions.
void draw_lost_word(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "lost word");
  if (!dice.one_in(6) || !has_kind<CrashAction>(spec)) return;
  EventDraw draw(dice, spec);
  Story story(draw.moment(), spec);
  const NodeSelector node = draw.numbered_node();
  DelayAction delay;
  delay.message = dice.pick({kind_of<message::AppendReply>(), kind_of<message::AppendReply>(),
                             kind_of<message::PositionReply>(), kind_of<message::CopyAck>()});
  delay.from = node;
  const Nanoseconds late = dice.span(milliseconds(50), seconds(1));
  delay.by = DelayDistribution::exponential(late, late + milliseconds(1));
  const Nanoseconds held = dice.span(milliseconds(1), milliseconds(200));
  const Nanoseconds outage = dice.span(milliseconds(1), spec.protocol.lease / 2);
  const NodeSelector leader = leader_of(draw.shard());
  if (dice.one_in(3)) story.add(Nanoseconds(0), CrashAction{leader, {}, {}}, draw.lasts());
  story.add(Nanoseconds(0), delay, held);
  const bool loses_disk = dice.coin() && may_lose_disk(spec);
  story.add(held, loses_disk ? Action(LoseDiskAction{node}) : Action(CrashAction{node, {}, {}}),
            outage);
}

/// A leader's word that it has stopped is late, and leadership goes to and fro meanwhile.
void draw_late_fence(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "late fence");
  if (!dice.one_in(10)) return;
  EventDraw draw(dice, spec);
  Story story(draw.moment(), spec);
  DelayAction delay;
  delay.message = kind_of<message::FenceReply>();
  const Nanoseconds late = dice.span(milliseconds(50), seconds(1));
  delay.by = DelayDistribution::exponential(late, late * 3 / 2);
  story.add(Nanoseconds(0), delay, late * 4);
  const ShardChoice shard = draw.shard();
  Nanoseconds after(0);
  const std::uint32_t turns = dice.between(2, 4);
  for (std::uint32_t i = 0; i < turns; ++i) {
    const Nanoseconds lasts = dice.span(milliseconds(20), seconds(1));
    story.add(after, MaintenanceAction{leader_of(shard)}, lasts);
    after += dice.span(milliseconds(20), seconds(1));
  }
}

/// Nobody hears a node, not even the metadata store; it is heard for a moment, goes down, and is
/// cut off again when it is back.
void draw_second_death(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "second death");
  if (!dice.one_in(6) || !has_kind<PartitionAction>(spec)) return;
  EventDraw draw(dice, spec);
  Story story(draw.moment(), spec);
  const NodeSelector node = dice.coin() ? leader_of(draw.shard()) : draw.numbered_node();
  const Nanoseconds lease = spec.protocol.lease;
  const auto cut = [&](Nanoseconds after, Nanoseconds lasts) {
    PartitionAction partition;
    partition.from = node;
    partition.to = NodeSelector::others();
    story.add(after, partition, lasts);
    partition.to = NodeSelector::metadata();
    if (dice.coin()) story.add(after, partition, lasts + dice.span(milliseconds(1), lease));
  };
  const Nanoseconds first = lease + dice.span(lease / 20, lease);
  cut(Nanoseconds(0), first);
  const Nanoseconds crash = first + dice.span(milliseconds(1), lease / 2);
  const Nanoseconds outage = dice.span(milliseconds(1), lease);
  const bool goes_down = dice.coin() && has_kind<CrashAction>(spec);
  if (goes_down) story.add(crash, CrashAction{node, {}, {}}, outage);
  cut(crash + outage + dice.span(milliseconds(1), lease / 2), lease + dice.span(lease / 20, lease));
}

}  // namespace

void draw_late_replies(std::uint64_t seed, ScenarioSpec& spec) {
  if (spec.cluster.single) return;
  draw_lost_word(seed, spec);
  draw_late_fence(seed, spec);
  draw_second_death(seed, spec);
}

}  // namespace shardproof::sim::swarm
