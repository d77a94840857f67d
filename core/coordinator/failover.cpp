// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/failover.hpp"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "core/coordinator/leadership.hpp"
#include "core/coordinator/shard_changes.hpp"

namespace shardproof {
namespace {

using message::CopyOnDisk;

constexpr Nanoseconds kAnswerTime = seconds(1);

bool needs_leader(const Tenure& tenure, const ShardInfo& shard, const ShardNotes& notes) {
  if (shard.leader.is_none() || tenure.detector.is_dead(shard.leader)) return true;
  return notes.find(message::ShardEvent::Restarted, shard.leader) != nullptr;
}

NodeList live_replicas(const Tenure& tenure, const ShardInfo& shard) {
  NodeList live;
  for (const NodeId node : shard.replicas) {
    if (tenure.detector.is_alive(node)) live.push_back(node);
  }
  return live;
}

bool has_unheard_replica(const Tenure& tenure, const ShardInfo& shard) {
  return std::any_of(shard.replicas.begin(), shard.replicas.end(), [&](NodeId node) {
    return !tenure.detector.is_alive(node) && !tenure.detector.is_dead(node);
  });
}

/// Who has kept its copy although it is not in sync any more; none if nobody has.
NodeId source_in_switch(const ShardInfo& shard) {
  const bool has_switched = shard.migration && shard.migration->phase == MigrationPhase::Switch;
  return has_switched ? shard.migration->source : NodeId::none();
}

/// Everybody who is in sync has said that its copy is lost.
bool is_lost_everywhere(const ShardInfo& shard, const ShardNotes& notes) {
  return std::all_of(shard.replicas.begin(), shard.replicas.end(), [&](NodeId node) {
    const ShardNotes::Position* told = notes.position_of(node);
    return told != nullptr && told->copy == CopyOnDisk::Lost;
  });
}

void ask(const Tenure& tenure, const ShardInfo& shard, ShardNotes& notes, Step& step) {
  const Nanoseconds again = step.config.timing.resend_after;
  if (!notes.asking) {
    notes.asking = true;
    notes.asked_first = step.now;
  } else if (step.now < notes.asked_last + again) {
    return;
  }
  notes.asked_last = step.now;
  notes.wake = step.now + again;
  for (const NodeId node : holders_to_ask(shard)) {
    if (!tenure.detector.is_alive(node) || notes.position_of(node) != nullptr) continue;
    step.effects.send(Endpoint::node(node),
                      message::PositionQuery{shard.id, shard.epoch, notes.asked_first});
  }
}

/// It is known what the holder has: it has not lost it.
bool is_known(const ShardNotes::Position& position, const NodeList& live) {
  return position.copy != CopyOnDisk::Lost && contains(live, position.node);
}

/// Live holders whose position is known.
std::size_t known_copies(const NodeList& live, const ShardNotes& notes) {
  return static_cast<std::size_t>(
      std::count_if(notes.positions.begin(), notes.positions.end(),
                    [&](const auto& position) { return is_known(position, live); }));
}

bool has_enough_answers(const ShardInfo& shard, const NodeList& live, const ShardNotes& notes,
                        Step& step) {
  const bool all_answered = std::all_of(
      live.begin(), live.end(), [&](NodeId node) { return notes.position_of(node) != nullptr; });
  if (all_answered) return true;
  const bool are_enough = step.now >= notes.asked_first + kAnswerTime &&
                          known_copies(live, notes) >= copies_to_ask(shard, step);
  if (are_enough) step.effects.hit(Probe::FailoverWithoutAllAnswers);
  return are_enough;
}

const ShardNotes::Position* best_position(const Tenure& tenure, const NodeList& live,
                                          const ShardNotes& notes, const Step& step) {
  const ShardNotes::Position* best = nullptr;
  const bool by_position = step.config.rules.is_on(Rule::FresherCopyRepairs);
  const auto rank = [&](const ShardNotes::Position& position) {
    const Version last = by_position ? position.last : Version();
    return std::tuple(position.copy == CopyOnDisk::Kept, last.epoch, last.index,
                      ~tenure.copies.leads(position.node), ~position.node.value());
  };
  for (const ShardNotes::Position& position : notes.positions) {
    if (!is_known(position, live)) continue;
    if (best == nullptr || rank(position) > rank(*best)) best = &position;
  }
  return best;
}

/// Copies on dead nodes count no more; every acknowledged write is on those that stay.
void drop_dead_copies(const Tenure& tenure, ShardInfo& shard) {
  NodeList nodes = shard.replicas;
  nodes.insert(nodes.end(), shard.learners.begin(), shard.learners.end());
  for (const NodeId node : nodes) {
    if (tenure.detector.is_dead(node)) change::drop_copy(shard, node);
  }
}

/// Who has said that its copy is lost counts no more either. Else what is to hand the leadership
/// on, as before a maintenance, would give it to such a node, which would say the same again.
void drop_lost_copies(const ShardNotes& notes, ShardInfo& shard) {
  for (const ShardNotes::Position& position : notes.positions) {
    const bool is_lost = position.copy == CopyOnDisk::Lost && position.node != shard.leader;
    if (is_lost && contains(shard.replicas, position.node)) {
      change::drop_copy(shard, position.node);
    }
  }
}

std::shared_ptr<const std::vector<fact::ToldPosition>> told(const NodeList& live,
                                                            const ShardNotes& notes) {
  std::vector<fact::ToldPosition> all;
  for (const ShardNotes::Position& position : notes.positions) {
    if (is_known(position, live)) all.push_back({position.node, position.last});
  }
  return std::make_shared<const std::vector<fact::ToldPosition>>(std::move(all));
}

void appoint(const ShardInfo& shard, const NodeList& live, const ShardNotes& notes, Tenure& tenure,
             Step& step) {
  const ShardNotes::Position& chosen = *best_position(tenure, live, notes, step);
  if (shard.leader.is_none()) step.effects.hit(Probe::OfflineShardRevived);
  if (shard.leader.has_value() && !tenure.detector.is_dead(shard.leader)) {
    step.effects.hit(Probe::FailoverOfRestartedLeader);
  }
  ShardInfo after = shard;
  // The predecessor is dead or has restarted: it serves in no older epoch any more.
  change::set_leader(after, chosen.node, shard.fencing);
  if (chosen.copy == CopyOnDisk::NotBegun) {
    step.effects.hit(Probe::ShardBegunAnew);
    change::begin_anew(after);
  }
  drop_dead_copies(tenure, after);
  drop_lost_copies(notes, after);
  after = change::sealed(std::move(after), shard);
  step.effects.fact(
      fact::LeaderChosen{shard.id, after.epoch, chosen.node, chosen.last, told(live, notes)});
  tenure.proposals.propose(after, "failover", step);
}

/// Without Rule::AssignmentKeepsHolder: the living nodes that lead least, whatever they hold.
void reassign(const ShardInfo& shard, Tenure& tenure, Step& step) {
  std::vector<std::tuple<std::uint32_t, NodeId>> order;
  for (const NodeRecord& node : step.table.nodes()) {
    if (node.id.is_none() || node.state != NodeState::Active) continue;
    if (tenure.detector.is_alive(node.id))
      order.emplace_back(tenure.copies.leads(node.id), node.id);
  }
  if (order.empty()) return;
  std::sort(order.begin(), order.end());
  ShardInfo after = shard;
  after.replicas.clear();
  after.learners.clear();
  for (const auto& [leads, node] : order) {
    if (after.replicas.size() < shard.replicas.size()) after.replicas.push_back(node);
  }
  change::set_leader(after, after.replicas.front(), shard.fencing);
  tenure.proposals.propose(change::sealed(std::move(after), shard), "failover", step);
}

void take_offline(const ShardInfo& shard, Tenure& tenure, Step& step) {
  if (shard.leader.is_none() || is_perhaps_unheard_of(shard, tenure, step)) return;
  step.effects.hit(Probe::ShardTakenOffline);
  ShardInfo after = shard;
  change::take_offline(after);
  tenure.proposals.propose(change::sealed(std::move(after), shard), "offline", step);
}

/// Whoever has left the in-sync set since the Switch may have what the source lacks. As long as
/// there are as many copies in sync as are wanted, nobody has.
bool has_lost_no_holder(const ShardInfo& shard, const Step& step) {
  return shard.replicas.size() >= step.table.find_collection(shard.collection)->replication_factor;
}

/// True while there may be a way back from Switch.
bool attend_way_back(const ShardInfo& shard, Tenure& tenure, const ShardNotes& notes, Step& step) {
  const NodeId source = source_in_switch(shard);
  if (source.is_none() || !is_lost_everywhere(shard, notes)) return false;
  if (!has_lost_no_holder(shard, step)) return false;
  if (!tenure.detector.is_alive(source)) return false;
  const ShardNotes::Position* told_by_source = notes.position_of(source);
  if (told_by_source == nullptr) return true;
  if (told_by_source->copy != CopyOnDisk::Kept) return false;
  step.effects.hit(Probe::SwitchTurnedBack);
  ShardInfo after = shard;
  change::turn_back(after, shard.fencing);
  after = change::sealed(std::move(after), shard);
  step.effects.fact(fact::LeaderChosen{shard.id, after.epoch, source, told_by_source->last,
                                       told(NodeList{source}, notes)});
  tenure.proposals.propose(after, "turn back", step);
  return true;
}

/// Who has lost its copy is no reason to wait: nobody is left who may know more than those who have
/// answered.
bool has_heard_everybody(const ShardInfo& shard, const NodeList& live, const ShardNotes& notes) {
  return live.size() == shard.replicas.size() && known_copies(live, notes) > 0 &&
         std::all_of(live.begin(), live.end(),
                     [&](NodeId node) { return notes.position_of(node) != nullptr; });
}

void decide(const ShardInfo& shard, const NodeList& live, Tenure& tenure, ShardNotes& notes,
            Step& step) {
  if (known_copies(live, notes) >= copies_to_ask(shard, step) ||
      has_heard_everybody(shard, live, notes)) {
    appoint(shard, live, notes, tenure, step);
    return;
  }
  if (attend_way_back(shard, tenure, notes, step)) return;
  // Nodes are there, but without the copy (a lost disk): one that has it may still come.
  notes.forget_positions();
  notes.ask_after = step.now + kAnswerTime;
  notes.wake = notes.ask_after;
  take_offline(shard, tenure, step);
}

}  // namespace

NodeList holders_to_ask(const ShardInfo& shard) {
  NodeList holders = shard.replicas;
  if (source_in_switch(shard).has_value()) holders.push_back(source_in_switch(shard));
  return holders;
}

bool attend_failover(Tenure& tenure, const ShardInfo& shard, ShardNotes& notes, Step& step) {
  if (!needs_leader(tenure, shard, notes)) {
    // The leader was away for a moment, and goes on: what was heard meanwhile will not be so.
    notes.forget_positions();
    return false;
  }
  if (has_unheard_replica(tenure, shard)) {
    step.effects.hit(Probe::FailoverWaitsForUnheard);
    notes.wake = step.now;
    return true;
  }
  if (!step.config.rules.is_on(Rule::AssignmentKeepsHolder)) {
    reassign(shard, tenure, step);
    return true;
  }
  const NodeList live = live_replicas(tenure, shard);
  if (live.size() < copies_to_ask(shard, step)) {
    take_offline(shard, tenure, step);
    return true;
  }
  if (step.now < notes.ask_after) return true;
  ask(tenure, shard, notes, step);
  if (has_enough_answers(shard, live, notes, step)) decide(shard, live, tenure, notes, step);
  return true;
}

}  // namespace shardproof
