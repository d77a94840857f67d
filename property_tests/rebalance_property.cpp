// SPDX-License-Identifier: Apache-2.0
//
// Laws that every rebalance policy keeps, run alone on random clusters: each step legal by a model
// that knows nothing of drafts, rest after few plans, no going back.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/registry.hpp"
#include "core/distribution/replanning.hpp"
#include "property_tests/plan_laws.hpp"

namespace shardproof::distribution {
namespace {

/// Enough for a policy that makes ten moves in a plan to move each of 240 copies.
constexpr std::uint32_t kRoundsMax = 40;

/// All but the two known bad ones, of which one never rests and one knows no rules.
std::vector<std::string> policies() {
  std::vector<std::string> names;
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name != "ancestor") names.emplace_back(info.name);
  }
  return names;
}

const RebalancePolicy& policy(const std::string& name) { return *find_rebalance_policy(name); }

/// A cluster with requests, several collections and any trouble.
ClusterView any_loaded_cluster(Random& random) {
  ClusterView view = any_cluster(random, any_shape());
  for (ShardView& shard : view.shards) {
    shard.requests_per_second = random.below(200);
    shard.cpu = {random.below(400), random.below(200)};
    shard.collection = CollectionId(any_below(random, 3));
  }
  for (NodeView& node : view.nodes) node.load = {};
  for (const ShardView& shard : view.shards) {
    for (const NodeId node : shard.replicas) view.nodes[node.value()].load.disk_used += shard.bytes;
    view.nodes[shard.leader.value()].load.requests_per_second += shard.requests_per_second;
  }
  return view;
}

ClusterView any_troubled_cluster(Random& random) {
  ClusterView view = any_loaded_cluster(random);
  disturb(random, view);
  for (ShardView& shard : view.shards) {
    const std::uint32_t what = any_below(random, 16);
    if (what == 0) shard.pinned = true;
    if (what == 2) shard.leader_stays = true;
    if (what != 1 || shard.replicas.size() >= view.nodes.size()) continue;
    const NodeId source = shard.replicas.back();
    for (const NodeView& node : view.nodes) {
      if (std::find(shard.replicas.begin(), shard.replicas.end(), node.id) !=
          shard.replicas.end()) {
        continue;
      }
      shard.move = InFlightMove{source, node.id};
      shard.learners = {node.id};
      break;
    }
  }
  if (random.below(2) == 0) give_roomy_disks(random, view);
  return view;
}

RC_GTEST_PROP(RebalanceProperty, EveryStepIsLegal, ()) {
  Random random = any_stream();
  const ClusterView start = any_troubled_cluster(random);
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name == "ancestor") continue;
    ClusterView view = start;
    const std::string name(info.name);
    check_every_step(view, policy(name).plan(view, {}), name);
  }
}

/// Any of the policy's options at any value, the ends of its range and what is published included.
/// A search ends early, or it would take all the time.
OptionValues any_values(Random& random, const std::vector<PolicyOption>& options) {
  OptionValues values;
  for (const PolicyOption& option : options) {
    const std::uint64_t kind = random.below(5);
    const std::uint64_t most = std::min<std::uint64_t>(option.max, 100);
    if (kind == 0) continue;
    Ratio value = kind == 1 ? Ratio(option.min, 1) : Ratio(most, 1);
    if (kind >= 3)
      value = Ratio(option.min * 100 + random.below((most - option.min) * 100 + 1), 100);
    values.emplace(option.name, option.is_whole ? Ratio(value.of(1), 1) : value);
  }
  if (find_option(options, "evaluations") != nullptr) {
    values.insert_or_assign("evaluations", Ratio(1 + random.below(1000), 1));
  }
  return values;
}

