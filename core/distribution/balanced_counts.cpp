// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/balanced_counts.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <queue>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/wide.hpp"
#include "core/distribution/apportionment.hpp"

namespace shardproof::distribution {
namespace {

using NodeSet = std::vector<NodeId>;  // ascending

/// Copies and their bytes.
struct Amount {
  std::uint64_t copies = 0;
  std::uint64_t bytes = 0;

  void add(std::uint64_t count, Bytes each) {
    copies += count;
    bytes += count * each.count();
  }
  Amount less(const Amount& other) const {
    return {copies - std::min(copies, other.copies), bytes - std::min(bytes, other.bytes)};
  }
};

/// A domain or a single node, and the most that it can hold.
struct BoundedSet {
  NodeSet nodes;
  Amount most;
  bool is_rest =
      false;  ///< another set has been cut out, so that `most` holds only beside its fill
};

bool contains(const NodeSet& set, const NodeSet& part) {
  return std::includes(set.begin(), set.end(), part.begin(), part.end());
}

NodeSet without(const NodeSet& set, const NodeSet& part) {
  NodeSet rest;
  std::set_difference(set.begin(), set.end(), part.begin(), part.end(), std::back_inserter(rest));
  return rest;
}

/// Planned copies of one shard.
struct Copies {
  std::uint64_t count = 0;
  Bytes each;
};

std::vector<Copies> copies_per_shard(const ClusterView& view) {
  std::vector<Copies> copies;
  for (const ShardView& shard : view.shards) {
    copies.push_back({planned_copies(shard).size(), shard.bytes});
  }
  return copies;
}

/// What one of `sets` equal places can hold if a shard's copies use as many of them as there are
/// copies.
Amount most_in_one(const std::vector<Copies>& copies, std::uint64_t sets) {
  Amount most;
  for (const auto& [count, each] : copies) {
    if (count > 0) most.add(count <= sets ? 1 : count - sets + 1, each);
  }
  return most;
}

void add_domains(const ClusterView& view, const NodeSet& members, const std::vector<Copies>& copies,
                 DomainLevel level, std::vector<BoundedSet>& sets) {
  std::map<std::uint64_t, NodeSet> domains;
  for (const NodeId node : members) {
    domains[domain_key(view.node(node).domain, level)].push_back(node);
  }
  const Amount most = most_in_one(copies, domains.size());
  for (auto& [key, nodes] : domains) sets.push_back({std::move(nodes), most});
}

/// Shares an amount among the nodes of a pool unit by unit, each to who has the least by weight
/// with it and is in no set that is full: among nested sets no sharing has a smaller largest part.
/// Begins at the exact shares, rounded down. Of those that stood level when a set became full each
/// may be rounded up. O(n log n) for n nodes.
class FillingOfSets {
 public:
  FillingOfSets(const NodeSet& pool, const std::vector<Claim>& claims,
                const std::vector<BoundedSet>& sets)
      : claims_(claims), sets_of_(pool.size()) {
    for (std::size_t set = 0; set < sets.size(); ++set) {
      room_.push_back(sets[set].most.copies);
      auto place = pool.begin();
      for (const NodeId node : sets[set].nodes) {
        place = std::lower_bound(place, pool.end(), node);
        sets_of_[static_cast<std::size_t>(place - pool.begin())].push_back(set);
      }
    }
  }

  std::vector<Portion> run(std::uint64_t amount) {
    portions_ = rounded_shares(amount, claims_);
    left_ = amount;
    for (std::size_t i = 0; i < portions_.size(); ++i) {
      portions_[i].may_round_up = false;
      left_ -= portions_[i].floor;
      for (const std::size_t set : sets_of_[i])
        room_[set] -= std::min(room_[set], portions_[i].floor);
      levels_.push({{portions_[i].floor + 1, claims_[i].weight}, i});
    }
    while (left_ > 0 && !levels_.empty()) fill_level();
    return std::move(portions_);
  }

 private:
  struct Next {
    WeightedLoad level;
    std::size_t claim;
    bool operator<(const Next& other) const {
      if (level != other.level) return other.level < level;
      return other.claim < claim;
    }
  };

