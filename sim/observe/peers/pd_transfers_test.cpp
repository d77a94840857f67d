// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/pd_transfers.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shardproof::sim::peers {
namespace {

std::uint64_t total(const TransferFlows& flows) {
  std::uint64_t sum = 0;
  for (const auto& row : flows) {
    for (const std::uint64_t flow : row) sum += flow;
  }
  return sum;
}

// The three vectors of PD's own test.
TEST(PdTransfers, AgreesWithPdOnCycles) {
  EXPECT_EQ(count_transfers({{0, 1, 1, 4, 0, 0},
                             {0, 0, 0, 8, 9, 6},
                             {0, 1, 0, 0, 3, 2},
                             {2, 3, 4, 0, 3, 0},
                             {5, 9, 0, 0, 0, 0},
                             {0, 8, 0, 0, 0, 0}}),
            (TransferCounter{64, 5}));
}

TEST(PdTransfers, AgreesWithPdWithoutACycle) {
  EXPECT_EQ(count_transfers({{0, 0, 0, 0, 0, 0},
                             {0, 0, 0, 0, 2, 0},
                             {0, 0, 0, 0, 0, 1},
                             {0, 0, 0, 0, 0, 0},
                             {1, 0, 0, 0, 0, 0},
                             {0, 1, 0, 0, 0, 0}}),
            (TransferCounter{0, 5}));
}

TEST(PdTransfers, AgreesWithPdOnADenseGraph) {
  EXPECT_EQ(count_transfers({{0, 15, 42, 21, 84, 9, 38, 5},
                             {76, 0, 84, 3, 130, 0, 129, 0},
                             {0, 35, 0, 86, 0, 60, 0, 15},
                             {143, 0, 106, 0, 178, 0, 132, 0},
                             {0, 101, 0, 120, 0, 118, 1, 33},
                             {133, 0, 140, 0, 93, 0, 114, 0},
                             {0, 48, 0, 84, 1, 48, 0, 20},
                             {61, 2, 57, 7, 122, 1, 21, 0}}),
            (TransferCounter{1778, 938}));
}

TEST(PdTransfers, AMoveThereAndBackIsTwoTooMany) {
  EXPECT_EQ(count_transfers({{0, 1}, {1, 0}}), (TransferCounter{2, 0}));
  EXPECT_EQ(count_transfers({}), TransferCounter{});
}

RC_GTEST_PROP(PdTransfers, NothingIsLostAndNoStoreNetsOtherwise, ()) {
  const auto stores = *rc::gen::inRange<std::size_t>(1, 6);
  TransferFlows flows(stores, std::vector<std::uint64_t>(stores));
  for (std::size_t i = 0; i < stores; ++i) {
    for (std::size_t j = 0; j < stores; ++j) {
      if (i != j) flows[i][j] = *rc::gen::inRange<std::uint64_t>(0, 5);
    }
  }
  const auto counter = count_transfers(flows);
  RC_ASSERT(counter->redundant + counter->necessary == total(flows));
  // What each store loses on balance has to leave it, so as much at least is necessary.
  std::uint64_t net = 0;
  for (std::size_t i = 0; i < stores; ++i) {
    std::int64_t lost = 0;
    for (std::size_t j = 0; j < stores; ++j) {
      lost += static_cast<std::int64_t>(flows[i][j]) - static_cast<std::int64_t>(flows[j][i]);
    }
    if (lost > 0) net += static_cast<std::uint64_t>(lost);
  }
  RC_ASSERT(counter->necessary >= net);
}

}  // namespace
}  // namespace shardproof::sim::peers
