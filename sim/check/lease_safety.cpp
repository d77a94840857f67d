// SPDX-License-Identifier: Apache-2.0
#include "sim/check/lease_safety.hpp"

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

void LeaseSafety::on(const fact::LeaseTaken& lease, const At& at) {
  const bool is_over = lease.asked_at + lease.duration <= at.local_time;
  const Nanoseconds bound = oracle_.table().settings().lease_bound;
  if (lease.duration == Nanoseconds(0) || is_over || bound == Nanoseconds(0)) return;
  evaluated();
  if (lease.duration + oracle_.config().shortest.clock_error_bound <= bound) return;
  report(at, {ShardId::none(), {at.node}, {}},
         fmt::format(
             "{} has a lease of {} under {}, and whoever takes the office next waits for {} only, "
             "clocks' error included",
             at.node, human_duration(lease.duration), lease.term, human_duration(bound)));
}

}  // namespace shardproof::sim::check
