// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/packing.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/contains.hpp"
#include "core/distribution/apportionment.hpp"

namespace shardproof::distribution {

namespace {

/// A shard to be packed: what its copies weigh, that of the leader and each other one, and how many
/// there are in all.
struct Item {
  std::uint64_t leader = 0;
  std::uint64_t follower = 0;
  std::uint64_t copies = 0;

  std::uint64_t followers() const { return copies == 0 ? 0 : copies - 1; }
  std::uint64_t total() const { return copies == 0 ? 0 : leader + follower * followers(); }
  std::uint64_t heaviest() const {
    if (copies == 0) return 0;
    return copies == 1 ? leader : std::max(leader, follower);
  }
  /// Of any so many of its copies, the heaviest ones; at least one and no more than there are.
  std::uint64_t heaviest(std::uint64_t count) const {
    if (leader >= follower || count == copies) return leader + follower * (count - 1);
    return follower * count;
  }
};

Item item_of(const ShardView& shard, PackedLoad load, std::uint64_t copies) {
  switch (load) {
    case PackedLoad::Copies: return {1, 1, copies};
    case PackedLoad::Bytes: return {shard.bytes.count(), shard.bytes.count(), copies};
    case PackedLoad::Requests:
      return {shard.requests_per_second, shard.requests_per_second, copies};
    case PackedLoad::Cpu:
      return {shard.cpu.of(shard.leader.has_value()), shard.cpu.follower, copies};
  }
  SHARDPROOF_CHECK(false);
}

std::vector<NodeId> ids_of(const std::vector<bool>& members) {
  std::vector<NodeId> ids;
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    if (members[i]) ids.push_back(NodeId(i));
  }
  SHARDPROOF_CHECK(!ids.empty());
  return ids;
}

/// In the order of the view.
std::vector<Item> items_of(const ClusterView& view, std::size_t members, PackedLoad load) {
  std::vector<Item> items;
  for (const ShardView& shard : view.shards) {
    const std::uint64_t copies = planned_copies(shard).size();
    items.push_back(item_of(shard, load, std::min<std::uint64_t>(copies, members)));
  }
  return items;
}

class Bound {
 public:
  Bound(const ClusterView& view, const std::vector<NodeId>& members, const std::vector<Item>& items)
      : view_(view), members_(members), items_(items), weights_(node_weights(view)) {
    std::uint64_t heaviest = 0;
    for (const NodeId node : members) {
      weight_ += weights_[node.value()];
      heaviest = std::max(heaviest, weights_[node.value()]);
    }
    for (const Item& item : items) {
      total_ += item.total();
      raise({item.heaviest(), heaviest});
    }
    raise({total_, weight_});
    raise_by_whole_copies();
    for (const DomainLevel level : {DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack}) {
      raise_by_domains([&](NodeId node) { return domain_key(view_.node(node).domain, level); });
    }
    raise_by_domains([](NodeId node) { return node.value(); });
  }

  WeightedLoad value() const { return bound_; }

 private:
  void raise(WeightedLoad to) { bound_ = std::max(bound_, to); }

  /// Where all copies that weigh anything weigh the same, the mean is not reached if shares are not
  /// whole.
  void raise_by_whole_copies() {
    std::uint64_t each = 0;
    std::uint64_t copies = 0;
    for (const Item& item : items_) {
      for (const auto& [load, count] : {std::pair{item.leader, item.copies - item.followers()},
                                        std::pair{item.follower, item.followers()}}) {
        if (count == 0 || load == 0) continue;
        if (each != 0 && load != each) return;
        each = load;
        copies += count;
      }
    }
    std::vector<Claim> claims;
    for (const NodeId node : members_) claims.push_back({weights_[node.value()], copies});
    const WeightedLoad fullest = least_largest_part(copies, claims);
    raise({fullest.amount * each, fullest.weight});
  }

  template <typename Key>
  void raise_by_domains(Key key) {
    std::map<std::uint64_t, std::uint64_t> weights;
    for (const NodeId node : members_) weights[key(node)] += weights_[node.value()];
    std::vector<std::uint64_t> heaviest_first;
    for (const auto& [domain, weight] : weights) heaviest_first.push_back(weight);
    std::sort(heaviest_first.begin(), heaviest_first.end(), std::greater<>());
    const std::uint64_t most = most_in_one(heaviest_first.size());
    std::uint64_t load = total_;
    std::uint64_t weight = weight_;
    for (const std::uint64_t domain : heaviest_first) {
      load -= std::min(load, most);
      weight -= domain;
      if (weight > 0) raise({load, weight});
    }
  }

