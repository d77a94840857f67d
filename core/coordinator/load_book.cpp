// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/load_book.hpp"

#include <algorithm>

namespace shardproof {
namespace {

std::uint64_t per_second(std::uint64_t count, Nanoseconds interval) {
  if (interval.count() <= 0) return count;
  return Ratio(1'000'000'000, static_cast<std::uint64_t>(interval.count())).of(count);
}

/// So many reports of nothing, one after the other, mean that there is nothing.
constexpr std::uint32_t kIdleReports = 2;

void count_idle(std::uint32_t& reports, std::uint64_t rate) {
  reports = rate == 0 ? std::min(reports + 1, kIdleReports) : 0;
}

/// A report of an interval in which the node began or ceased to lead tells the rate of neither. But
/// what is remembered of a role ends with the traffic, also if the node has had that role for no
/// whole interval since: else it would stand for ever where two nodes lead in turn.
void note_inputs(LoadBook::ShardLoad& shard, NodeId node, bool leads, std::uint64_t rate) {
  auto copy = std::find_if(shard.copies.begin(), shard.copies.end(),
                           [&](const LoadBook::CopyLoad& known) { return known.node == node; });
  if (copy == shard.copies.end()) copy = shard.copies.insert(copy, {node, leads, 0, 0});
  const bool is_mixed = copy->leads != leads;
  copy->leads = leads;
  if (!is_mixed) (leads ? shard.leader_inputs : copy->follower_inputs) = rate;
  count_idle(copy->idle_reports, rate);
  if (leads) count_idle(shard.idle_leader_reports, rate);
  if (copy->idle_reports == kIdleReports) copy->follower_inputs = 0;
  if (shard.idle_leader_reports == kIdleReports) shard.leader_inputs = 0;
}

}  // namespace

bool LoadBook::is_overtaken(NodeId from, Instant asked_at, const message::NodeReport& report,
                            Instant now) const {
  if (!node(from).is_known) return false;
  const LastReport& last = last_[from.value()];
  return asked_at < last.asked_at && now < last.heard_at + report.interval * 2;
}

void LoadBook::on_report(NodeId from, Instant asked_at, const message::NodeReport& report,
                         Instant now) {
  if (is_overtaken(from, asked_at, report, now)) return;
  if (from.value() >= nodes_.size()) {
    nodes_.resize(from.value() + 1);
    last_.resize(from.value() + 1);
  }
  last_[from.value()] = {asked_at, now};
  NodeLoad& node = nodes_[from.value()];
  node = {report.disk_used, report.disk_capacity, 0, true};
  for (const message::ShardLoad& load : report.shards) {
    if (load.shard.value() >= shards_.size()) shards_.resize(load.shard.value() + 1);
    ShardLoad& shard = shards_[load.shard.value()];
    const std::uint64_t rate = per_second(load.requests, report.interval);
    node.requests_per_second += rate;
    note_inputs(shard, from, load.is_leader, per_second(load.inputs, report.interval));
    if (load.is_leader) {
      shard.bytes = load.bytes;
      shard.documents = load.documents;
      shard.requests_per_second = rate;
      shard.is_of_leader = true;
    } else if (load.bytes > shard.bytes && !shard.is_of_leader) {
      shard.bytes = load.bytes;
      shard.documents = load.documents;
    }
  }
}

const LoadBook::ShardLoad& LoadBook::shard(ShardId id) const {
  static const ShardLoad kUnknown{};
  return id.value() < shards_.size() ? shards_[id.value()] : kUnknown;
}

const LoadBook::NodeLoad& LoadBook::node(NodeId id) const {
  static const NodeLoad kUnknown{};
  return id.value() < nodes_.size() ? nodes_[id.value()] : kUnknown;
}

}  // namespace shardproof
