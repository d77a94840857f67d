// SPDX-License-Identifier: Apache-2.0
//
// Laws of the algorithms that place keys, on random nodes, weights and keys: what each of them
// promises is said in one table, and each promise is checked.

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/keys/crush/crush_testing.hpp"
#include "core/distribution/keys/crush/straw2_bucket.hpp"
#include "core/distribution/keys/ketama.hpp"
#include "core/distribution/keys/movement.hpp"
#include "core/distribution/placement/rendezvous.hpp"
#include "property_tests/placement_shares.hpp"

namespace shardproof::distribution {
namespace {

// Comparisons in double parentheses are printed as true or false, not as two thousand numbers.

/// When nodes come or go at the end, does a key move between two that stay?
enum class Still {
  Always,       ///< never
  WhenEqual,    ///< not if all weights are equal
  NotPromised,  ///< it may
};

/// How many keys move beyond those that have to, at most; `least` is what has to.
using MoveLaw = void (*)(const PlacementWorld& world, std::uint64_t moved, std::uint64_t least);

void moves_anything(const PlacementWorld&, std::uint64_t, std::uint64_t) {}

/// Just as many as have to.
void moves_the_least(const PlacementWorld&, std::uint64_t moved, std::uint64_t least) {
  RC_ASSERT(moved == least);
}

void check_kept(std::uint64_t moved, double kept) {
  const double expected = kept * kWorldKeys;
  const double off = static_cast<double>(kWorldKeys - moved) - expected;
  RC_ASSERT(std::abs(off) <= 6 * std::sqrt(expected) + 12);
}

/// As the remainders of a hash: those alike are min(n, m) of lcm(n, m).
void moves_as_remainders(const PlacementWorld& world, std::uint64_t moved, std::uint64_t) {
  const auto both = std::lcm(std::uint64_t{world.nodes}, std::uint64_t{world.nodes_after});
  check_kept(moved, static_cast<double>(std::min(world.nodes, world.nodes_after)) /
                        static_cast<double>(both));
}

void moves_as_a_tree(const PlacementWorld& world, std::uint64_t moved, std::uint64_t) {
  const auto weights = [&](std::uint32_t nodes) {
    return world.weights.empty() ? Counts(nodes, 1) : world.weights_of(nodes);
  };
  check_kept(moved, kept_by_tree(weights(world.nodes), weights(world.nodes_after)));
}

/// What an algorithm promises beside what all do.
struct Laws {
  std::string_view name{};
  ShareLaw share = nullptr;
  Still still = Still::Always;
  MoveLaw moves = moves_anything;  ///< of the keys, given that it is `still`
  bool judges_alone = true;        ///< where a key goes depends on no other one, nor on their order
  bool comes_back = true;          ///< nodes that come and go again leave all keys where they were
  bool adds_copies = true;         ///< a copy more changes none of those before
  KeyMapOptions options{};
};

const std::vector<Laws>& table() {
  static const std::vector<Laws> kTable = {
      {"mod", share_by_weight, Still::NotPromised, moves_as_remainders},
      {"jump", share_by_weight},
      {"anchor", share_by_weight},
      {"memento", share_by_weight},
      {"dx", share_by_weight},
      {"binomial", share_of_binomial},
      {"ring", share_as_stated, Still::WhenEqual},
      {"ketama", share_as_stated, Still::WhenEqual},
      {.name = "bounded",
       .share = share_within_capacity,
       .still = Still::NotPromised,
       .judges_alone = false,
       .options = {{"c", {21, 20}}}},
      {"multiprobe", share_of_multiprobe},
      {"rendezvous", share_by_weight},
      {"asura", share_by_weight, Still::WhenEqual},
      {"straw2", share_by_weight},
      {"crush_list", share_by_weight},
      {"crush_tree", share_by_weight, Still::NotPromised, moves_as_a_tree},
      {"crush_uniform", share_by_weight, Still::NotPromised, moves_as_remainders},
      {.name = "slots", .share = share_of_slots},
      {.name = "maglev",
       .share = share_of_maglev,
       .still = Still::NotPromised,
       .options = {{"table", {4099, 1}}}},
      {.name = "random_slicing", .share = share_as_stated_by_weight, .comes_back = false},
      {.name = "range",
       .share = share_of_ranges,
       .still = Still::NotPromised,
       .judges_alone = false,
       .comes_back = false,
       .options = {{"split", {50, 1}}}},
      {.name = "two_choice",
       .share = share_of_two_choices,
       .judges_alone = false,
       .comes_back = false},
      {.name = "directory",
       .share = share_of_directory,
       .moves = moves_the_least,
       .judges_alone = false,
       .comes_back = false},
      {"copysets", share_by_weight},
      {"tiered", share_of_tiers},
      {"shuffle", share_as_stated, Still::NotPromised},
  };
  return kTable;
}

const Laws& laws_of(const std::string& name) {
  return *std::find_if(table().begin(), table().end(),
                       [&](const Laws& laws) { return laws.name == name; });
}

/// One algorithm with what it promises.
class Placement : public testing::TestWithParam<std::string> {
 protected:
  const Laws& laws() const { return laws_of(GetParam()); }
  const KeyAlgorithm& algorithm() const { return *find_key_algorithm(GetParam()); }

