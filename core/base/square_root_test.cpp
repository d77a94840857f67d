// SPDX-License-Identifier: Apache-2.0
#include "core/base/square_root.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/wide.hpp"

namespace shardproof {
namespace {

TEST(SquareRoot, IsRoundedDown) {
  EXPECT_EQ(square_root(0), 0u);
  EXPECT_EQ(square_root(3), 1u);
  EXPECT_EQ(square_root(4), 2u);
  EXPECT_EQ(square_root(1'000'000), 1000u);
  EXPECT_EQ(square_root(~std::uint64_t{0}), 4'294'967'295u);
}

RC_GTEST_PROP(SquareRootProperty, IsTheGreatestWholeNumberWhoseSquareIsNotAbove,
              (std::uint64_t value)) {
  const UInt128 root = square_root(value);
  RC_ASSERT(root * root <= value);
  RC_ASSERT((root + 1) * (root + 1) > value);
}

}  // namespace
}  // namespace shardproof
