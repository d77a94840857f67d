// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/sorted_run.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace shardproof::sim {
namespace {

/// A network sorts everything if it sorts all words of zeros and ones (Knuth, TAOCP 3, 5.3.4).
template <std::size_t kSize>
void expect_network_sorts_zeros_and_ones() {
  for (std::uint64_t pattern = 0; pattern < (std::uint64_t{1} << kSize); ++pattern) {
    std::array<std::uint64_t, kSize> words{};
    for (std::size_t i = 0; i < kSize; ++i) words[i] = (pattern >> i) & 1;
    SortingNetwork<kSize>::sort(words.data());
    ASSERT_TRUE(std::is_sorted(words.begin(), words.end())) << pattern;
  }
}

TEST(SortingNetworkTest, SortsEveryWordOfZerosAndOnes) {
  expect_network_sorts_zeros_and_ones<4>();
  expect_network_sorts_zeros_and_ones<8>();
  expect_network_sorts_zeros_and_ones<16>();
}

std::uint64_t sequence_of(std::uint32_t slot) { return 1'000 - slot; }

auto key_of(const QueueEntry& entry) {
  return std::tuple(entry.time_ns, entry.tie, sequence_of(entry.slot));
}

bool before(const QueueEntry& a, const QueueEntry& b) { return key_of(a) < key_of(b); }

void expect_assign_sorts(std::size_t count, std::uint64_t times, std::uint64_t offset) {
  Random random(count);
  UnsortedRun unsorted;
  std::vector<QueueEntry> expected;
  for (std::size_t i = 0; i < count; ++i) {
    QueueEntry entry;
    entry.time_ns = offset + random.below(times);
    entry.tie = static_cast<std::uint32_t>(random.below(2));
    entry.slot = static_cast<std::uint32_t>(i);
    unsorted.append(entry);
    expected.push_back(entry);
  }
  std::sort(expected.begin(), expected.end(), before);
  SortedRun run;
  run.assign(unsorted, sequence_of);
  ASSERT_EQ(run.size(), count);
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(run.begin()[i].slot, expected[i].slot);
}

TEST(SortedRunTest, AssignSortsAnyNumberOfEntries) {
  for (std::size_t count = 0; count < 70; ++count) expect_assign_sorts(count, 1'000'000'000, 0);
}

TEST(SortedRunTest, EqualTimesAreSortedByTieAndSequence) {
  for (std::size_t count = 0; count < 70; ++count) expect_assign_sorts(count, 3, 0);
}

TEST(SortedRunTest, TimesNearTheEndOfTimeAreSortedToo) {
  const std::uint64_t never = ~std::uint64_t{0} >> 1;
  for (std::size_t count = 0; count < 20; ++count) {
    expect_assign_sorts(count, 1'000, never - 999);
    expect_assign_sorts(count, 1'000, (std::uint64_t{1} << 59) - 500);
    expect_assign_sorts(count, never, 0);
  }
}

TEST(SortedRunTest, InsertGoesBehindItsEquals) {
  SortedRun run;
  for (std::uint32_t slot = 0; slot < 300; ++slot) run.insert({slot % 3, 0, slot});
  std::vector<std::uint32_t> slots;
  for (const QueueEntry& entry : run) slots.push_back(entry.slot);
  std::vector<std::uint32_t> expected;
  for (std::uint32_t time = 0; time < 3; ++time) {
    for (std::uint32_t slot = time; slot < 300; slot += 3) expected.push_back(slot);
  }
  EXPECT_EQ(slots, expected);
}

TEST(SortedRunTest, InsertAtTheFrontUsesTheConsumedPlaces) {
  SortedRun run;
  for (std::uint32_t slot = 0; slot < 10; ++slot) run.insert({10 + slot, 0, slot});
  run.pop_front();
  run.pop_front();
  run.insert({1, 0, 99});
  EXPECT_EQ(run.size(), 9u);
  EXPECT_EQ(run.front().slot, 99u);
  EXPECT_EQ(run.back().slot, 9u);
}

}  // namespace
}  // namespace shardproof::sim
