// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/flow_state.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/check.hpp"
#include "core/base/stable_hash.hpp"
#include "core/distribution/balanced_counts.hpp"
#include "core/distribution/bounds.hpp"
#include "core/distribution/optimum/even_bytes.hpp"
#include "core/distribution/placement/placement.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::array kFlowLevels{DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack};

/// More than two nodes can differ in unevenness by one copy: no copy is worth leaving on a node
/// that is to be empty.
constexpr std::int64_t kMustLeave = std::int64_t{1} << 33;

std::uint32_t count_in(std::span<const std::uint32_t> places,
                       const std::vector<std::uint64_t>& domains, std::uint64_t key) {
  std::uint32_t count = 0;
  for (const std::uint32_t node : places) count += domains[node] == key;
  return count;
}

}  // namespace

FlowState::FlowState(const ClusterView& view, const MinimumFlowRequest& request)
    : view_(view),
      request_(request),
      floors_(view.nodes.size()),
      ceilings_(view.nodes.size()),
      counts_(view.nodes.size()),
      bytes_(view.nodes.size()),
      shares_(shares_of_bytes(view)),
      incoming_(incoming_bytes(view)),
      candidates_(view.nodes.size()),
      arrived_(view.nodes.size()) {
  SHARDPROOF_CHECK(!request.even_bytes || request.cost == MoveCost::Copies);
  for (const NodeView& node : view.nodes) {
    receives_.push_back(takes_copies(node));
    must_empty_.push_back(node.state == NodeState::Draining && node.alive);
    for (std::size_t level = 0; level < kFlowLevels.size(); ++level) {
      domains_[level].push_back(domain_key(node.domain, kFlowLevels[level]));
    }
  }
  count_open_domains();
  set_targets(members_after_changes(view));
  for (const ShardView& shard : view.shards) add_copies(shard);
  first_copies_.push_back(static_cast<std::uint32_t>(places_.size()));
  counts_at_first_ = counts_;
  positions_.resize(places_.size());
  moved_positions_.resize(places_.size());
  for (std::uint32_t node = 0; node < node_count(); ++node) {
    if (request.even_bytes) {
      sort_candidates_by_share(node);
    } else {
      sort_candidates(node);
    }
  }
}

void FlowState::sort_candidates(std::uint32_t node) {
  auto& copies = candidates_[node];
  std::vector<std::tuple<FlowCost, std::uint64_t, std::uint32_t>> keys;
  keys.reserve(copies.size());
  for (const std::uint32_t copy : copies) {
    keys.emplace_back(cost_of_moving(copy), mix64(view_.shards[shards_[copy]].id.value()), copy);
  }
  std::sort(keys.begin(), keys.end());
  for (std::size_t i = 0; i < keys.size(); ++i) copies[i] = std::get<2>(keys[i]);
}

void FlowState::sort_candidates_by_share(std::uint32_t node) {
  std::vector<SizedCandidate> sized;
  for (const std::uint32_t copy : candidates_[node]) {
    const ShardView& shard = view_.shards[shards_[copy]];
    sized.push_back({shard.bytes.count(), mix64(shard.id.value()), copy});
  }
  const std::uint64_t excess = counts_[node] - std::min(counts_[node], floors_[node]);
  const auto over = static_cast<std::uint64_t>(std::max<std::int64_t>(bytes_over_share(node), 0));
  candidates_[node] = order_to_give(std::move(sized), excess, over);
}

void FlowState::count_open_domains() {
  for (std::size_t level = 0; level < kFlowLevels.size(); ++level) {
    Domains& open = open_domains_[level];
    for (std::uint32_t node = 0; node < node_count(); ++node) {
      if (receives_[node]) open.push_back(domains_[level][node]);
    }
    std::sort(open.begin(), open.end());
    open.erase(std::unique(open.begin(), open.end()), open.end());
  }
}

void FlowState::set_targets(const std::vector<bool>& members) {
  if (std::find(members.begin(), members.end(), true) == members.end()) return;
  for (const CountPool& pool : balanced_counts(view_, members)) {
    for (const CountTarget& target : pool.targets) {
      floors_[target.node.value()] = target.floor;
      ceilings_[target.node.value()] = target.floor + target.may_round_up;
    }
  }
}

void FlowState::add_copies(const ShardView& shard) {
  const auto index = static_cast<std::uint32_t>(first_copies_.size());
  const bool free = is_movable(shard) && shard.learners.empty();
  const bool whole = free && living_copies(view_, shard) >= shard.replication_factor;
  first_copies_.push_back(static_cast<std::uint32_t>(places_.size()));
  for (const NodeId node : planned_copies(shard)) {
    const auto copy = static_cast<std::uint32_t>(places_.size());
    shards_.push_back(index);
    origins_.push_back(node.value());
    places_.push_back(node.value());
    ++counts_[node.value()];
    bytes_[node.value()] += shard.bytes.count();
    may_leave_.push_back(must_empty_[node.value()] ? free
                                                   : whole && takes_copies(view_.node(node)));
    if (may_leave_.back()) candidates_[node.value()].push_back(copy);
  }
}

std::span<const std::uint32_t> FlowState::places_of(std::uint32_t shard) const {
  return {places_.data() + first_copies_[shard], places_.data() + first_copies_[shard + 1]};
}

std::span<const std::uint32_t> FlowState::origins_of(std::uint32_t shard) const {
  return {origins_.data() + first_copies_[shard], origins_.data() + first_copies_[shard + 1]};
}