RC_GTEST_PROP(RebalanceProperty, EveryStepIsLegalWithAnyOptions, ()) {
  Random random = any_stream();
  const ClusterView start = any_troubled_cluster(random);
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name == "ancestor") continue;
    ClusterView view = start;
    const std::string name(info.name);
    const RebalanceOptions options = with_values({}, any_values(random, info.options));
    check_every_step(view, policy(name).plan(view, options), policy_label(name, options.values));
  }
}

RC_GTEST_PROP(RebalanceProperty, StepsWithoutThoseForEvennessAreLegalToo, ()) {
  Random random = any_stream();
  const ClusterView start = any_troubled_cluster(random);
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name == "ancestor") continue;
    ClusterView view = start;
    const std::string name(info.name);
    check_every_step(view, without_evenness(policy(name).plan(view, {})), name);
  }
}

RC_GTEST_PROP(RebalanceProperty, DisksNeverPassTheWatermark, ()) {
  Random random = any_stream();
  ClusterView start = any_loaded_cluster(random);
  for (NodeView& node : start.nodes) {
    node.capacity.disk = Bytes(node.load.disk_used.count() + 1 + random.below(20'000));
  }
  disturb(random, start);
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name == "ancestor") continue;
    ClusterView view = start;
    const std::string name(info.name);
    check_every_step(view, policy(name).plan(view, {}), name);
  }
}

RC_GTEST_PROP(RebalanceProperty, SameStateSamePlan, ()) {
  Random random = any_stream();
  const ClusterView view = any_troubled_cluster(random);
  const ClusterView copy = view;
  for (const PolicyInfo& info : rebalance_policies()) {
    const auto& each = policy(std::string(info.name));
    RC_ASSERT(each.plan(view, {}).moves == each.plan(copy, {}).moves);
  }
}

ClusterView any_disturbed_cluster(Random& random) {
  ClusterView view = any_loaded_cluster(random);
  disturb(random, view);
  if (random.below(2) == 0) give_roomy_disks(random, view);
  return view;
}

RC_GTEST_PROP(RebalanceProperty, ComesToRest, ()) {
  Random random = any_stream();
  const ClusterView start = any_disturbed_cluster(random);
  for (const std::string& name : policies()) {
    ClusterView view = start;
    if (!replan(policy(name), {}, view, kRoundsMax).is_quiet) {
      RC_FAIL(name + " does not come to rest");
    }
  }
}

/// Each plan may be of one move.
RC_GTEST_PROP(RebalanceProperty, ComesToRestWithAnyOptions, ()) {
  Random random = any_stream();
  const ClusterView start = any_disturbed_cluster(random);
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name == "ancestor") continue;
    ClusterView view = start;
    const std::string name(info.name);
    const RebalanceOptions options = with_values({}, any_values(random, info.options));
    if (!replan(policy(name), options, view, 10 * kRoundsMax).is_quiet) {
      RC_FAIL(policy_label(name, options.values) + " does not come to rest");
    }
  }
}

/// Once drains and domains are served: a node that gave a copy up for their sake may well get
/// another one of the shard for evenness.
RC_GTEST_PROP(RebalanceProperty, NoShardGoesBackToANodeThatItLeftForEvenness, ()) {
  Random random = any_stream();
  const ClusterView start = any_disturbed_cluster(random);
  for (const std::string& name : policies()) {
    ClusterView view = start;
    apply(view, without_evenness(policy(name).plan(view, {})));
    const Replanning result = replan(policy(name), {}, view, kRoundsMax);
    if (result.bounces > 0) RC_FAIL(name + " moves a shard back");
  }
}