  std::uint64_t most_in_one(std::uint64_t domains) const {
    std::uint64_t most = 0;
    for (const Item& item : items_) {
      if (item.copies == 0) continue;
      most += item.heaviest(item.copies <= domains ? 1 : item.copies - domains + 1);
    }
    return most;
  }

  const ClusterView& view_;
  const std::vector<NodeId>& members_;
  const std::vector<Item>& items_;
  std::vector<std::uint64_t> weights_;
  std::uint64_t total_ = 0;
  std::uint64_t weight_ = 0;
  WeightedLoad bound_;
};

class LargestFirst {
 public:
  LargestFirst(const ClusterView& view, const std::vector<NodeId>& members,
               const std::vector<Item>& items)
      : view_(view), items_(items), weights_(node_weights(view)) {
    packing_.loads.resize(view.nodes.size());
    packing_.places.resize(items.size());
    for (const NodeId node : members) by_load_.emplace(0, node);
    equal_weights_ = std::all_of(members.begin(), members.end(), [&](NodeId node) {
      return weights_[node.value()] == weights_[members.front().value()];
    });
  }

  Packing run() {
    std::vector<std::tuple<std::uint64_t, std::uint32_t, bool>> order;  // largest first, then by id
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      if (items_[i].copies > 0) order.emplace_back(~items_[i].leader, i, false);
      if (items_[i].copies > 1) order.emplace_back(~items_[i].follower, i, true);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [key, item, follows] : order) {
      const std::uint64_t copies = follows ? items_[item].followers() : 1;
      for (std::uint64_t copy = 0; copy < copies; ++copy) place_copy(item, ~key);
    }
    for (auto& places : packing_.places) std::sort(places.begin(), places.end());
    for (const auto& [load, node] : by_load_) {
      packing_.fullest = std::max(packing_.fullest, {load, weights_[node.value()]});
    }
    return std::move(packing_);
  }

 private:
  void place_copy(std::uint32_t item, std::uint64_t copy_load) {
    const NodeId node = best_node(packing_.places[item], copy_load);
    std::uint64_t& load = packing_.loads[node.value()];
    by_load_.erase({load, node});
    load += copy_load;
    by_load_.emplace(load, node);
    packing_.places[item].push_back(node);
  }

  NodeId best_node(const std::vector<NodeId>& held, std::uint64_t copy_load) const {
    NodeId best;
    std::pair<Crowding, WeightedLoad> best_score;
    for (const auto& [load, node] : by_load_) {
      if (contains(held, node)) continue;
      const std::pair score{crowding(view_, node, held),
                            WeightedLoad{load + copy_load, weights_[node.value()]}};
      if (best.is_none() || score < best_score) {
        best = node;
        best_score = score;
      }
      if (equal_weights_ && score.first == Crowding{}) break;
    }
    return best;
  }

  const ClusterView& view_;
  const std::vector<Item>& items_;
  std::vector<std::uint64_t> weights_;
  bool equal_weights_ = true;
  std::set<std::pair<std::uint64_t, NodeId>> by_load_;  // the members
  Packing packing_;
};

}  // namespace

UInt128 packed_load(const ShardView& shard, PackedLoad load, std::uint64_t copies) {
  return item_of(shard, load, copies).total();
}

WeightedLoad packing_bound(const ClusterView& view, const std::vector<bool>& members,
                           PackedLoad load) {
  const std::vector<NodeId> ids = ids_of(members);
  return Bound(view, ids, items_of(view, ids.size(), load)).value();
}

Packing pack(const ClusterView& view, const std::vector<bool>& members, PackedLoad load) {
  const std::vector<NodeId> ids = ids_of(members);
  const std::vector<Item> items = items_of(view, ids.size(), load);
  Packing packing = LargestFirst(view, ids, items).run();
  packing.bound = Bound(view, ids, items).value();
  return packing;
}

}  // namespace shardproof::distribution
