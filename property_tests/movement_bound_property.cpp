// SPDX-License-Identifier: Apache-2.0
//
// The lower bounds on movement against trying all assignments.

#include <algorithm>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/bounds.hpp"
#include "property_tests/distribution_generators.hpp"

namespace shardproof::distribution {
namespace {

/// The cheapest way to give every member its share, rounded down or up, by trying all assignments
/// of copies to members (several copies of a shard on one node allowed, as in the bound).
struct BruteForce {
  std::vector<std::size_t> at;       // node of each copy now
  std::vector<std::uint64_t> bytes;  // of each copy
  std::vector<bool> members;
  std::vector<std::uint64_t> held;       // by node, in the assignment being tried
  std::optional<MigrationMinimum> best;  // fewest copies, then fewest bytes

  bool is_balanced() const {
    const auto count = static_cast<std::uint64_t>(std::count(members.begin(), members.end(), true));
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::uint64_t share = members[i] ? at.size() / count : 0;
      const std::uint64_t most = members[i] ? (at.size() + count - 1) / count : 0;
      if (held[i] < share || held[i] > most) return false;
    }
    return true;
  }
  void assign(std::size_t copy, MigrationMinimum cost) {
    if (copy == at.size()) {
      const bool better = !best || cost.copies < best->copies ||
                          (cost.copies == best->copies && cost.bytes < best->bytes);
      if (is_balanced() && better) best = cost;
      return;
    }
    for (std::size_t node = 0; node < members.size(); ++node) {
      if (!members[node]) continue;
      const bool moves = node != at[copy];
      ++held[node];
      assign(copy + 1,
             {cost.copies + moves, cost.bytes + Bytes(moves ? bytes[copy] : 0), Bytes(0)});
      --held[node];
    }
  }
};

RC_GTEST_PROP(BoundProperty, EqualsTheCheapestOfAllAssignments, ()) {
  Random random = any_stream();
  const auto node_count = *rc::gen::inRange<std::uint32_t>(1, 5);
  const auto copy_count = *rc::gen::inRange<std::uint32_t>(0, 7);
  ClusterView view = test::make_view(node_count);
  BruteForce brute;
  for (std::uint32_t i = 0; i < copy_count; ++i) {
    const NodeId node(any_below(random, node_count));
    const std::uint64_t bytes = random.below(10);
    test::add_shard(view, {node}).bytes = Bytes(bytes);
    brute.at.push_back(node.value());
    brute.bytes.push_back(bytes);
  }
  for (NodeView& node : view.nodes) {
    if (node.id.value() > 0 && random.below(3) == 0) node.state = NodeState::Draining;
  }
  brute.members = members_after_changes(view);
  brute.held.resize(node_count);
  brute.assign(0, {});
  RC_ASSERT(brute.best.has_value());
  const MigrationMinimum minimum = migration_minimum(view, brute.members);
  RC_ASSERT(minimum.copies == brute.best->copies);
  RC_ASSERT(minimum.bytes == brute.best->bytes);
}

/// All assignments of shards with two copies in two different zones: among the most even ones, the
/// fewest copies that move.
struct ZonedBruteForce {
  const ClusterView& view;
  std::vector<std::uint64_t> held;
  std::uint64_t least_squares = ~std::uint64_t{0};
  std::uint64_t fewest_moves = 0;

  void assign(std::size_t index, std::uint64_t moves) {
    if (index == view.shards.size()) {
      std::uint64_t squares = 0;
      for (const std::uint64_t count : held) squares += count * count;
      if (squares < least_squares || (squares == least_squares && moves < fewest_moves)) {
        least_squares = squares;
        fewest_moves = moves;
      }
      return;
    }
    for (const NodeView& a : view.nodes) {
      for (const NodeView& b : view.nodes) {
        if (a.id < b.id && a.domain.zone != b.domain.zone) place(index, a.id, b.id, moves);
      }
    }
  }
  void place(std::size_t index, NodeId a, NodeId b, std::uint64_t moves) {
    const auto& now = view.shards[index].replicas;
    const auto is_new = [&](NodeId node) {
      return std::find(now.begin(), now.end(), node) == now.end();
    };
    ++held[a.value()];
    ++held[b.value()];
    assign(index + 1, moves + is_new(a) + is_new(b));
    --held[a.value()];
    --held[b.value()];
  }
};

RC_GTEST_PROP(BoundProperty, HoldsUnderDomainsAndIsExactWhereEachZoneHasACopyOfEverything, ()) {
  Random random = any_stream();
  const auto zones = *rc::gen::inRange<std::uint32_t>(2, 4);
  ClusterView view;
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::uint32_t zone = i < zones ? i : any_below(random, zones);
    test::add_node(view, static_cast<std::uint16_t>(zone));
  }
  const auto shards = *rc::gen::inRange<std::uint32_t>(0, 5);
  while (view.shards.size() < shards) {
    const auto nodes = any_nodes(random, 2, 5);
    if (test::distinct_domains(view, nodes, DomainLevel::Zone) == 2) test::add_shard(view, nodes);
  }
  ZonedBruteForce brute{view, std::vector<std::uint64_t>(5)};
  brute.assign(0, 0);
  const MigrationMinimum minimum = migration_minimum(view, members_after_changes(view));
  RC_ASSERT(minimum.copies <= brute.fewest_moves);
  if (zones == 2) RC_ASSERT(minimum.copies == brute.fewest_moves);
}

}  // namespace
}  // namespace shardproof::distribution