  PlacementWorld any_world() const {
    return any_placement_world(algorithm().is_weighted &&
                               *rc::gen::arbitrary<bool>().as("weighted"));
  }
  std::unique_ptr<KeyMap> map(const PlacementWorld& world) const {
    return map_of(algorithm(), world, laws().options);
  }
  Owners owners(KeyMap& map, const PlacementWorld& world) const {
    return owners_in(map, world, algorithm().remembers_keys);
  }
};

std::vector<std::string> names_that(bool (*promise)(const Laws& laws)) {
  std::vector<std::string> names;
  for (const Laws& laws : table()) {
    if (promise(laws)) names.emplace_back(laws.name);
  }
  return names;
}

#define SHARDPROOF_LAW_OF(suite, promise)                                                         \
  class suite : public Placement {};                                                              \
  INSTANTIATE_TEST_SUITE_P(                                                                       \
      Algorithms, suite, testing::ValuesIn(names_that([](const Laws& laws) { return promise; })), \
      [](const auto& test) { return test.param; })

TEST(PlacementLaws, AreSaidOfEveryAlgorithm) {
  std::vector<std::string_view> registered;
  for (const KeyAlgorithm& algorithm : key_algorithms()) registered.push_back(algorithm.name);
  std::vector<std::string_view> said;
  for (const Laws& laws : table()) said.push_back(laws.name);
  EXPECT_EQ(said, registered);
  for (const Laws& laws : table()) {
    EXPECT_EQ(find_key_algorithm(laws.name)->counts_keys, !laws.judges_alone) << laws.name;
  }
}

SHARDPROOF_LAW_OF(AnyPlacement, !laws.name.empty());

TEST_P(AnyPlacement, IsTheSameTwiceAndKeyByKey) {
  const bool holds = rc::check([&] {
    const PlacementWorld world = any_world();
    const auto one = map(world);
    const auto other = map(world);
    Owners alone(world.keys.size());
    for (std::size_t i = 0; i < alone.size(); ++i) {
      other->place({&world.keys[i], 1}, {&alone[i], 1});
    }
    Owners together(world.keys.size());
    one->place(world.keys, together);
    RC_ASSERT((together == alone));
    if (algorithm().remembers_keys) RC_ASSERT((owners(*one, world) == owners(*other, world)));
  });
  EXPECT_TRUE(holds);
}

TEST_P(AnyPlacement, GivesNodesTheirShare) {
  const bool holds = rc::check([&] {
    const PlacementWorld world = any_world();
    const auto before = map(world);
    laws().share(world, *before, counts_in(owners(*before, world), world.nodes), false);
    const auto after = changed_map(*before, world);
    laws().share(world, *after, counts_in(owners(*after, world), world.nodes_after), true);
  });
  EXPECT_TRUE(holds);
}

TEST_P(AnyPlacement, HeedsOnlyTheRatiosOfWeights) {
  const bool holds = rc::check([&] {
    PlacementWorld world = any_world();
    const auto one = map(world);
    const Owners expected = owners(*one, world);
    if (world.weights.empty()) {
      world.weights.assign(std::max(world.nodes, world.nodes_after), 7);
    } else {
      for (std::uint64_t& weight : world.weights) weight *= 7;
    }
    RC_ASSERT((owners(*map(world), world) == expected));
  });
  EXPECT_TRUE(holds);
}

TEST_P(AnyPlacement, PutsCopiesOnDistinctNodesTheFirstOnTheOwner) {
  const bool holds = rc::check([&] {
    const PlacementWorld world = any_world();
    const auto one = map(world);
    const auto other = map(world);
    const auto copies = *rc::gen::inRange<std::uint32_t>(1, 6).as("copies");
    for (std::size_t i = 0; i < 200; ++i) {
      const auto found = one->replicas(world.keys[i], copies);
      RC_ASSERT(found.size() == std::min(copies, world.nodes));
      RC_ASSERT(std::set(found.begin(), found.end()).size() == found.size());
      RC_ASSERT(*std::max_element(found.begin(), found.end()) < world.nodes);
      std::uint32_t owner = 0;
      other->place({&world.keys[i], 1}, {&owner, 1});
      RC_ASSERT(found.front() == owner);
    }
  });
  EXPECT_TRUE(holds);
}

SHARDPROOF_LAW_OF(GrowingCopies, laws.adds_copies);

TEST_P(GrowingCopies, StayWhereTheyAreWhenOneMoreIsMade) {
  const bool holds = rc::check([&] {
    const PlacementWorld world = any_world();
    const auto one = map(world);
    const auto other = map(world);
    const auto copies = *rc::gen::inRange<std::uint32_t>(1, 6).as("copies");
    for (std::size_t i = 0; i < 200; ++i) {
      const auto fewer = one->replicas(world.keys[i], copies);
      auto more = other->replicas(world.keys[i], copies + 1);
      more.resize(fewer.size());
      RC_ASSERT((more == fewer));
    }
  });
  EXPECT_TRUE(holds);
}

SHARDPROOF_LAW_OF(StillPlacement, laws.still != Still::NotPromised);

/// With that what moves is what a newcomer takes, or what one that goes had: by its share, the
/// least that there can be.
TEST_P(StillPlacement, MovesNothingBetweenNodesThatStay) {
  const bool holds = rc::check([&] {
    const PlacementWorld world =
        laws().still == Still::Always ? any_world() : any_placement_world(false);
    const auto before = map(world);
    const Owners then = owners(*before, world);
    const auto after = changed_map(*before, world);
    const Owners now = owners(*after, world);
    for (std::size_t i = 0; i < then.size(); ++i) {
      RC_ASSERT(now[i] == then[i] || now[i] >= world.nodes || then[i] >= world.nodes_after);
    }
  });
  EXPECT_TRUE(holds);
}

SHARDPROOF_LAW_OF(MeasuredPlacement, laws.moves != moves_anything);

TEST_P(MeasuredPlacement, MovesAsManyKeysAsItsDefinitionSays) {
  const bool holds = rc::check([&] {
    const PlacementWorld world = any_world();
    const auto before = map(world);
    const Owners then = owners(*before, world);
    const auto after = changed_map(*before, world);
    const Owners now = owners(*after, world);
    std::uint64_t moved = 0;
    for (std::size_t i = 0; i < then.size(); ++i) moved += then[i] != now[i] ? 1 : 0;
    const Counts counts = counts_in(then, world.nodes);
    laws().moves(world, moved,
                 least_moved(counts, world.nodes_after, world.weights_of(world.nodes_after)));
  });
  EXPECT_TRUE(holds);
}

SHARDPROOF_LAW_OF(LonePlacement, laws.judges_alone);

TEST_P(LonePlacement, DependsOnNoOtherKey) {
  const bool holds = rc::check([&] {
    PlacementWorld world = any_world();
    const auto one = map(world);
    const Owners expected = owners(*one, world);
    Random random = any_stream();
    const auto other = map(world);
    for (std::uint32_t asked = 0; asked < 300; ++asked) {
      const std::uint32_t i = any_below(random, kWorldKeys);
      std::uint32_t owner = 0;
      other->place({&world.keys[i], 1}, {&owner, 1});
      RC_ASSERT(owner == expected[i]);
    }
  });
  EXPECT_TRUE(holds);
}

SHARDPROOF_LAW_OF(ReturningPlacement, laws.comes_back);

TEST_P(ReturningPlacement, IsAsBeforeWhenNodesHaveComeAndGone) {
  const bool holds = rc::check([&] {
    PlacementWorld world = any_world();
    const auto before = map(world);
    const auto changed = changed_map(*before, world);
    const auto back = changed->resized(world.nodes, world.weights_of(world.nodes));
    RC_ASSERT((owners(*back, world) == owners(*map(world), world)));
  });
  EXPECT_TRUE(holds);
}

/// Where copies can find a domain of their own in any number of tries: half of the domains at most,
/// so that 50 tries fail once in 2^50 keys; uniform buckets find all.
TEST(CrushPlacement, PutsCopiesInDistinctDomains) {
  for (const char* name : {"straw2", "crush_list", "crush_tree", "crush_uniform"}) {
    const bool holds = rc::check([&] {
      const auto domains = *rc::gen::inRange<std::uint32_t>(1, 9).as("domains");
      const auto size = *rc::gen::inRange<std::uint32_t>(2, 5).as("nodes of a domain");
      PlacementWorld world = any_placement_world(false);
      world.nodes = world.nodes_after = domains * size;
      const auto map = map_of(*find_key_algorithm(name), world, {{"domain", {size, 1}}});
      const bool is_uniform = std::string_view(name) == "crush_uniform";
      const std::uint32_t copies = is_uniform ? domains : (domains + 1) / 2;
      for (std::size_t i = 0; i < 200; ++i) {
        std::set<std::uint32_t> found;
        for (const std::uint32_t node : map->replicas(world.keys[i], copies)) {
          found.insert(node / size);
        }
        RC_ASSERT(found.size() == copies);
      }
    });
    EXPECT_TRUE(holds) << name;
  }
}

/// A random order of 0 to count - 1.
std::vector<std::uint32_t> any_order(Random& random, std::size_t count) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t left = count; left > 1; --left)
    std::swap(order[left - 1], order[random.below(left)]);
  return order;
}

