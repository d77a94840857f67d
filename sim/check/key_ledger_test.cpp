// SPDX-License-Identifier: Apache-2.0
#include "sim/check/key_ledger.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace shardproof::sim::check {
namespace {

TEST(KeyLedger, FindsEveryKeyAgainAndNoOther) {
  KeyLedger ledger;
  std::uint32_t first = KeyState::kNoKey;
  constexpr std::uint64_t kKeys = 5000;
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    KeyState& key = ledger.obtain(tag_of(ShardId(0), fmt::format("key{}", i)), first);
    ledger.detail(key).stored = Bytes(i);
  }
  ASSERT_EQ(ledger.size(), kKeys);
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    const KeyState* found = ledger.find(tag_of(ShardId(0), fmt::format("key{}", i)));
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(ledger.detail(*found).stored, Bytes(i));
    EXPECT_EQ(ledger.find(tag_of(ShardId(1), fmt::format("key{}", i))), nullptr);
  }
}

TEST(KeyLedger, ChainsTheKeysOfAShard) {
  KeyLedger ledger;
  std::uint32_t even = KeyState::kNoKey;
  std::uint32_t odd = KeyState::kNoKey;
  for (int i = 0; i < 100; ++i) {
    ledger.obtain(tag_of(ShardId(i % 2), fmt::format("{}", i)), i % 2 == 0 ? even : odd);
    ledger.obtain(tag_of(ShardId(i % 2), fmt::format("{}", i)), i % 2 == 0 ? even : odd);
  }
  int count = 0;
  for (std::uint32_t at = odd; at != KeyState::kNoKey; at = ledger.at(at).next) ++count;
  EXPECT_EQ(count, 50);
}

TEST(KeyLedger, EqualHashesWithAnotherCheckAreAnotherKey) {
  KeyLedger ledger;
  std::uint32_t first = KeyState::kNoKey;
  const KeyTag tag = tag_of(ShardId(0), "a");
  ledger.obtain(tag, first);
  EXPECT_EQ(ledger.find({tag.hash, tag.check ^ 1}), nullptr);
  EXPECT_EQ(ledger.find({tag.hash ^ 1, tag.check}), nullptr);
}

}  // namespace
}  // namespace shardproof::sim::check
