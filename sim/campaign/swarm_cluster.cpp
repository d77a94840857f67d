// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/distribution/registry.hpp"
#include "sim/campaign/dice.hpp"
#include "sim/campaign/swarm_parts.hpp"
#include "sim/scenario/domains.hpp"

namespace shardproof::sim::swarm {
namespace {

/// From a stream of its own: every third cluster with zones has them in two regions, every third of
/// all has two racks in each.
void vary_domains(Dice dice, ClusterSpec& cluster) {
  auto& [zones, racks] = cluster.domains;
  const bool has_regions = dice.one_in(3);
  const bool has_racks = dice.one_in(3);
  if (has_regions && zones.size() > 1) {
    for (auto& [region, zone] : zones) region = zone == zones.front().second ? "east" : "west";
  }
  if (has_racks && !cluster.single) racks = {"r1", "r2"};
}

void draw_nodes(Dice& dice, ClusterSpec& cluster) {
  cluster.single = dice.one_in(50);
  const std::uint32_t nodes = dice.between(2, 6);
  cluster.nodes.resize(cluster.single ? 1 : nodes);
  const std::uint32_t zones = dice.between(1, 3);
  const char* const names[] = {"a", "b", "c"};
  if (!cluster.single && zones > 1) {
    for (std::uint32_t i = 0; i < zones; ++i) {
      cluster.domains.zones.emplace_back(kDefaultRegion, names[i]);
    }
  }
  // Some disks are small enough for a full one to matter to placement.
  if (dice.one_in(4)) cluster.capacity.disk = Bytes(dice.magnitude(2'000'000, 50'000'000));
  if (dice.one_in(4)) cluster.capacity.network = Bandwidth(dice.magnitude(2'000'000, 200'000'000));
  for (NodeSpec& node : cluster.nodes) node.capacity = cluster.capacity;
}

/// In every fourth cluster whose disks have no end, they are of other sizes, and large: who has
/// more weighs more, and nothing ever fills them.
void draw_unequal_disks(Dice dice, ClusterSpec& cluster) {
  if (!dice.one_in(4) || cluster.single || cluster.capacity.disk != Bytes(0)) return;
  constexpr std::uint64_t kSmallest = 1'000'000'000'000;
  for (NodeSpec& node : cluster.nodes) node.capacity.disk = Bytes(kSmallest << dice.between(0, 2));
  cluster.capacity.disk = Bytes(kSmallest << dice.between(0, 2));
}

CollectionSpec draw_collection(Dice& dice, const ClusterSpec& cluster) {
  CollectionSpec collection;
  const auto nodes = static_cast<std::uint32_t>(cluster.nodes.size());
  collection.database = "shop";
  collection.shards = dice.between(1, 5);
  collection.replication_factor = dice.between(1, std::min(nodes, 3u));
  collection.sharded = cluster.single || !dice.one_in(8);
  const std::uint32_t fields = dice.between(0, 5);
  if (fields == 0) collection.shard_key = {"customer"};
  if (fields == 1) collection.shard_key = {"customer", "region"};
  if (dice.one_in(10)) {
    collection.write_concern = dice.between(1, collection.replication_factor);
  }
  collection.documents = dice.between(0, 40);
  const Bytes median(dice.magnitude(50, 500));
  collection.document_size = SizeDistribution::uniform(Bytes(median.count() / 2), median);
  return collection;
}

/// From streams of their own: more collections with a lowered write concern, whose replicas lag
/// behind what is acknowledged, and some with many shards of about one size, on which a plan finds
/// little to do.
void vary_collection(std::uint64_t seed, std::uint32_t number, CollectionSpec& collection) {
  Dice concern(seed, number, "write concern");
  const bool is_lowered = concern.one_in(6);
  if (is_lowered && collection.write_concern == 0) {
    collection.write_concern = concern.between(1, collection.replication_factor);
  }
  Dice even(seed, number, "even collection");
  if (!even.one_in(8)) return;
  collection.shards = even.between(8, 16);
  collection.documents = even.between(200, 500);
  collection.document_size = SizeDistribution::constant(Bytes(even.magnitude(50, 500)));
}

PolicySpec draw_policy(Dice& dice) {
  PolicySpec policy;
  if (dice.one_in(4)) policy.placement = "ancestor";
  policy.rebalance = dice.pick({"greedy", "greedy", "greedy", "greedy", "none", "ancestor"});
  policy.limits.moves_per_node = dice.between(1, 4);
  if (dice.one_in(4)) policy.limits.moves_cluster_wide = dice.between(1, 3);
  if (dice.one_in(4)) policy.limits.bandwidth = Bandwidth(dice.magnitude(50'000, 2'000'000));
  policy.on_membership = !dice.one_in(6);
  if (dice.one_in(3)) policy.threshold = Ratio(dice.between(1, 10), 20);
  if (dice.one_in(3)) policy.period = dice.span(milliseconds(400), seconds(4));
  return policy;
}

/// Another of the policies that move copies, in place of every fourth greedy one.
void vary_policy(Dice dice, PolicySpec& policy) {
  if (!dice.one_in(4) || policy.rebalance != "greedy") return;
  policy.rebalance =
      dice.pick({"goals", "local_search", "mean_band", "optimum", "random", "region_score",
                 "threshold", "threshold_copies", "upmap", "weighted_move", "weighted_sum"});
}

/// Any of all placements, in place of every third that is the default.
void vary_placement(Dice dice, PolicySpec& policy) {
  if (!dice.one_in(3) || policy.placement != "rendezvous") return;
  const auto known = distribution::placement_policies();
  policy.placement = known[dice.between(0, static_cast<std::uint32_t>(known.size()) - 1)].name;
}

/// From the least that the option may be to the most, or what is much for a small cluster. Some
/// have more to fulfil than their range: room is for all nodes that ever join, a Maglev table is of
/// prime size, and domains of several nodes have to be full.
Ratio any_value(Dice& dice, const distribution::PolicyOption& option) {
  if (option.name == std::string_view("capacity") && option.is_whole) {
    return {dice.between(32, 64), 1};
  }
  if (option.name == std::string_view("domain")) return {1, 1};
  if (option.name == std::string_view("table")) return {dice.pick({53u, 101u, 251u}), 1};
  const auto least = static_cast<std::uint32_t>(option.min);
  const auto most = static_cast<std::uint32_t>(std::min<std::uint64_t>(option.max, 50));
  if (option.is_whole) return {dice.between(least, most), 1};
  return {dice.between(least * 100, most * 100), 100};
}

/// Sets something of every third policy of which something can be set.
void draw_options(Dice dice, const std::string& name, PolicySpec& policy) {
  if (!dice.one_in(3)) return;
  const std::vector<distribution::PolicyOption> known = *distribution::options_of_policy(name);
  distribution::OptionValues values;
  for (const distribution::PolicyOption& option : known) {
    if (dice.coin()) values.emplace(option.name, any_value(dice, option));
  }
  if (!values.empty()) policy.options.emplace(name, std::move(values));
}

/// A window within the run, which takes three seconds at least, or at times of day of which one
/// comes while it goes on.
distribution::MoveWindow any_window(Dice& dice, const ScenarioSpec& spec) {
  const bool is_daily = dice.coin();
  const auto whole = static_cast<std::uint32_t>(spec.duration.count() / seconds(1).count());
  const std::uint32_t begin = dice.between(0, whole - 2);
  const std::uint32_t end = dice.between(begin + 1, whole - 1);
  if (!is_daily) return {false, seconds(begin), seconds(end)};
  const auto at = [&](std::uint32_t second) {
    return distribution::time_of_day(Instant() + seconds(second), spec.starts_at);
  };
  return {true, at(begin), at(end)};
}

/// Stays open until long after everything has come to rest, as only a daily one may.
void leave_open(distribution::MoveWindow& window, const ScenarioSpec& spec) {
  const auto at = [&](Nanoseconds since_start) {
    return distribution::time_of_day(Instant() + since_start, spec.starts_at);
  };
  const std::int64_t whole = spec.duration.count() / seconds(1).count();
  window = {true, window.daily ? window.start : at(window.start), at(seconds(whole) + minutes(10))};
}

/// In every sixth scenario balancing may begin in some seconds only, every other time across
/// midnight; in every third of those one of the windows stays open.
void draw_windows(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "windows");
  if (!dice.one_in(6)) return;
  if (dice.coin()) spec.starts_at = hours(24) - seconds(dice.between(1, 5));
  const std::uint32_t count = dice.between(1, 2);
  for (std::uint32_t i = 0; i < count; ++i) {
    spec.policy.limits.windows.push_back(any_window(dice, spec));
  }
  if (Dice(seed, 0, "open window").one_in(3)) leave_open(spec.policy.limits.windows.back(), spec);
}

}  // namespace

PolicySpec any_policy(Dice& dice, std::uint64_t seed, std::uint64_t entity) {
  PolicySpec policy = draw_policy(dice);
  vary_policy(Dice(seed, entity, "rebalance"), policy);
  vary_placement(Dice(seed, entity, "placement"), policy);
  draw_options(Dice(seed, entity, "options"), policy.rebalance, policy);
  draw_options(Dice(seed, entity, "placement options"), policy.placement, policy);
  Dice order(seed, entity, "repair order");
  policy.limits.fewest_copies_first = !order.one_in(8);
  Dice zone(seed, entity, "zone limit");
  if (zone.one_in(5)) policy.limits.moves_per_domain = zone.between(1, 3);
  return policy;
}

bool empties_nodes(const PolicySpec& policy) {
  return policy.rebalance != "none" && policy.rebalance != "ancestor";
}

void draw_cluster(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "cluster");
  spec.duration = dice.time(seconds(3), seconds(9));
  draw_nodes(dice, spec.cluster);
  draw_unequal_disks(Dice(seed, 0, "unequal disks"), spec.cluster);
  vary_domains(Dice(seed, 0, "regions"), spec.cluster);
  complete_domains(spec.cluster);
  const std::uint32_t collections = dice.one_in(4) ? 2 : 1;
  const char* const names[] = {"orders", "carts"};
  for (std::uint32_t i = 0; i < collections; ++i) {
    Dice own(seed, i, "collection");
    spec.collections.push_back(draw_collection(own, spec.cluster));
    spec.collections.back().name = names[i];
    vary_collection(seed, i, spec.collections.back());
  }
  spec.policy = any_policy(dice, seed, 0);
  draw_windows(seed, spec);
}

}  // namespace shardproof::sim::swarm
