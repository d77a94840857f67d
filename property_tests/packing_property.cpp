// SPDX-License-Identifier: Apache-2.0
//
// The computed optimum of balance against trying everything.

#include <algorithm>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/bounds.hpp"
#include "core/distribution/optimum/packing.hpp"
#include "property_tests/distribution_generators.hpp"
#include "property_tests/plan_laws.hpp"

namespace shardproof::distribution {
namespace {

/// The least full fullest node of all placements that spread copies as the packing does.
struct BestPacking {
  const ClusterView& view;
  PackedLoad load = PackedLoad::Bytes;
  std::vector<std::vector<std::vector<NodeId>>> choices{};  // by shard: its copies, leader first
  std::vector<std::uint64_t> weights{};
  std::vector<std::uint64_t> loads{};
  std::optional<WeightedLoad> best{};

  bool is_spread(const std::vector<NodeId>& places) const {
    std::vector<NodeId> all;
    for (const NodeView& node : view.nodes) all.push_back(node.id);
    return std::all_of(kLevels.begin(), kLevels.end(), [&](DomainLevel level) {
      return test::distinct_domains(view, places, level) ==
             std::min(places.size(), test::distinct_domains(view, all, level));
    });
  }
  WeightedLoad find() {
    weights = node_weights(view);
    loads.resize(view.nodes.size());
    for (const ShardView& shard : view.shards) {
      choices.emplace_back();
      for (std::uint32_t set = 0; set < (1u << view.nodes.size()); ++set) {
        std::vector<NodeId> places;
        for (std::uint32_t node = 0; node < view.nodes.size(); ++node) {
          if ((set >> node) & 1) places.push_back(NodeId(node));
        }
        if (places.size() != shard.replicas.size() || !is_spread(places)) continue;
        add_choices(shard, places);
      }
    }
    try_from(0);
    return *best;
  }
  /// Who leads makes a difference to processors alone.
  void add_choices(const ShardView& shard, std::vector<NodeId> places) {
    const bool differ = load == PackedLoad::Cpu && shard.leader.has_value();
    for (std::size_t turn = 0; turn < (differ ? places.size() : 1); ++turn) {
      choices.back().push_back(places);
      std::rotate(places.begin(), places.begin() + 1, places.end());
    }
  }
  std::uint64_t of_copy(const ShardView& shard, bool leads) const {
    if (load == PackedLoad::Bytes) return shard.bytes.count();
    return shard.cpu.of(leads && shard.leader.has_value());
  }
  void try_from(std::size_t shard) {
    if (shard == choices.size()) {
      WeightedLoad fullest;
      for (std::size_t i = 0; i < loads.size(); ++i) {
        fullest = std::max(fullest, WeightedLoad{loads[i], weights[i]});
      }
      if (!best || fullest < *best) best = fullest;
      return;
    }
    for (const auto& places : choices[shard]) {
      for (const NodeId node : places) {
        loads[node.value()] += of_copy(view.shards[shard], node == places.front());
      }
      try_from(shard + 1);
      for (const NodeId node : places) {
        loads[node.value()] -= of_copy(view.shards[shard], node == places.front());
      }
    }
  }
};

Shape any_small_shape() {
  Shape shape;
  shape.nodes = *rc::gen::inRange<std::uint32_t>(1, 5);
  shape.zones = *rc::gen::inRange<std::uint32_t>(1, 4);
  shape.copies = *rc::gen::inRange<std::uint32_t>(1, std::min(shape.nodes, 3u) + 1);
  shape.shards = *rc::gen::inRange<std::uint32_t>(0, 6);
  return shape;
}

void check_packing(const ClusterView& view, PackedLoad load) {
  const WeightedLoad best = BestPacking{view, load}.find();
  const Packing packing = pack(view, members_after_changes(view), load);
  RC_ASSERT(packing.bound <= best);
  RC_ASSERT(best <= packing.fullest);
  for (std::size_t i = 0; i < view.shards.size(); ++i) {
    RC_ASSERT(packing.places[i].size() == view.shards[i].replicas.size());
    RC_ASSERT(!has_duplicates(packing.places[i]));
    RC_ASSERT(BestPacking{view}.is_spread(packing.places[i]));
  }
}

RC_GTEST_PROP(PackingProperty, TheBestOfAllIsBetweenTheBoundAndWhatIsFound, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_small_shape());
  if (random.below(2) == 0) give_roomy_disks(random, view);
  check_packing(view, PackedLoad::Bytes);
}

/// With leaders that take more than the others, less, or all; and shards without one.
RC_GTEST_PROP(PackingProperty, TheBestOfAllIsInBetweenWhereLeadersWeighSomethingElse, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_small_shape());
  if (random.below(2) == 0) give_roomy_disks(random, view);
  const std::uint64_t most_of_leader = 1 + random.below(20);
  const std::uint64_t most_of_follower = 1 + random.below(20);
  for (ShardView& shard : view.shards) {
    shard.cpu.leader = random.below(most_of_leader);
    shard.cpu.follower = random.below(most_of_follower);
    if (random.below(8) == 0) shard.leader = NodeId::none();
  }
  check_packing(view, PackedLoad::Cpu);
}

/// Graham 1969, theorem 3: on n equal nodes within 4/3 - 1/(3n) of the optimum.
RC_GTEST_PROP(PackingProperty, LargestFirstIsWithinAThirdOfTheBest, ()) {
  Random random = any_stream();
  Shape shape = any_small_shape();
  shape.copies = 1;
  const ClusterView view = any_cluster(random, shape);
  const WeightedLoad best = BestPacking{view}.find();
  const Packing packing = pack(view, members_after_changes(view), PackedLoad::Bytes);
  RC_ASSERT(packing.fullest.amount * 3 * shape.nodes <= best.amount * (4 * shape.nodes - 1));
}

}  // namespace
}  // namespace shardproof::distribution
