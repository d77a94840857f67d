// SPDX-License-Identifier: Apache-2.0
#include "sim/check/lease_safety.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {

void LeaseSafety::on(const fact::NodeSuspected& suspected, const At& at) {
  // What another one believes has no effect.
  if (oracle_.table().coordinator().node != at.node) return;
  const NodeFacts& facts = oracle_.node(suspected.node);
  evaluated();
  const Instant told = at.true_time + oracle_.config().longest.clock_error_bound;
  if (!facts.up || told >= facts.leased_until) return;
  report(at, {ShardId::none(), {at.node, suspected.node}, {}},
         fmt::format("{}, coordinator under {}, takes {} for dead, which is up and has a lease for "
                     "another {}",
                     at.node, oracle_.table().coordinator().term, suspected.node,
                     human_duration(facts.leased_until - at.true_time)));
}

void LeaseSafety::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* office = std::get_if<CoordinatorRecord>(&record);
    if (office == nullptr) continue;
    if (!offices_.empty() && office->term <= offices_.back().term) continue;
    offices_.push_back({office->term, office->node, commit.delta.revision, at.true_time});
  }
}

void LeaseSafety::on(const fact::LeaseTaken& lease, const At& at) {
  const bool is_over = lease.asked_at + lease.duration <= at.local_time;
  if (lease.duration == Nanoseconds(0) || is_over) return;
  check_length(lease, at);
  check_office(lease, at);
}

void LeaseSafety::check_office(const fact::LeaseTaken& lease, const At& at) {
  auto next = std::lower_bound(offices_.begin(), offices_.end(), lease.term,
                               [](const Office& office, Term term) { return office.term < term; });
  if (next == offices_.end() || next->term != lease.term) return;
  const NodeId holder = next->node;
  next = std::find_if(next, offices_.end(),
                      [&](const Office& office) { return office.node != holder; });
  if (next == offices_.end()) return;
  const NodeFacts& node = oracle_.node(at.node);
  // What it asked for before it booted, by a clock that may have started anew, says nothing.
  if (node.adopted_first == Revision()) return;
  evaluated();
  const Instant asked_at = at.true_time - (at.local_time - lease.asked_at);
  // The clocks of who asked and of who granted it may both be off.
  if (asked_at > next->begun + oracle_.config().longest.clock_error_bound * 2) {
    report(at, {ShardId::none(), {at.node}, {}},
           fmt::format("{} has a lease under {} for another {} for which it asked {} after the "
                       "office had been given away, under {}",
                       at.node, lease.term,
                       human_duration(lease.asked_at + lease.duration - at.local_time),
                       human_duration(asked_at - next->begun), next->term));
  } else if (node.adopted >= next->revision) {
    report(at, {ShardId::none(), {at.node}, {}},
           fmt::format(
               "{} takes a lease under {} for another {}, and has the table of {}, by which "
               "the office has been given away, under {}",
               at.node, lease.term, human_duration(lease.asked_at + lease.duration - at.local_time),
               node.adopted, next->term));
  }
}

void LeaseSafety::check_length(const fact::LeaseTaken& lease, const At& at) {
  const Nanoseconds bound = oracle_.table().settings().lease_bound;
  if (bound == Nanoseconds(0)) return;
  evaluated();
  if (lease.duration + oracle_.config().shortest.clock_error_bound <= bound) return;
  report(at, {ShardId::none(), {at.node}, {}},
         fmt::format(
             "{} has a lease of {} under {}, and whoever takes the office next waits for {} only, "
             "clocks' error included",
             at.node, human_duration(lease.duration), lease.term, human_duration(bound)));
}

}  // namespace shardproof::sim::check
