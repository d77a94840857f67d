// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/move_tally.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/humanise.hpp"
#include "sim/observe/grown.hpp"

namespace shardproof::sim {

std::string circles_warning(std::uint64_t bounces, std::uint64_t completed) {
  // Half of the moves come back where nodes are drained and return.
  constexpr std::uint64_t kCompletedMin = 8;
  if (completed < kCompletedMin || bounces <= completed / 2) return {};
  return fmt::format(
      "{} of {} migrations brought a shard back to where it had been shortly before: the policy "
      "moves copies in circles",
      human_count(bounces), human_count(completed));
}

MoveTally::Node& MoveTally::node(NodeId id) { return grown(nodes_, id.value()); }

MoveTally::Shard& MoveTally::shard(ShardId id) { return grown(shards_, id.value()); }

void MoveTally::begin(const Migration& migration, Instant now) {
  begins_.push_back(now);
  ++by_reason_[static_cast<std::size_t>(migration.reason)];
  for (const NodeId id : {migration.source, migration.target}) {
    concurrent_max_ = std::max(concurrent_max_, ++node(id).active);
  }
}

void MoveTally::complete(ShardId id, const Migration& migration, Instant now) {
  Shard& moved = shard(id);
  ++moved.completed;
  const auto stay_of = [&](NodeId node) {
    return std::find_if(moved.left.begin(), moved.left.end(),
                        [node](const auto& stay) { return stay.first == node; });
  };
  const auto returned = stay_of(migration.target);
  if (returned != moved.left.end() && now - returned->second <= kBounceWindow) ++bounces_;
  const auto leaves = stay_of(migration.source);
  if (leaves == moved.left.end()) {
    moved.left.emplace_back(migration.source, now);
  } else {
    leaves->second = now;
  }
  ++flows_[{migration.source, migration.target}];
  --node(migration.source).net;
  ++node(migration.target).net;
}

void MoveTally::on_step(const MigrationStep& step, Instant now) {
  using StepKind = MigrationStep::Kind;
  const Migration& migration = step.entry.migration;
  if (step.kind == StepKind::kBegan) begin(migration, now);
  if (step.kind == StepKind::kCompleted) complete(step.entry.shard, migration, now);
  if (step.kind != StepKind::kCompleted && step.kind != StepKind::kAborted) return;
  for (const NodeId id : {migration.source, migration.target}) --node(id).active;
  last_end_ = now;
}

void MoveTally::on_interval() {
  for (Node& node : nodes_) {
    if (node.net == 0) continue;
    const bool is_rising = node.net > 0;
    if (node.has_flowed && node.is_rising != is_rising) ++oscillation_;
    node.has_flowed = true;
    node.is_rising = is_rising;
    node.net = 0;
  }
}

std::optional<MoveTally::PerShard> MoveTally::per_shard(std::uint64_t shards) const {
  std::vector<std::uint64_t> counts;
  UInt128 sum = 0;
  for (const Shard& shard : shards_) {
    if (shard.completed == 0) continue;
    counts.push_back(shard.completed);
    sum += shard.completed;
  }
  const std::uint64_t n = std::max<std::uint64_t>(shards, counts.size());
  if (n == 0) return std::nullopt;
  std::sort(counts.begin(), counts.end());
  // The others did not move: rank ceil(0.99 n) of all, counted from the largest.
  const std::uint64_t above = n - (n * 99 + 99) / 100;
  PerShard figures{ExactValue::fraction(sum, n), 0, 0};
  if (!counts.empty()) figures.max = counts.back();
  if (above < counts.size()) figures.p99 = counts[counts.size() - 1 - above];
  return figures;
}

std::uint64_t MoveTally::begun_in_last_quarter(Instant now) const {
  const Instant quarter = now - now.since_start() / 4;
  const auto first = std::lower_bound(begins_.begin(), begins_.end(), quarter);
  return static_cast<std::uint64_t>(begins_.end() - first);
}

std::optional<peers::TransferCounter> MoveTally::transfers() const {
  peers::TransferFlows flows(nodes_.size(), std::vector<std::uint64_t>(nodes_.size()));
  for (const auto& [edge, count] : flows_) {
    flows[edge.first.value()][edge.second.value()] = count;
  }
  return peers::count_transfers(std::move(flows));
}

}  // namespace shardproof::sim
