// SPDX-License-Identifier: Apache-2.0
#include "sim/run/expectations.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

using Moment = ExpectationSpec::Moment;

ExpectationSpec expect_max(Ratio bound, Moment moment, Nanoseconds time = Nanoseconds(0)) {
  ExpectationSpec spec;
  spec.metric = metric_index("skew.bytes.cv");
  spec.max = bound;
  spec.moment = moment;
  spec.time = time;
  return spec;
}

auto always(std::uint64_t numerator, std::uint64_t denominator) {
  return [=](MetricIndex) -> std::optional<ExactValue> {
    return ExactValue::fraction(numerator, denominator);
  };
}
auto nothing() {
  return [](MetricIndex) -> std::optional<ExactValue> { return std::nullopt; };
}

TEST(Expectations, AfterATimeEverySampleCountsAndTheFirstFailureIsKept) {
  Expectations judged({expect_max(Ratio(1, 2), Moment::kAfter, seconds(10))});
  judged.at_sample(Instant(seconds(9)), always(9, 1));
  EXPECT_EQ(judged.results()[0].evaluations, 0u);
  judged.at_sample(Instant(seconds(10)), always(1, 2));
  EXPECT_TRUE(judged.results()[0].held);
  judged.at_sample(Instant(seconds(11)), always(2, 3));
  judged.at_sample(Instant(seconds(12)), always(1, 3));
  const ExpectationResult& result = judged.results()[0];
  EXPECT_FALSE(result.held);
  EXPECT_EQ(result.evaluations, 3u);
  EXPECT_EQ(result.evaluated_at, Instant(seconds(11)));
  EXPECT_TRUE(*result.value == Ratio(2, 3));
  EXPECT_TRUE(result.held_at_first);
}

TEST(Expectations, AtATimeTheFirstSampleNotBeforeItDecides) {
  Expectations judged({expect_max(Ratio(1, 2), Moment::kAt, seconds(10))});
  judged.at_sample(Instant(seconds(11)), always(1, 4));
  judged.at_sample(Instant(seconds(12)), always(9, 1));
  judged.at_end(Instant(seconds(13)), always(9, 1));
  EXPECT_TRUE(judged.results()[0].held);
  EXPECT_EQ(judged.results()[0].evaluations, 1u);
}

TEST(Expectations, TheEndIsJudgedOnlyThere) {
  Expectations judged({expect_max(Ratio(1, 2), Moment::kEnd)});
  judged.at_sample(Instant(seconds(1)), always(9, 1));
  EXPECT_EQ(judged.results()[0].evaluations, 0u);
  judged.at_end(Instant(seconds(2)), always(3, 4));
  EXPECT_EQ(judged.results()[0].evaluations, 1u);
  EXPECT_FALSE(judged.results()[0].held);
  EXPECT_FALSE(judged.results()[0].held_at_first);
}

TEST(Expectations, AValueThatCannotBeComputedIsNoEvaluation) {
  Expectations judged({expect_max(Ratio(1, 2), Moment::kAlways)});
  judged.at_sample(Instant(seconds(1)), nothing());
  judged.at_end(Instant(seconds(2)), nothing());
  EXPECT_EQ(judged.results()[0].evaluations, 0u);
  EXPECT_FALSE(judged.results()[0].held);
}

TEST(Expectations, TheBrokenSideOfARangeIsNamed) {
  ExpectationSpec spec = expect_max(Ratio(2, 1), Moment::kEnd);
  spec.min = Ratio(1, 1);
  Expectations judged({spec});
  judged.at_end(Instant(), always(1, 2));
  EXPECT_EQ(judged.results()[0].bound, Ratio(1, 1));
  EXPECT_FALSE(judged.results()[0].held);
  EXPECT_EQ(describe(spec), "1 <= skew.bytes.cv <= 2 at the end");
}

}  // namespace
}  // namespace shardproof::sim