RC_GTEST_PROP(RebalanceProperty, DrainedNodesEndEmptyUnlessAShardHasNowhereToGo, ()) {
  Random random = any_stream();
  const ClusterView start = [&] {
    ClusterView view = any_loaded_cluster(random);
    for (NodeView& node : view.nodes) {
      if (random.below(3) == 0) node.state = NodeState::Draining;
    }
    return view;
  }();
  const auto open = std::count_if(start.nodes.begin(), start.nodes.end(), takes_copies);
  for (const std::string& name : policies()) {
    if (name == "none") continue;
    ClusterView view = start;
    replan(policy(name), {}, view, kRoundsMax);
    for (const ShardView& shard : view.shards) {
      const auto left =
          std::count_if(shard.replicas.begin(), shard.replicas.end(),
                        [&](NodeId node) { return view.node(node).state == NodeState::Draining; });
      const auto copies = static_cast<std::ptrdiff_t>(shard.replicas.size());
      if (left > std::max<std::ptrdiff_t>(0, copies - open)) {
        RC_FAIL(fmt::format("{} leaves {} copies of {}", name, left, shard.id));
      }
    }
  }
}

/// The same cluster with its nodes under other ids.
ClusterView renumbered(Random& random, const ClusterView& view) {
  const auto count = static_cast<std::uint32_t>(view.nodes.size());
  const std::vector<NodeId> names = any_nodes(random, count, count);
  ClusterView result = view;
  const auto rename = [&](NodeId& node) { node = names[node.value()]; };
  for (const NodeView& node : view.nodes) {
    NodeView& there = result.nodes[names[node.id.value()].value()];
    there = node;
    rename(there.id);
  }
  for (ShardView& shard : result.shards) {
    for (NodeId& node : shard.replicas) rename(node);
    for (NodeId& node : shard.learners) rename(node);
    if (shard.leader.has_value()) rename(shard.leader);
    if (shard.move) {
      rename(shard.move->source);
      rename(shard.move->target);
    }
  }
  return result;
}

RC_GTEST_PROP(RebalanceProperty, NamesOfNodesAndOrderOfCopiesMakeNothingIllegal, ()) {
  Random random = any_stream();
  ClusterView start = renumbered(random, any_troubled_cluster(random));
  for (ShardView& shard : start.shards) std::reverse(shard.replicas.begin(), shard.replicas.end());
  for (const std::string& name : policies()) {
    ClusterView view = start;
    check_every_step(view, policy(name).plan(view, {}), name);
  }
}

/// For the policies that promise it: a newcomer to a cluster at rest gets, and nobody else does.
RC_GTEST_PROP(RebalanceProperty, JoinMovesNothingBetweenOldNodes, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  ClusterView start = any_cluster(random, shape);
  for (NodeView& node : start.nodes) node.domain = {};
  const RebalanceOptions counts_only{.balance_bytes = false, .balance_leaders = false};
  for (const std::string name : {"greedy"}) {
    ClusterView view = start;
    replan(policy(name), counts_only, view, kRoundsMax);
    test::add_node(view).domain = {};
    for (const Move& move : policy(name).plan(view, counts_only).moves) {
      RC_ASSERT(move.target == view.nodes.back().id);
    }
  }
}

/// Zones of different sizes, the smallest of one node, and a copy of every shard in each: what a
/// zone holds is fixed, so most nodes are far from their share by weight and stay there.
ClusterView any_cluster_of_unequal_zones(Random& random) {
  ClusterView view;
  const std::uint32_t zones = 2 + any_below(random, 3);
  std::vector<std::vector<NodeId>> members(zones);
  for (std::uint32_t zone = 0; zone < zones; ++zone) {
    const std::uint32_t count = zone == 0 ? 1 : 1 + any_below(random, 4);
    for (std::uint32_t i = 0; i < count; ++i) {
      members[zone].push_back(test::add_node(view, static_cast<std::uint16_t>(zone)).id);
    }
  }
  const std::uint32_t shards = 12 + any_below(random, 37);
  for (std::uint32_t i = 0; i < shards; ++i) {
    std::vector<NodeId> copies;
    for (const auto& nodes : members) {
      copies.push_back(nodes[any_below(random, static_cast<std::uint32_t>(nodes.size()))]);
    }
    std::rotate(copies.begin(), copies.begin() + any_below(random, zones), copies.end());
    test::add_shard(view, copies).bytes = Bytes(50'000 + random.below(100'000));
  }
  return view;
}

