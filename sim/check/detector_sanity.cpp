// SPDX-License-Identifier: Apache-2.0
#include "sim/check/detector_sanity.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {

Nanoseconds DetectorSanity::bound() const {
  const Timing& timing = oracle_.config().longest;
  return timing.node_lease * 4 + timing.coordinator_lease * 4;
}

DetectorSanity::Node& DetectorSanity::node(NodeId id) {
  if (id.value() >= nodes_.size()) nodes_.resize(id.value() + 1);
  return nodes_[id.value()];
}

Instant DetectorSanity::reachable_since(NodeId id) {
  return std::max({oracle_.node(id).up_since, node(id).member_since, node(id).missed_at,
                   oracle_.calm_since(), office_since_});
}

bool DetectorSanity::may_be_lost(NodeId id, const At& at) const {
  if (!oracle_.config().network_loses) return false;
  const Nanoseconds silent = at.true_time - oracle_.node(id).answered_at;
  return silent >= oracle_.config().shortest.node_lease && silent <= bound();
}

void DetectorSanity::on(const fact::OfficeTaken& office, const At& at) {
  coordinator_ = at.node;
  term_ = office.term;
  office_since_ = at.true_time;
  // Whoever is new in office has heard nobody yet.
  for (Node& one : nodes_) one.trusted = one.expelled = false;
}

void DetectorSanity::on(const fact::OfficeLeft&, const At& at) {
  if (coordinator_ == at.node) coordinator_ = NodeId::none();
}

void DetectorSanity::on(const hook::Crashed&, const At& at) {
  if (coordinator_ == at.node) coordinator_ = NodeId::none();
}

void DetectorSanity::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<NodeRecord>(&record);
    if (after == nullptr) continue;
    const NodeRecord* before = oracle_.table().find_node(after->id);
    const bool was_member = before != nullptr && before->state != NodeState::Removed;
    if (!was_member) node(after->id).member_since = at.true_time;
    if (after->state != NodeState::Removed) continue;
    node(after->id).trusted = node(after->id).expelled = false;
  }
}

void DetectorSanity::on(const fact::NodeTrusted& trusted, const At& at) {
  if (coordinator_ != at.node) return;
  node(trusted.node).trusted = true;
  node(trusted.node).expelled = false;
}

void DetectorSanity::on(const fact::NodeExpelled& expelled, const At& at) {
  if (coordinator_ == at.node) node(expelled.node).expelled = true;
}

void DetectorSanity::on(const fact::NodeSuspected& suspected, const At& at) {
  if (coordinator_ != at.node || oracle_.is_broken_for_good(at.node)) return;
  evaluated();
  node(suspected.node).trusted = false;
  const NodeRecord* record = oracle_.table().find_node(suspected.node);
  const bool is_member = record != nullptr && record->state != NodeState::Removed;
  const bool may_be_dead =
      !oracle_.node(suspected.node).up || oracle_.is_broken_for_good(suspected.node);
  if (!is_member || oracle_.faults_active() != 0 || may_be_dead) return;
  if (node(suspected.node).expelled) return;
  if (may_be_lost(suspected.node, at)) {
    node(suspected.node).missed_at = at.true_time;
    return;
  }
  const Nanoseconds reachable = at.true_time - reachable_since(suspected.node);
  if (reachable <= bound()) return;
  report(at, {ShardId::none(), {at.node, suspected.node}, {}},
         fmt::format("{} takes {} for dead, which {}", office_text(), suspected.node,
                     reachable_text(suspected.node, reachable, at)));
}

void DetectorSanity::on(const hook::Ticked&, const At& at) {
  if (oracle_.faults_active() != 0 || coordinator_.is_none()) return;
  // Another takes the office when the lease of one that is broken for good has run out.
  if (oracle_.is_broken_for_good(coordinator_)) return;
  for (const NodeRecord& record : oracle_.table().nodes()) {
    if (record.id.is_none() || record.state == NodeState::Removed) continue;
    evaluated();
    const Nanoseconds reachable = at.true_time - reachable_since(record.id);
    const bool is_well_known = node(record.id).trusted || reachable <= bound();
    if (is_well_known || !oracle_.node(record.id).up || node(record.id).expelled) continue;
    if (oracle_.is_broken_for_good(record.id)) continue;
    report(at, {ShardId::none(), {coordinator_, record.id}, {}},
           fmt::format("{} does not take {} for alive, which {}", office_text(), record.id,
                       reachable_text(record.id, reachable, at)));
  }
}

std::string DetectorSanity::office_text() const {
  const CoordinatorRecord& granted = oracle_.table().coordinator();
  return fmt::format("{}, coordinator under {} (in the table: {} under {}),", coordinator_, term_,
                     human_node(granted.node), granted.term);
}

std::string DetectorSanity::reachable_text(NodeId id, Nanoseconds reachable, const At& at) const {
  const Instant answered_at = oracle_.node(id).answered_at;
  return fmt::format("has been up for {} without a fault (the bound is {}); {}",
                     human_duration(reachable), human_duration(bound()),
                     answered_at == Instant()
                         ? "no heartbeat of it was ever answered"
                         : fmt::format("its last heartbeat that was answered is {} old",
                                       human_duration(at.true_time - answered_at)));
}

}  // namespace shardproof::sim::check
