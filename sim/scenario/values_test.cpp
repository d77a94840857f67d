// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sim/scenario/amounts.hpp"
#include "sim/scenario/bound.hpp"
#include "sim/scenario/call.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/scenario/shapes.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

TEST(Decimal, IsExact) {
  EXPECT_EQ(to_ratio(*parse_decimal("0.1")), Ratio(1, 10));
  EXPECT_EQ(to_ratio(*parse_decimal("1_000.250")), Ratio(4001, 4));
  EXPECT_EQ(to_text(Ratio(1, 8)), "0.125");
  EXPECT_EQ(to_text(Ratio(2, 6)), "1/3");
  EXPECT_EQ(to_text(Ratio(0, 7)), "0");
}

TEST(Decimal, RefusesWhatIsNoPlainNumber) {
  for (const char* text :
       {"", "-1", "1e5", ".5", "5.", "1__0", "0x10", "1 ", "1.2.3", "1234567890123456789"}) {
    EXPECT_FALSE(parse_decimal(text).has_value()) << text;
  }
}

TEST(Decimal, SumsExactly) {
  EXPECT_TRUE(sums_to_one({Ratio(6, 10), Ratio(3, 10), Ratio(1, 10)}));
  EXPECT_TRUE(sums_to_one({Ratio(1, 3), Ratio(1, 3), Ratio(1, 3)}));
  EXPECT_FALSE(sums_to_one({Ratio(6, 10), Ratio(3, 10)}));
  const Ratio primes[] = {Ratio(1, 4'294'967'291), Ratio(1, 4'294'967'279), Ratio(1, 97)};
  EXPECT_EQ(sum(primes), std::nullopt);
}

TEST(Amounts, DurationsHaveUnits) {
  EXPECT_EQ(*parse_duration("250us"), microseconds(250));
  EXPECT_EQ(*parse_duration("1.5s"), milliseconds(1500));
  EXPECT_EQ(*parse_duration("1h30m"), minutes(90));
  EXPECT_EQ(*parse_duration("10min"), minutes(10));
  EXPECT_EQ(*parse_duration("2d"), hours(48));
  EXPECT_EQ(*parse_signed_duration("-5ms"), Nanoseconds(0) - milliseconds(5));
  EXPECT_FALSE(parse_duration("5").has_value());
  EXPECT_FALSE(parse_duration("0.1ns").has_value());
  EXPECT_FALSE(parse_duration("-5s").has_value());
  EXPECT_FALSE(parse_duration("999999999h").has_value());
}

TEST(Amounts, AnErrorSaysWhereAndWhatToWrite) {
  const auto unit = parse_duration("10 sec");
  ASSERT_FALSE(unit.has_value());
  EXPECT_EQ(unit.error().offset, 2u);
  const auto second = parse_duration("1h30mins");
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().message, "unknown unit \"mins\"");
  EXPECT_EQ(second.error().suggestion, "did you mean \"min\"?");
  EXPECT_EQ(second.error().offset, 4u);
}

