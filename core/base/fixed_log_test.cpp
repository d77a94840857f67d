// SPDX-License-Identifier: Apache-2.0
#include "core/base/fixed_log.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shardproof {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

/// How far from libm's, in units of 2^-47.
long double error_of(std::uint64_t numerator, std::uint64_t denominator) {
  const long double exact = std::log(static_cast<long double>(numerator)) -
                            std::log(static_cast<long double>(denominator));
  const auto ours = static_cast<long double>(ln_ratio_q48(numerator, denominator));
  return std::fabs(std::ldexp(ours, -48) - exact) * std::ldexp(1.0L, 47);
}

TEST(FixedLog, IsWithinItsBoundAtTheEndsOfItsRange) {
  const std::uint64_t values[] = {1, 2, 3, 7, 1000, kLargest / 3, kLargest - 1, kLargest};
  for (const std::uint64_t numerator : values) {
    for (const std::uint64_t denominator : values) {
      EXPECT_LT(error_of(numerator, denominator), 1) << numerator << "/" << denominator;
    }
  }
}

RC_GTEST_PROP(FixedLog, IsWithinItsBound, ()) {
  const auto word = rc::gen::inRange<std::uint64_t>(1, kLargest);
  const int numerator_shift = *rc::gen::inRange(0, 63);
  const int denominator_shift = *rc::gen::inRange(0, 63);
  const std::uint64_t numerator = (*word >> numerator_shift) | 1;
  const std::uint64_t denominator = (*word >> denominator_shift) | 1;
  RC_ASSERT(error_of(numerator, denominator) < 1);
}

RC_GTEST_PROP(FixedLog, DependsOnTheRatioAlone, ()) {
  const auto number = rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const std::uint64_t numerator = *number;
  const std::uint64_t denominator = *number;
  const std::uint64_t factor = *number;
  RC_ASSERT(ln_ratio_q48(numerator * factor, denominator * factor) ==
            ln_ratio_q48(numerator, denominator));
  RC_ASSERT(ln_ratio_q48(denominator, numerator) == -ln_ratio_q48(numerator, denominator));
}

TEST(FixedLog, OfOneIsZeroAndRises) {
  EXPECT_EQ(ln_ratio_q48(1, 1), 0);
  EXPECT_EQ(ln_ratio_q48(kLargest, kLargest), 0);
  EXPECT_EQ(ln_ratio_q48(2, 1), 195'103'586'505'167);  // ln 2 * 2^48 = ...505167.475
  EXPECT_LT(ln_ratio_q48(1'000'000, 1), ln_ratio_q48(1'000'001, 1));
}

}  // namespace
}  // namespace shardproof
