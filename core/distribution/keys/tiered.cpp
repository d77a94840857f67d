// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/tiered.hpp"

#include <algorithm>
#include <compare>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/distribution/keys/jump.hpp"

namespace shardproof::distribution {
namespace {

/// Puts the copysets together, one after the other.
class TierPlanner {
 public:
  TierPlanner(std::uint32_t nodes, std::uint32_t copies, std::uint64_t scatter,
              std::uint32_t backup_every, std::uint64_t seed)
      : copies_(copies), scatter_(scatter), backup_every_(backup_every), neighbours_(nodes) {
    for (std::uint32_t node = 0; node < nodes; ++node) {
      hashes_.push_back(stable_hash(fmt::format("node-{}", node), seed));
      tier_of(node).insert(place_of(node));
    }
  }

  std::vector<std::uint32_t> sets() {
    std::vector<std::uint32_t> wanting;
    for (const Place& place : primary_) wanting.push_back(place.node);
    std::sort(wanting.begin(), wanting.end());
    while (!wanting.empty()) {
      std::erase_if(wanting, [&](std::uint32_t node) {
        return neighbours_[node].size() >= scatter_ || !add_set_of(node);
      });
    }
    return std::move(sets_);
  }

 private:
  /// Where a node stands in its tier.
  struct Place {
    std::uint64_t scatter = 0;
    std::uint64_t hash = 0;
    std::uint32_t node = 0;

    auto operator<=>(const Place&) const = default;
  };
  using Tier = std::set<Place>;

  Tier& tier_of(std::uint32_t node) { return is_backup(node, backup_every_) ? backup_ : primary_; }
  Place place_of(std::uint32_t node) const {
    return {neighbours_[node].size(), hashes_[node], node};
  }
  bool share_a_set(std::uint32_t a, std::uint32_t b) const { return neighbours_[a].contains(b); }

  /// Adds nodes of the tier to the set until it has `size`; false if there are too few.
  bool fill(const Tier& tier, std::size_t size, std::vector<std::uint32_t>& set) const {
    const auto shares_with_any = [&](std::uint32_t node) {
      return std::any_of(set.begin(), set.end(),
                         [&](std::uint32_t member) { return share_a_set(node, member); });
    };
    for (int pass = 0; pass < 3; ++pass) {
      for (auto place = tier.begin(); place != tier.end() && set.size() < size; ++place) {
        const std::uint32_t node = place->node;
        if (shardproof::contains(set, node)) continue;
        if (pass == 0 && shares_with_any(node)) continue;
        if (pass == 1 && share_a_set(node, set.front())) continue;
        set.push_back(node);
      }
    }
    return set.size() == size;
  }

  /// False, adding nothing, if no set gives the node another neighbour.
  bool add_set_of(std::uint32_t node) {
    std::vector<std::uint32_t> set{node};
    if (!fill(primary_, copies_ - std::size_t{1}, set) || !fill(backup_, copies_, set)) {
      return false;
    }
    const bool is_new = std::any_of(set.begin() + 1, set.end(), [&](std::uint32_t member) {
      return !share_a_set(node, member);
    });
    if (!is_new) return false;
    for (const std::uint32_t member : set) join(member, set);
    sets_.insert(sets_.end(), set.begin(), set.end());
    return true;
  }

  void join(std::uint32_t node, const std::vector<std::uint32_t>& set) {
    Tier& tier = tier_of(node);
    tier.erase(place_of(node));
    for (const std::uint32_t other : set) {
      if (other != node) neighbours_[node].insert(other);
    }
    tier.insert(place_of(node));
  }

  std::uint32_t copies_;
  std::uint64_t scatter_;
  std::uint32_t backup_every_;
  std::vector<std::set<std::uint32_t>> neighbours_;  ///< by node: those it shares a set with
  std::vector<std::uint64_t> hashes_;                ///< of the names, by node
  Tier primary_;
  Tier backup_;
  std::vector<std::uint32_t> sets_;  ///< one after the other
};

}  // namespace

Copysets tiered_copysets(std::uint32_t nodes, std::uint32_t copies, std::uint64_t scatter,
                         std::uint32_t backup_every, std::uint64_t seed) {
  TierPlanner planner(nodes, copies, scatter, backup_every, seed);
  return {nodes, copies, planner.sets()};
}

TieredMap::TieredMap(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)),
      backup_every_(static_cast<std::uint32_t>(request().number("backup_every"))),
      sets_(tiered_copysets(nodes(), static_cast<std::uint32_t>(request().number("copies")),
                            request().number("scatter"), backup_every_, request().seed)) {}

std::uint32_t TieredMap::owner(const Key& key) const {
  const std::uint32_t primary = jump_bucket(key.hash, nodes() - nodes() / backup_every_);
  return primary / (backup_every_ - 1) * backup_every_ + primary % (backup_every_ - 1);
}

std::vector<std::uint32_t> TieredMap::replicas(const Key& key, std::uint32_t count) {
  return sets_.copies_beside(owner(key), key.hash, count);
}

}  // namespace shardproof::distribution