  /// All that stand lowest.
  void fill_level() {
    std::vector<std::size_t> takers;
    std::vector<std::size_t> refused;
    const WeightedLoad level = levels_.top().level;
    for (; !levels_.empty() && levels_.top().level == level; levels_.pop()) {
      const std::size_t claim = levels_.top().claim;
      (take(claim) ? takers : refused).push_back(claim);
    }
    for (const std::size_t claim : refused) share_with(claim, takers);
    for (const std::size_t claim : takers) {
      levels_.push({{portions_[claim].floor + 1, claims_[claim].weight}, claim});
    }
  }

  bool take(std::size_t claim) {
    const auto& sets = sets_of_[claim];
    const bool has_room = std::all_of(sets.begin(), sets.end(),
                                      [&](const std::size_t set) { return room_[set] > 0; });
    if (left_ == 0 || !has_room) return false;
    for (const std::size_t set : sets) --room_[set];
    ++portions_[claim].floor;
    --left_;
    return true;
  }

  /// Who came too late might as well have had the unit of a taker that left no room for it.
  void share_with(std::size_t claim, const std::vector<std::size_t>& takers) {
    for (const std::size_t taker : takers) {
      const bool was_in_the_way = left_ == 0 || share_a_full_set(claim, taker);
      if (!was_in_the_way) continue;
      portions_[claim].may_round_up = true;
      if (portions_[taker].may_round_up) continue;
      portions_[taker].may_round_up = true;
      --portions_[taker].floor;
    }
  }

  bool share_a_full_set(std::size_t one, std::size_t other) const {
    return std::any_of(sets_of_[one].begin(), sets_of_[one].end(), [&](const std::size_t set) {
      return room_[set] == 0 && std::find(sets_of_[other].begin(), sets_of_[other].end(), set) !=
                                    sets_of_[other].end();
    });
  }

  const std::vector<Claim>& claims_;
  std::vector<std::vector<std::size_t>> sets_of_;  ///< by claim
  std::vector<std::uint64_t> room_;                ///< by set
  std::vector<Portion> portions_;
  std::uint64_t left_ = 0;
  std::priority_queue<Next> levels_;
};

class Decomposition {
 public:
  explicit Decomposition(const ClusterView& view) : weights_(node_weights(view)) {}

  /// Shares `amount` among `pool`; `sets` are the bounded subsets of it.
  void share(const NodeSet& pool, const Amount& amount, const std::vector<BoundedSet>& sets) {
    if (pool.empty()) return;
    const auto worst = most_above_its_bound(pool, amount.copies, sets);
    if (worst == sets.end()) {
      add_pool(pool, amount, sets);
      return;
    }
    std::vector<BoundedSet> inside;
    std::vector<BoundedSet> outside;
    for (const BoundedSet& set : sets) {
      if (contains(worst->nodes, set.nodes)) {
        inside.push_back(set);
      } else if (contains(set.nodes, worst->nodes)) {
        outside.push_back({without(set.nodes, worst->nodes), set.most.less(worst->most), true});
      } else {
        outside.push_back(set);
      }
    }
    share(worst->nodes, worst->most, inside);
    share(without(pool, worst->nodes), amount.less(worst->most), outside);
  }

  std::vector<CountPool> take_pools() { return std::move(pools_); }

 private:
  UInt128 weight(const NodeSet& nodes) const {
    UInt128 total = 0;
    for (const NodeId node : nodes) total += weights_[node.value()];
    return total;
  }

  std::vector<BoundedSet>::const_iterator most_above_its_bound(
      const NodeSet& pool, std::uint64_t copies, const std::vector<BoundedSet>& sets) const {
    const UInt128 pool_weight = weight(pool);
    auto worst = sets.end();
    UInt128 worst_excess = 0;
    for (auto set = sets.begin(); set != sets.end(); ++set) {
      const UInt128 wanted = weight(set->nodes) * copies;
      const UInt128 allowed = pool_weight * set->most.copies;
      if (wanted <= allowed || wanted - allowed <= worst_excess) continue;
      worst = set;
      worst_excess = wanted - allowed;
    }
    return worst;
  }

