// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/fault_budget.hpp"

#include <algorithm>

#include "sim/check/recoverability.hpp"

namespace shardproof::sim {
namespace {

/// How many copies hold, between them, every acknowledged write.
std::size_t copies_needed(const ShardInfo& shard, const ShardTable& table) {
  const CollectionConfig* collection = table.find_collection(shard.collection);
  return collection == nullptr ? 1 : check::copies_needed(shard, *collection);
}

/// Copies that an operator does not want any more may be given up at any moment.
std::size_t surplus_of(const ShardInfo& shard, const ShardTable& table) {
  const CollectionConfig* collection = table.find_collection(shard.collection);
  if (collection == nullptr || !has_surplus(shard, *collection)) return 0;
  return shard.replicas.size() - collection->replication_factor;
}

Nanoseconds magnitude(Nanoseconds step) { return std::max(step, Nanoseconds(0) - step); }

/// Half of what drift and wobble leave of the clock error that the protocol allows for, in every
/// version.
Nanoseconds clock_allowance(const ScenarioSpec& spec) {
  const Ratio drift(static_cast<std::uint64_t>(spec.clock.drift_ppb) * 2, 1'000'000'000);
  Nanoseconds least = Nanoseconds::max();
  for (const VersionSpec& version : spec.all_versions()) {
    const Nanoseconds own = drift.of(version.protocol.lease) + wobble_gain(spec.clock.wobble);
    least = std::min(least, version.protocol.clock_error - own);
  }
  return std::max(least, Nanoseconds(0)) / 2;
}

/// Two leases, of whichever version.
Nanoseconds clock_window(const ScenarioSpec& spec) {
  Nanoseconds longest;
  for (const VersionSpec& version : spec.all_versions()) {
    longest = std::max(longest, version.protocol.lease);
  }
  return longest * 2;
}

}  // namespace

FaultBudget::FaultBudget(const ScenarioSpec& spec, const check::AuditView& view,
                         InService in_service, IsWhole is_whole)
    : kind_(spec.chaos.budget),
      clock_allowance_(clock_allowance(spec)),
      clock_window_(clock_window(spec)),
      view_(view),
      in_service_(std::move(in_service)),
      is_whole_(std::move(is_whole)) {}

FaultBudget::Permission FaultBudget::may_stop(const std::vector<NodeId>& nodes, Instant now) const {
  return leaves_enough(nodes, now);
}

FaultBudget::Permission FaultBudget::may_destroy_disks(const std::vector<NodeId>& nodes,
                                                       Instant now) const {
  return leaves_enough(nodes, now);
}

FaultBudget::Permission FaultBudget::may_shift_clock(Nanoseconds by, Instant now) const {
  if (kind_ == ChaosBudget::kUnlimited) return {};
  Nanoseconds total = magnitude(by);
  for (const auto& [until, other] : shifts_) {
    if (now - until <= clock_window_) total += other;
  }
  if (total <= clock_allowance_) return {};
  return {fmt::format("clocks would shift by {} within two leases, more than the {} that are safe",
                      total, clock_allowance_)};
}

FaultBudget::Permission FaultBudget::leaves_enough(const std::vector<NodeId>& nodes,
                                                   Instant now) const {
  if (kind_ == ChaosBudget::kUnlimited) return {};
  const auto is_struck = [&](NodeId node) {
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
  };
  for (const ShardInfo& shard : view_.committed().shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    if (std::none_of(shard.replicas.begin(), shard.replicas.end(), is_struck)) continue;
    const auto left = static_cast<std::size_t>(
        std::count_if(shard.replicas.begin(), shard.replicas.end(),
                      [&](NodeId node) { return !is_struck(node) && is_good(shard, node, now); }));
    const std::size_t needed =
        copies_needed(shard, view_.committed()) + surplus_of(shard, view_.committed());
    if (left >= needed) continue;
    return {fmt::format("{} would have {} of the {} good copies in service that it needs", shard.id,
                        left, needed)};
  }
  return {};
}

bool FaultBudget::is_good(const ShardInfo& shard, NodeId node, Instant now) const {
  if (!in_service_(node) || !is_whole_(node, shard.id)) return false;
  const auto held = held_until_.find(node);
  return held == held_until_.end() || held->second <= now;
}

void FaultBudget::on_stopped(const std::vector<NodeId>& nodes, Instant until) {
  for (const NodeId node : nodes) {
    Instant& held = held_until_[node];
    held = std::max(held, until);
  }
}

void FaultBudget::on_clock_shifted(Nanoseconds by, Instant now, Instant until) {
  std::erase_if(shifts_, [&](const auto& one) { return now - one.first > clock_window_; });
  shifts_.emplace_back(until, magnitude(by));
}

}  // namespace shardproof::sim
