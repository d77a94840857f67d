// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/skew.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shardproof::sim {
namespace {

using Loads = std::vector<std::uint64_t>;
using enum SkewMeasure;

double number(const Skew& skew, SkewMeasure measure) {
  const auto figure = figure_of(skew, measure);
  return figure ? figure->to_double() : std::nan("");
}

/// One row of the metrics' definition: figures to six decimals.
struct Vector {
  Loads loads;
  double max_over_mean, cv, cv_sample, gini, jain, theil, entropy, hoover;
};

const Vector kVectors[] = {
    {{10, 20, 30, 40}, 1.6, .447214, .516398, .25, .833333, .106440, .923220, .2},
    {{1, 0, 0, 0}, 4, 1.732051, 2, .75, .25, 1.386294, 0, .75},
    {{5, 5, 5, 5}, 1, 0, 0, 0, 1, 0, 1, 0},
    {{100, 90, 110, 80, 120, 100, 95, 105, 70, 130},
     1.3,
     .168819,
     .177951,
     .095,
     .972290,
     .014419,
     .993738,
     .065},
};

TEST(Skew, AgreesWithThePublishedVectorsInEveryColumn) {
  for (const Vector& vector : kVectors) {
    const auto skew = skew_of(vector.loads, SkewDetail::kLogarithms);
    ASSERT_TRUE(skew.has_value());
    const std::pair<SkewMeasure, double> columns[] = {{kMaxOverMean, vector.max_over_mean},
                                                      {kCv, vector.cv},
                                                      {kCvSample, vector.cv_sample},
                                                      {kGini, vector.gini},
                                                      {kJain, vector.jain},
                                                      {kTheil, vector.theil},
                                                      {kEntropy, vector.entropy},
                                                      {kHoover, vector.hoover}};
    for (const auto& [measure, expected] : columns) {
      EXPECT_NEAR(number(*skew, measure), expected, 5e-7) << static_cast<int>(measure);
    }
  }
}

TEST(Skew, IsExactWhereItIsAFraction) {
  const auto skew = skew_of(kVectors[3].loads);
  EXPECT_TRUE(skew->max_over_mean == Ratio(13, 10));
  EXPECT_TRUE(skew->min_over_mean == Ratio(7, 10));
  EXPECT_TRUE(skew->range_over_mean == Ratio(6, 10));
  EXPECT_TRUE(skew->gini == Ratio(95, 1000));
  EXPECT_TRUE(skew->hoover == Ratio(65, 1000));
  // Even loads are exactly even also by the logarithms, and loads on one node exactly not.
  const auto even = skew_of(Loads{7, 7, 7}, SkewDetail::kLogarithms);
  EXPECT_TRUE(*even->theil == Ratio(0, 1));
  EXPECT_TRUE(*even->entropy == Ratio(1, 1));
  EXPECT_TRUE(*skew_of(Loads{9, 0, 0}, SkewDetail::kLogarithms)->entropy == Ratio(0, 1));
}

TEST(Skew, TheNearestRankIsTheLargestOfFewAndTheSecondOfMany) {
  Loads loads(100, 1);
  loads[17] = 50;
  loads[71] = 10;
  // Rank ceil(99 * 100 / 100) = 99 of 100: the second largest.
  EXPECT_TRUE(skew_of(loads)->p99_over_mean == Ratio(10 * 100, 158));
  loads.pop_back();
  EXPECT_TRUE(skew_of(loads)->p99_over_mean == Ratio(50 * 99, 157));
}

TEST(Skew, ChanceIsWhatCountsAreComparedWith) {
  // (10 - 25)^2 / 25 + (20 - 25)^2 / 25 + ... = 20, of 3 degrees of freedom.
  const auto skew = skew_of(Loads{10, 20, 30, 40});
  EXPECT_TRUE(*skew->chi_square == Ratio(20, 1));
  EXPECT_TRUE(*skew->over_chance == Ratio(20, 3));
}

TEST(Skew, WhatHasNoMeaningHasNoFigure) {
  const auto one = skew_of(Loads{5}, SkewDetail::kLogarithms);
  EXPECT_FALSE(figure_of(*one, kCvSample));
  EXPECT_FALSE(figure_of(*one, kOverChance));
  EXPECT_FALSE(figure_of(*one, kEntropy));
  EXPECT_TRUE(*figure_of(*one, kTheil) == Ratio(0, 1));
  EXPECT_FALSE(figure_of(*skew_of(Loads{1, 2}), kTheil));
  const auto weighed = weighted_skew_of(Loads{1, 2}, Loads{1, 2});
  EXPECT_FALSE(figure_of(*weighed, kChiSquare));
}

TEST(Skew, OfNothingIsNotANumber) {
  EXPECT_FALSE(skew_of({}).has_value());
  EXPECT_FALSE(skew_of(Loads{0, 0, 0}).has_value());
}

/// Straight from the definitions, in floating point.
double naive(SkewMeasure measure, Loads x) {
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  const auto total = static_cast<double>(std::accumulate(x.begin(), x.end(), std::uint64_t{0}));
  const double mean = total / n;
  const auto sum = [&](auto&& term) {
    double all = 0;
    for (std::size_t i = 0; i < x.size(); ++i) all += term(static_cast<double>(x[i]), i + 1.0);
    return all;
  };
  const double squares = sum([&](double v, double) { return (v - mean) * (v - mean); });
  const double entropy =
      -sum([&](double v, double) { return v == 0 ? 0 : v / total * std::log(v / total); });
  switch (measure) {
    case kMaxOverMean: return static_cast<double>(x.back()) / mean;
    case kMinOverMean: return static_cast<double>(x.front()) / mean;
    case kRangeOverMean: return static_cast<double>(x.back() - x.front()) / mean;
    case kP99OverMean: {
      std::size_t rank = 1;
      while (rank * 100 < x.size() * 99) ++rank;
      return static_cast<double>(x[rank - 1]) / mean;
    }
    case kCv: return std::sqrt(squares / n) / mean;
    case kCvSample: return std::sqrt(squares / (n - 1)) / mean;
    case kGini: return sum([&](double v, double i) { return (2 * i - n - 1) * v; }) / (n * total);
    case kJain: return total * total / (n * sum([](double v, double) { return v * v; }));
    case kHoover: return sum([&](double v, double) { return std::fabs(v - mean); }) / (2 * total);
    case kTheil: return std::log(n) - entropy;
    case kEntropy: return entropy / std::log(n);
    case kChiSquare: return squares / mean;
    case kOverChance: return squares / mean / (n - 1);
  }
  return 0;
}

RC_GTEST_PROP(Skew, AgreesWithItsDefinitionsInFloatingPoint, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(2, 250);
  const auto largest = *rc::gen::element<std::uint64_t>(2, 100, 1'000'000'000'000);
  const auto loads = *rc::gen::container<Loads>(size, rc::gen::inRange<std::uint64_t>(0, largest));
  RC_PRE(std::accumulate(loads.begin(), loads.end(), std::uint64_t{0}) > 0);
  const auto skew = skew_of(loads, SkewDetail::kLogarithms);
  for (const SkewMeasureInfo& info : kSkewMeasures) {
    const double expected = naive(info.measure, loads);
    const double actual = number(*skew, info.measure);
    if (std::fabs(actual - expected) > 1e-9 * std::max(1.0, expected)) {
      RC_FAIL(std::string(info.name) + " is " + std::to_string(actual) + ", not " +
              std::to_string(expected));
    }
  }
}

RC_GTEST_PROP(Skew, DoesNotDependOnOrderOrUnit, ()) {
  const auto loads = *rc::gen::container<Loads>(rc::gen::inRange<std::uint64_t>(0, 1000));
  const auto sum = std::accumulate(loads.begin(), loads.end(), std::uint64_t{0});
  RC_PRE(sum > 0);
  Loads other(loads.rbegin(), loads.rend());
  for (std::uint64_t& load : other) load *= 1024;
  const auto a = skew_of(loads, SkewDetail::kLogarithms);
  const auto b = skew_of(other, SkewDetail::kLogarithms);
  for (const SkewMeasureInfo& info : kSkewMeasures) {
    if (info.is_of_counts) continue;
    const auto left = figure_of(*a, info.measure);
    const auto right = figure_of(*b, info.measure);
    RC_ASSERT(left.has_value() == right.has_value());
    if (left) RC_ASSERT(left->to_double() == right->to_double());
  }
}

TEST(Skew, LoadsTooLargeForExactSumsAreStillMeasured) {
  const std::uint64_t half = std::uint64_t{1} << 63;
  const auto skew = skew_of(Loads(4096, half), SkewDetail::kLogarithms);
  ASSERT_TRUE(skew.has_value());
  EXPECT_TRUE(skew->max_over_mean == Ratio(1, 1));
  EXPECT_TRUE(skew->cv == Ratio(0, 1));
  EXPECT_TRUE(*skew->cv_sample == Ratio(0, 1));
  EXPECT_TRUE(skew->gini == Ratio(0, 1));
  EXPECT_TRUE(*skew->entropy == Ratio(1, 1));
  EXPECT_FALSE(skew->chi_square) << "a rounded load is no count";
  Loads uneven(4096, half);
  uneven[0] = 0;
  // One of n at zero: squared CV 1 / (n - 1), of the sample n / (n - 1)^2.
  EXPECT_NEAR(skew_of(uneven)->cv_sample->to_double(), 64.0 / 4095, 1e-12);
}

TEST(Skew, ANodeOfTwiceTheCapacityMayHoldTwiceAsMuch) {
  const auto skew = weighted_skew_of(Loads{10, 20}, Loads{1000, 2000});
  EXPECT_TRUE(skew->max_over_mean == Ratio(1, 1));
  const auto uneven = weighted_skew_of(Loads{20, 20}, Loads{1000, 2000});
  EXPECT_TRUE(uneven->max_over_mean == Ratio(4, 3));
}

}  // namespace
}  // namespace shardproof::sim