std::int64_t FlowState::marginal_unevenness(std::uint32_t node, std::uint64_t unit) const {
  if (must_empty_[node]) return kMustLeave;
  const auto at = static_cast<std::int64_t>(unit);
  const auto floor = static_cast<std::int64_t>(floors_[node]);
  const auto ceiling = static_cast<std::int64_t>(ceilings_[node]);
  return at <= floor ? at - floor - 1 : at - ceiling;
}

FlowCost FlowState::cost_of_moving(std::uint32_t copy) const {
  if (request_.cost == MoveCost::Copies) return {0, 1, 0};
  return {0, static_cast<std::int64_t>(view_.shards[shards_[copy]].bytes.count()), 1};
}

bool FlowState::is_on_target() const {
  for (std::uint32_t node = 0; node < node_count(); ++node) {
    if (counts_[node] < floors_[node] || counts_[node] > ceilings_[node]) return false;
  }
  return true;
}

bool FlowState::has_room_for(std::uint32_t copy, std::uint32_t node) const {
  const Bytes arriving = incoming_[node] + view_.shards[shards_[copy]].bytes;
  return has_space(view_.nodes[node], arriving, request_.disk_watermark);
}

bool FlowState::crosses_legally(std::uint32_t shard, std::size_t level, std::uint32_t from,
                                std::uint32_t to) const {
  const Domains& domains = domains_[level];
  const auto copies = places_of(shard);
  const std::size_t in_use = open_domains_[level].size();
  const std::uint32_t there = count_in(copies, domains, domains[to]);
  const std::size_t most = copies.size() <= in_use ? 1 : copies.size() - in_use + 1;
  if (there + 1 > most && there + 1 > count_in(origins_of(shard), domains, domains[to])) {
    return false;
  }
  if (copies.size() <= in_use || count_in(copies, domains, domains[from]) > 1) return true;
  return !keeps_one(shard, level, domains[from]);
}

bool FlowState::keeps_one(std::uint32_t shard, std::size_t level, std::uint64_t domain) const {
  const Domains& open = open_domains_[level];
  const bool is_open = std::binary_search(open.begin(), open.end(), domain);
  const auto origins = origins_of(shard);
  return std::any_of(origins.begin(), origins.end(), [&](std::uint32_t node) {
    return domains_[level][node] == domain && (is_open || takes_copies(view_.nodes[node]));
  });
}

bool FlowState::may_go(std::uint32_t copy, std::uint32_t node) const {
  const std::uint32_t shard = shards_[copy];
  const auto places = places_of(shard);
  if (std::find(places.begin(), places.end(), node) != places.end()) return false;
  const auto origins = origins_of(shard);
  const bool is_back = std::find(origins.begin(), origins.end(), node) != origins.end();
  if (!is_back && !(receives_[node] && has_room_for(copy, node))) return false;
  return may_cross_to(copy, node);
}

bool FlowState::may_cross_to(std::uint32_t copy, std::uint32_t node) const {
  const std::uint32_t from = places_[copy];
  for (std::size_t level = 0; level < kFlowLevels.size(); ++level) {
    if (domains_[level][from] == domains_[level][node]) continue;
    if (!crosses_legally(shards_[copy], level, from, node)) return false;
  }
  return true;
}

std::uint32_t FlowState::copy_on(std::uint32_t shard, std::uint32_t node) const {
  const auto places = places_of(shard);
  const auto found = std::find(places.begin(), places.end(), node);
  SHARDPROOF_CHECK(found != places.end());
  return first_copies_[shard] + static_cast<std::uint32_t>(found - places.begin());
}

void FlowState::take(std::uint32_t copy) {
  --counts_[places_[copy]];
  if (!has_moved(copy)) return;
  cost_ = cost_ - cost_of_moving(copy);
  auto& here = arrived_[places_[copy]];
  positions_[here.back()] = positions_[copy];
  here[positions_[copy]] = here.back();
  here.pop_back();
  moved_positions_[moved_.back()] = moved_positions_[copy];
  moved_[moved_positions_[copy]] = moved_.back();
  moved_.pop_back();
}

void FlowState::put(std::uint32_t copy, std::uint32_t node) {
  places_[copy] = node;
  ++counts_[node];
  if (!has_moved(copy)) return;
  cost_ = cost_ + cost_of_moving(copy);
  positions_[copy] = static_cast<std::uint32_t>(arrived_[node].size());
  arrived_[node].push_back(copy);
  moved_positions_[copy] = static_cast<std::uint32_t>(moved_.size());
  moved_.push_back(copy);
}

void FlowState::move(std::uint32_t copy, std::uint32_t node) {
  cost_ = cost_ - gain_of_departure(places_[copy]);
  const std::uint32_t shard = shards_[copy];
  bytes_[places_[copy]] -= view_.shards[shard].bytes.count();
  bytes_[node] += view_.shards[shard].bytes.count();
  const auto origins = origins_of(shard);
  const auto home = std::find(origins.begin(), origins.end(), node);
  const std::uint32_t native =
      home == origins.end()
          ? copy
          : first_copy(shard) + static_cast<std::uint32_t>(home - origins.begin());
  const std::uint32_t elsewhere = places_[native];
  take(copy);
  if (native != copy) {
    take(native);
    put(copy, elsewhere);
  }
  cost_ = cost_ + cost_of_arrival(node);
  put(native, node);
}

}  // namespace shardproof::distribution
