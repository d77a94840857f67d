// SPDX-License-Identifier: Apache-2.0
#include "core/base/stable_hash.hpp"

#include <bit>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace shardproof {
namespace {

TEST(StableHash, MatchesThePublishedVectorsOfXxh64) {
  EXPECT_EQ(stable_hash(""), 0xef46db3751d8e999u);
  EXPECT_EQ(stable_hash("a"), 0xd24ec4f1a98c6e5bu);
  EXPECT_EQ(stable_hash("abc"), 0x44bc2cf5ad770999u);
  EXPECT_EQ(stable_hash("Nobody inspects the spammish repetition"), 0xfbcea83c8a378bf1u);
  EXPECT_EQ(stable_hash("xxhash"), 0x32dd38952c4bc720u);
  EXPECT_EQ(stable_hash("xxhash", 20141025), 0xb559b98d844e0635u);
}

TEST(StableHash, TakesTextWithZerosWhole) {
  const std::string text("with\0zero", 9);
  EXPECT_NE(stable_hash(text), stable_hash("with"));
  EXPECT_NE(stable_hash(text, 1), stable_hash(text, 2));
}

TEST(Mix64, MatchesTheReferenceOfSplitMix64) {
  std::uint64_t state = 1234567;
  const std::uint64_t expected[] = {6457827717110365317u, 3203168211198807973u,
                                    9817491932198370423u, 4593380528125082431u,
                                    16408922859458223821u};
  for (const std::uint64_t output : expected) {
    state += 0x9e3779b97f4a7c15u;
    EXPECT_EQ(mix64(state), output);
  }
}

TEST(Mix64, ChangesHalfOfTheBitsForOneBitOfInput) {
  int flipped = 0;
  for (int bit = 0; bit < 64; ++bit) {
    flipped += std::popcount(mix64(0x1234) ^ mix64(0x1234 ^ (std::uint64_t{1} << bit)));
  }
  EXPECT_NEAR(flipped, 64 * 32, 200);
}

TEST(Combine64, DistinctWordsGiveDistinctStatesAndOrderMatters) {
  std::set<std::uint64_t> states;
  for (std::uint64_t word = 0; word < 10'000; ++word) states.insert(combine64(42, word));
  EXPECT_EQ(states.size(), 10'000u);
  EXPECT_NE(combine64(combine64(0, 1), 2), combine64(combine64(0, 2), 1));
}

}  // namespace
}  // namespace shardproof
