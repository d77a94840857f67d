// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/slots.hpp"

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/movement.hpp"

namespace shardproof::distribution {
namespace {

TEST(Slots, AreThoseOfRedis) {
  EXPECT_EQ(slot_of("foo", 16384), 12182u);
  EXPECT_EQ(slot_of("bar", 16384), 5061u);
  EXPECT_EQ(slot_of("hello", 16384), 866u);
  EXPECT_EQ(slot_of("user1000", 16384), 3443u);
  EXPECT_EQ(slot_of("123456789", 16384), 12739u);
  EXPECT_EQ(slot_of("somekey", 16384), 11058u);
  EXPECT_EQ(slot_of("", 16384), 0u);
}

/// The examples of the specification.
TEST(Slots, HashOnlyTheTagOfAKeyThatHasOne) {
  EXPECT_EQ(hash_tag("{user1000}.following"), "user1000");
  EXPECT_EQ(hash_tag("foo{}{bar}"), "foo{}{bar}") << "an empty tag is none";
  EXPECT_EQ(hash_tag("foo{{bar}}zap"), "{bar");
  EXPECT_EQ(hash_tag("foo{bar}{zap}"), "bar");
  EXPECT_EQ(hash_tag("foo{bar"), "foo{bar");
  EXPECT_EQ(hash_tag("}foo{"), "}foo{");
}

std::vector<std::uint32_t> nodes_of_slots(KeyMap& map) {
  // One key in each slot: the CRC of two bytes is a bijection of 16 bits.
  std::vector<std::uint32_t> nodes(16384);
  for (std::uint32_t word = 0; word < 65536; ++word) {
    const char bytes[] = {static_cast<char>(word >> 8), static_cast<char>(word & 0xff)};
    const Key key{std::string_view(bytes, 2), 0};
    if (hash_tag(key.bytes).size() == 2) {
      map.place({&key, 1}, {&nodes[slot_of(key.bytes, 16384)], 1});
    }
  }
  return nodes;
}

/// 4096 of 16384 from 3 to 4 nodes, 2730 from 5 to 6, and no more than the least in any other
/// change, again and again.
TEST(Slots, MoveTheLeastThatBalancesThem) {
  auto map = key_map("slots", 3);
  auto before = nodes_of_slots(*map);
  std::uint32_t nodes = 3;
  for (const std::uint32_t after : {4u, 5u, 6u, 2u, 17u, 16u, 40u, 1u}) {
    auto changed = map->resized(after, {});
    const auto now = nodes_of_slots(*changed);
    const auto counts = counts_of(before, nodes);
    const std::uint64_t moved = moves_of(before, now, nodes, after).all;
    EXPECT_EQ(moved, least_moved(counts, after, {})) << nodes << " to " << after;
    if (after == 4) {
      EXPECT_EQ(moved, 4096u);
    }
    if (after == 6) {
      EXPECT_EQ(moved, 2730u);
    }
    const auto counts_now = counts_of(now, after);
    EXPECT_LE(*std::max_element(counts_now.begin(), counts_now.end()),
              *std::min_element(counts_now.begin(), counts_now.end()) + 1);
    map = std::move(changed);
    before = now;
    nodes = after;
  }
}

}  // namespace
}  // namespace shardproof::distribution