TEST(Amounts, BytesKnowBothPowers) {
  EXPECT_EQ(*parse_bytes("4KiB"), Bytes(4096));
  EXPECT_EQ(*parse_bytes("1.5GB"), Bytes(1'500'000'000));
  EXPECT_FALSE(parse_bytes("1.5B").has_value());
  EXPECT_EQ(to_text(Bytes(4096)), "4KiB");
  EXPECT_EQ(to_text(Bytes(0)), "0B");
}

TEST(Amounts, BandwidthIsInBytesOrBits) {
  EXPECT_EQ(*parse_bandwidth("10Gbit/s"), Bandwidth(1'250'000'000));
  EXPECT_EQ(*parse_bandwidth("200MB/s"), Bandwidth(200'000'000));
  EXPECT_TRUE(parse_bandwidth("unlimited")->is_unlimited());
  EXPECT_FALSE(parse_bandwidth("0MB/s").has_value());
  EXPECT_FALSE(parse_bandwidth("4bit/s").has_value());
}

TEST(Amounts, RatesAreInLowestTerms) {
  EXPECT_EQ(*parse_rate("2000/s"), Rate::of(2, milliseconds(1)));
  EXPECT_EQ(*parse_rate("1.5/min"), Rate::of(1, seconds(40)));
  EXPECT_EQ(to_text(*parse_rate("2000/s")), "2000/s");
  EXPECT_EQ(to_text(*parse_rate("0/s")), "0/s");
  EXPECT_EQ(to_text(*parse_rate("1/min")), "1/min");
  EXPECT_EQ(to_text(*parse_rate("1/7s")), "1/7s");
  EXPECT_FALSE(parse_rate("5/0s").has_value());
  EXPECT_FALSE(parse_rate("5").has_value());
}

TEST(Amounts, RatiosArePlainPercentOrFractions) {
  EXPECT_EQ(*parse_ratio("0.1%"), Ratio(1, 1000));
  EXPECT_EQ(*parse_ratio("1/3"), Ratio(1, 3));
  EXPECT_FALSE(parse_ratio("1/0").has_value());
  EXPECT_EQ(*parse_factor("1.5x"), Ratio(3, 2));
  EXPECT_EQ(*parse_drift("-20ppm"), -20'000);
  EXPECT_EQ(drift_text(-20'500), "-20500ppb");
}

TEST(Amounts, TimesOfDayAreWithinADay) {
  EXPECT_EQ(*parse_time_of_day("23:59:59"), hours(24) - seconds(1));
  EXPECT_EQ(time_of_day_text(hours(1) + minutes(5)), "01:05");
  for (const char* text : {"24:00", "1:00", "01:60", "01-00", "", "01:00:61", "01:000"}) {
    EXPECT_FALSE(parse_time_of_day(text).has_value()) << text;
  }
}

TEST(Shapes, DistributionsReadBack) {
  for (const char* text :
       {"0s", "200us", "uniform(1ms, 2ms)", "exponential(200us, 500us)", "lognormal(1ms, 4ms)",
        "pareto(1ms, 1.5)", "pareto(1ms, 1/3)", "tailed(1ms, 50ms, 0.001)"}) {
    const auto parsed = parse_delay(text);
    ASSERT_TRUE(parsed.has_value()) << text << parsed.error().message;
    EXPECT_EQ(to_text(*parsed), text);
  }
  EXPECT_EQ(*parse_delay("exponential(5s)"), DelayDistribution::exponential({}, seconds(5)));
  EXPECT_EQ(*parse_delay("constant( 5s )"), DelayDistribution::constant(seconds(5)));
}

TEST(Shapes, DistributionsRefuseWhatTheyAreNotDefinedFor) {
  for (const char* text :
       {"", "fast", "uniform(2ms, 1ms)", "exponential(2ms, 1ms)", "lognormal(0s, 1s)",
        "lognormal(2s, 1s)", "pareto(0s, 1)", "pareto(1s, 0)", "tailed(2s, 1s, 0.1)",
        "tailed(1s, 2s, 1.1)", "tailed(1s, 2s)", "uniform()", "uniform(1s, 2s, 3s)",
        "uniform(1s, (2s))", "uniform(1s, 2s", "normal(1s, 2s)", "uniform(1s, 2MB)"}) {
    EXPECT_FALSE(parse_delay(text).has_value()) << text;
  }
}

TEST(Shapes, AnArgumentsErrorIsWhereTheArgumentIs) {
  const auto parsed = parse_delay("uniform(1ms,  2mss)");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().offset, 15u);
}

TEST(Shapes, WindowsAreDailyOrSinceTheStart) {
  EXPECT_EQ(*parse_window("22:00-02:00"), (distribution::MoveWindow{true, hours(22), hours(2)}));
  EXPECT_EQ(*parse_window("2m-4m"), (distribution::MoveWindow{false, minutes(2), minutes(4)}));
  EXPECT_FALSE(parse_window("4m-2m").has_value());
  EXPECT_FALSE(parse_window("02:00").has_value());
  EXPECT_EQ(to_text(*parse_window("22:00-02:00:30")), "22:00-02:00:30");
}

TEST(Bounds, FitTheMetricsUnit) {
  EXPECT_EQ(*parse_bound(MetricUnit::kNanoseconds, "2m"), Ratio(120'000'000'000, 1));
  EXPECT_EQ(*parse_bound(MetricUnit::kNanoseconds, "0"), Ratio(0, 1));
  for (const MetricUnit unit : {MetricUnit::kNanoseconds, MetricUnit::kShardNanoseconds}) {
    const auto bare = parse_bound(unit, "5");
    ASSERT_FALSE(bare.has_value());
    EXPECT_EQ(bare.error().message, "a time needs a unit");
    EXPECT_EQ(bare.error().suggestion, "write \"5ms\" or \"5s\"");
  }
  EXPECT_EQ(*parse_bound(MetricUnit::kBytes, "10MB"), Ratio(10'000'000, 1));
  EXPECT_EQ(*parse_bound(MetricUnit::kRatio, "5%"), Ratio(1, 20));
  EXPECT_FALSE(parse_bound(MetricUnit::kCount, "2m").has_value());
  EXPECT_FALSE(parse_bound(MetricUnit::kCount, "1.5").has_value());
  EXPECT_FALSE(parse_bound(MetricUnit::kBytes, "10s").has_value());
  EXPECT_EQ(bound_text(MetricUnit::kShardNanoseconds, Ratio(60'000'000'000, 1)), "1min");
}

TEST(Suggest, CountsEditsAndSwaps) {
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("latency", "latency"), 0u);
  EXPECT_EQ(edit_distance("latncy", "latency"), 1u);
  EXPECT_EQ(edit_distance("netwrok", "network"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(Suggest, OffersOnlyWhatIsLikeIt) {
  EXPECT_EQ(nearest("rendevous", {"greedy", "rendezvous"}), "rendezvous");
  EXPECT_EQ(nearest("MB", {"KB", "mb"}), "mb");
  EXPECT_EQ(nearest("xyz", {"greedy", "rendezvous"}), "");
  EXPECT_EQ(suggest("xyz", {"greedy", "none"}), "known: greedy, none");
}

TEST(Call, IsTakenApart) {
  const auto call = split_call("f( a ,b)");
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->name, "f");
  ASSERT_EQ(call->arguments.size(), 2u);
  EXPECT_EQ(call->arguments[0].text, "a");
  EXPECT_EQ(call->arguments[0].offset, 3u);
  EXPECT_EQ(call->arguments[1].text, "b");
  EXPECT_TRUE(split_call("f()")->arguments.empty());
  EXPECT_FALSE(split_call("f(a").has_value());
}

}  // namespace
}  // namespace shardproof::sim