/// Nodes that are known by their names are the same in a list of another order.
RC_GTEST_PROP(NodeLists, MayHaveAnyOrderInARendezvous, ()) {
  Random random = any_stream();
  const auto count = *rc::gen::inRange<std::uint32_t>(1, 13).as("nodes");
  const std::uint64_t heaviest = 1 + random.below(9);
  std::vector<RendezvousNode> nodes;
  for (std::uint32_t i = 0; i < count; ++i) {
    nodes.push_back(rendezvous_node(NodeId(i), 1 + random.below(heaviest)));
  }
  std::vector<RendezvousNode> shuffled;
  for (const std::uint32_t i : any_order(random, count)) shuffled.push_back(nodes[i]);
  for (int key = 0; key < 50; ++key) {
    const std::string text = fmt::format("{:x}", random.next());
    RC_ASSERT(rendezvous_order(text, shuffled) == rendezvous_order(text, nodes));
  }
}

RC_GTEST_PROP(NodeLists, MayHaveAnyOrderOnAContinuum, ()) {
  Random random = any_stream();
  const auto count = *rc::gen::inRange<std::uint32_t>(1, 13).as("servers");
  std::vector<KetamaServer> servers;
  for (std::uint32_t i = 0; i < count; ++i) {
    servers.push_back({fmt::format("{:x}", random.next()), 1 + random.below(9)});
  }
  std::vector<KetamaServer> shuffled;
  for (const std::uint32_t i : any_order(random, count)) shuffled.push_back(servers[i]);
  const auto server = [](const KetamaContinuum& continuum, const std::vector<KetamaServer>& list,
                         std::uint32_t place) {
    return list[continuum.owner(continuum.successor(place))].name;
  };
  const KetamaContinuum one(servers);
  const KetamaContinuum other(shuffled);
  for (int key = 0; key < 200; ++key) {
    const auto place = static_cast<std::uint32_t>(random.next());
    RC_ASSERT(server(one, servers, place) == server(other, shuffled, place));
  }
}