/// Sizes go up and down by a hundredth of themselves, which is little beside any band. Not held to
/// it are `goals` and `optimum`, to which nearly any step towards an even state is one, however
/// short: where a few large shards leave nodes outside their ranges, noise finds such steps again
/// and again.
RC_GTEST_PROP(RebalanceProperty, NoiseInSizesMovesNextToNothingWhereSharesAreOutOfReach, ()) {
  constexpr std::uint32_t kRounds = 50;
  constexpr std::size_t kMovesMax = 12;
  Random random = any_stream();
  ClusterView start = any_cluster_of_unequal_zones(random);
  if (random.below(2) == 0) give_roomy_disks(random, start);
  const std::uint64_t noise = random.next();
  for (const std::string& name : policies()) {
    if (name == "goals" || name == "optimum") continue;
    ClusterView view = start;
    replan(policy(name), {}, view, kRoundsMax);
    const ClusterView even = view;
    Random drift(noise);
    std::size_t moves = 0;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      for (std::size_t i = 0; i < view.shards.size(); ++i) {
        view.shards[i].bytes =
            Bytes(Ratio(990 + drift.below(21), 1000).of(even.shards[i].bytes.count()));
      }
      const Plan plan = policy(name).plan(view, {});
      moves += plan.moves.size();
      apply(view, plan);
    }
    if (moves > kMovesMax) RC_FAIL(fmt::format("{} makes {} moves", name, moves));
  }
}

/// `rate` events a second counted over one: a normal variate in the place of Poisson's.
std::uint64_t counted(Random& random, std::uint64_t rate) {
  constexpr int kUniforms = 12;  // the variance of their sum is one
  double sum = 0;
  for (int i = 0; i < kUniforms; ++i) sum += static_cast<double>(random.below(1'000'000)) / 1e6;
  const double count = static_cast<double>(rate) + std::sqrt(rate) * (sum - kUniforms / 2.0);
  return count < 0 ? 0 : static_cast<std::uint64_t>(count + 0.5);
}

/// A load that does not change, as reports of single seconds tell of it.
void count_anew(Random& random, const std::vector<std::uint64_t>& rates, ClusterView& view) {
  for (std::size_t i = 0; i < rates.size(); ++i) {
    ShardView& shard = view.shards[i];
    shard.requests_per_second = counted(random, rates[i]);
    shard.cpu = {shard.requests_per_second * 5, shard.requests_per_second * 2};
  }
}

/// Whatever stands in the way of an even state: hot shards, domains, nodes of which each is far
/// from its share. Policies that took each report at its word would make several moves in each
/// plan, and for ever; less than one is what it takes until no report finds one worth while.
RC_GTEST_PROP(RebalanceProperty, NoiseInMeasuredLoadsMovesNextToNothing, ()) {
  constexpr std::uint32_t kSettled = 10;
  constexpr std::uint32_t kRounds = 50;
  constexpr std::size_t kMovesMax = 24;
  Random random = any_stream();
  ClusterView start = any_loaded_cluster(random);
  start.counted_over = seconds(1);
  std::vector<std::uint64_t> rates;
  for (std::size_t i = 0; i < start.shards.size(); ++i) {
    rates.push_back(random.below(8) == 0 ? random.below(2000) : random.below(100));
  }
  const std::uint64_t noise = random.next();
  for (const std::string& name : policies()) {
    ClusterView view = start;
    Random drift(noise);
    count_anew(drift, rates, view);
    replan(policy(name), {}, view, kRoundsMax);
    std::size_t moves = 0;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      count_anew(drift, rates, view);
      const Plan plan = policy(name).plan(view, {});
      if (round >= kSettled) moves += plan.moves.size();
      apply(view, plan);
    }
    if (moves > kMovesMax) RC_FAIL(fmt::format("{} makes {} moves", name, moves));
  }
}

}  // namespace
}  // namespace shardproof::distribution
