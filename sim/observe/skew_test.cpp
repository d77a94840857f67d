// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/skew.hpp"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shardproof::sim {
namespace {

using Loads = std::vector<std::uint64_t>;

struct Vector {
  Loads loads;
  Ratio max_over_mean;
  double cv;  ///< to six decimals
  Ratio gini;
};

// The vectors of the metrics' definition.
const Vector kVectors[] = {
    {{10, 20, 30, 40}, Ratio(16, 10), 0.447214, Ratio(25, 100)},
    {{1, 0, 0, 0}, Ratio(4, 1), 1.732051, Ratio(75, 100)},
    {{5, 5, 5, 5}, Ratio(1, 1), 0, Ratio(0, 1)},
    {{100, 90, 110, 80, 120, 100, 95, 105, 70, 130}, Ratio(13, 10), 0.168819, Ratio(95, 1000)},
};

TEST(Skew, AgreesWithThePublishedVectors) {
  for (const Vector& vector : kVectors) {
    const auto skew = skew_of(vector.loads);
    ASSERT_TRUE(skew.has_value());
    EXPECT_TRUE(skew->max_over_mean == vector.max_over_mean) << skew->max_over_mean.to_double();
    EXPECT_TRUE(skew->gini == vector.gini) << skew->gini.to_double();
    EXPECT_NEAR(skew->cv.to_double(), vector.cv, 5e-7);
  }
}

TEST(Skew, OfNothingIsNotANumber) {
  EXPECT_FALSE(skew_of({}).has_value());
  EXPECT_FALSE(skew_of(Loads{0, 0, 0}).has_value());
}

RC_GTEST_PROP(Skew, DoesNotDependOnOrderOrUnit, ()) {
  const auto loads = *rc::gen::container<Loads>(rc::gen::inRange<std::uint64_t>(0, 1000));
  const auto sum = std::accumulate(loads.begin(), loads.end(), std::uint64_t{0});
  RC_PRE(sum > 0);
  Loads other(loads.rbegin(), loads.rend());
  for (std::uint64_t& load : other) load *= 1024;
  const auto a = skew_of(loads);
  const auto b = skew_of(other);
  RC_ASSERT(a->max_over_mean.to_double() == b->max_over_mean.to_double());
  RC_ASSERT(a->cv.to_double() == b->cv.to_double());
  RC_ASSERT(a->gini.to_double() == b->gini.to_double());
}

TEST(Skew, LoadsTooLargeForExactSumsAreStillMeasured) {
  const std::uint64_t half = std::uint64_t{1} << 63;
  const auto skew = skew_of(Loads(4096, half));
  ASSERT_TRUE(skew.has_value());
  EXPECT_TRUE(skew->max_over_mean == Ratio(1, 1));
  EXPECT_TRUE(skew->cv == Ratio(0, 1));
  EXPECT_TRUE(skew->gini == Ratio(0, 1));
}

TEST(Skew, ANodeOfTwiceTheCapacityMayHoldTwiceAsMuch) {
  const auto skew = weighted_skew_of(Loads{10, 20}, Loads{1000, 2000});
  EXPECT_TRUE(skew->max_over_mean == Ratio(1, 1));
  const auto uneven = weighted_skew_of(Loads{20, 20}, Loads{1000, 2000});
  EXPECT_TRUE(uneven->max_over_mean == Ratio(4, 3));
}

}  // namespace
}  // namespace shardproof::sim