RC_GTEST_PROP(NodeLists, MayHaveAnyOrderInAStraw2Bucket, ()) {
  Random random = any_stream();
  const auto count = *rc::gen::inRange<std::uint32_t>(1, 13).as("items");
  std::vector<CrushItem> items;
  for (std::uint32_t i = 0; i < count; ++i) items.push_back({random.next(), 1 + random.below(9)});
  const std::vector<std::uint32_t> order = any_order(random, count);
  std::vector<CrushItem> shuffled;
  for (const std::uint32_t i : order) shuffled.push_back(items[i]);
  const Straw2Bucket one(items, 0);
  const Straw2Bucket other(shuffled, 0);
  for (std::uint64_t key = 0; key < 200; ++key) {
    const std::uint64_t hash = random.next();
    RC_ASSERT(order[other.choose(hash, key % 5)] == one.choose(hash, key % 5));
  }
}

/// The table promises all that holds: who does not promise one of these laws breaks it here.
TEST(PlacementLaws, AreBrokenByThoseThatDoNotPromiseThem) {
  for (const Laws& laws : table()) {
    const KeyAlgorithm& algorithm = *find_key_algorithm(laws.name);
    PlacementWorld world;
    world.nodes = 10;
    world.nodes_after = 12;
    for (std::uint32_t i = 0; i < kWorldKeys; ++i) world.texts.push_back(fmt::format("key-{}", i));
    for (const std::string& text : world.texts) world.keys.push_back({text, stable_hash(text)});
    if (laws.still == Still::WhenEqual) world.weights = {9, 1, 1, 2, 3, 4, 5, 6, 7, 8, 99, 1};
    const auto before = map_of(algorithm, world, laws.options);
    const Owners then = owners_in(*before, world, algorithm.remembers_keys);
    const auto after = changed_map(*before, world);
    const Owners now = owners_in(*after, world, algorithm.remembers_keys);
    std::uint64_t useless = 0;
    for (std::size_t i = 0; i < then.size(); ++i) {
      useless += now[i] != then[i] && now[i] < world.nodes ? 1 : 0;
    }
    EXPECT_EQ(useless == 0, laws.still == Still::Always) << laws.name;
    const auto back = before->resized(3, world.weights_of(3))->resized(10, world.weights_of(10));
    EXPECT_EQ(owners_in(*back, world, algorithm.remembers_keys) == then, laws.comes_back)
        << laws.name;
    std::reverse(world.keys.begin(), world.keys.end());
    Owners reversed =
        owners_in(*map_of(algorithm, world, laws.options), world, algorithm.remembers_keys);
    std::reverse(reversed.begin(), reversed.end());
    EXPECT_EQ(reversed == then, laws.judges_alone) << laws.name;
  }
}

}  // namespace
}  // namespace shardproof::distribution
