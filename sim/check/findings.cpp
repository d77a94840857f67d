// SPDX-License-Identifier: Apache-2.0
#include "sim/check/findings.hpp"

namespace shardproof::sim::check {

void Findings::report(const InvariantInfo& invariant, const At& at, const Subject& subject,
                      std::string detail) {
  ++total_;
  ++counts_[invariant.number];
  if (kept_.size() >= kept_max_) return;
  ViolationRecord& record = kept_.emplace_back();
  record.invariant = invariant.number;
  record.name = invariant.name;
  record.message = fmt::format("{} ({})", detail, invariant.statement);
  record.time = at.true_time;
  record.event = at.event;
  record.shard = subject.shard;
  record.nodes.assign(subject.nodes.begin(), subject.nodes.end());
  record.epochs.assign(subject.epochs.begin(), subject.epochs.end());
  record.last_events = recent_.last(subject.shard, record.nodes, kLastEvents);
  count_from(origin_, record);
}

void Findings::begin_scenario(Instant origin) {
  for (ViolationRecord& record : kept_) count_from(origin, record);
  origin_ = origin;
}

void Findings::count_from(Instant origin, ViolationRecord& record) {
  record.time = record.time - origin.since_start();
  for (PastEvent& event : record.last_events) event.time = event.time - origin.since_start();
}

}  // namespace shardproof::sim::check