  void add_pool(const NodeSet& pool, const Amount& amount, const std::vector<BoundedSet>& sets) {
    const bool is_bounded = std::any_of(sets.begin(), sets.end(), [&](const BoundedSet& set) {
      return !set.is_rest && set.most.copies <= amount.copies && contains(set.nodes, pool);
    });
    CountPool result{{}, amount.copies, amount.bytes, is_bounded};
    const std::vector<Portion> portions = portions_of(pool, amount.copies, sets);
    for (std::size_t i = 0; i < pool.size(); ++i) {
      const auto [floor, may_round_up] = portions[i];
      result.targets.push_back({pool[i], weights_[pool[i].value()], floor, may_round_up});
      result.ceilings -= floor;
    }
    pools_.push_back(std::move(result));
  }

  std::vector<Portion> portions_of(const NodeSet& pool, std::uint64_t copies,
                                   const std::vector<BoundedSet>& sets) const {
    std::vector<Claim> claims;
    for (const NodeId node : pool) claims.push_back({weights_[node.value()], copies});
    for (const BoundedSet& set : sets) {
      if (set.nodes.size() != 1) continue;
      const auto place = std::lower_bound(pool.begin(), pool.end(), set.nodes.front());
      Claim& claim = claims[static_cast<std::size_t>(place - pool.begin())];
      claim.most = std::min(claim.most, set.most.copies);
    }
    std::vector<Portion> portions = apportion(copies, claims);
    if (fit(pool, portions, copies, sets)) return portions;
    return FillingOfSets(pool, claims, sets).run(copies);
  }

  /// Whether no set has to take more than it can, and all copies find a place when portions are
  /// rounded up within the sets. Of two sets one is in the other, or they have no node in common.
  static bool fit(const NodeSet& pool, const std::vector<Portion>& portions, std::uint64_t copies,
                  const std::vector<BoundedSet>& sets) {
    std::vector<std::uint64_t> most;  // of the sets that end at a node, and are in no other yet
    for (const Portion& portion : portions) most.push_back(portion.floor + portion.may_round_up);
    std::vector<const BoundedSet*> inner_first;
    for (const BoundedSet& set : sets) inner_first.push_back(&set);
    std::stable_sort(
        inner_first.begin(), inner_first.end(),
        [](const auto* one, const auto* other) { return one->nodes.size() < other->nodes.size(); });
    for (const BoundedSet* set : inner_first) {
      std::uint64_t least = 0;
      std::uint64_t taken = 0;
      auto place = pool.begin();
      std::size_t last = 0;
      for (const NodeId node : set->nodes) {
        place = std::lower_bound(place, pool.end(), node);
        last = static_cast<std::size_t>(place - pool.begin());
        least += portions[last].floor;
        taken += std::exchange(most[last], 0);
      }
      if (least > set->most.copies) return false;
      most[last] = std::min(taken, set->most.copies);
    }
    return std::accumulate(most.begin(), most.end(), std::uint64_t{0}) >= copies;
  }

  std::vector<std::uint64_t> weights_;
  std::vector<CountPool> pools_;
};

}  // namespace

std::vector<CountPool> balanced_counts(const ClusterView& view, const std::vector<bool>& members) {
  SHARDPROOF_CHECK(members.size() == view.nodes.size());
  NodeSet pool;
  for (const NodeView& node : view.nodes) {
    if (members[node.id.value()]) pool.push_back(node.id);
  }
  SHARDPROOF_CHECK(!pool.empty());
  const std::vector<Copies> copies = copies_per_shard(view);
  Amount placeable;
  Amount one_of_each;
  for (const auto& [count, each] : copies) {
    placeable.add(std::min<std::uint64_t>(count, pool.size()), each);
    one_of_each.add(std::min<std::uint64_t>(count, 1), each);
  }
  std::vector<BoundedSet> sets;
  for (const DomainLevel level : {DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack}) {
    add_domains(view, pool, copies, level, sets);
  }
  for (const NodeId node : pool) sets.push_back({{node}, one_of_each});
  Decomposition decomposition(view);
  decomposition.share(pool, placeable, sets);
  return decomposition.take_pools();
}

}  // namespace shardproof::distribution
