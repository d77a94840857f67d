// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/condition.hpp"

#include <map>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

Condition parsed(std::string_view text) {
  auto condition = parse_condition(text);
  EXPECT_TRUE(condition.has_value()) << text << ": " << condition.error().message;
  return condition.has_value() ? *condition : Condition{};
}

bool holds_with(std::string_view text, const std::map<std::string, std::uint64_t>& values) {
  return holds(parsed(text), [&](MetricIndex metric) {
    const std::string name(metric_catalogue()[metric].name);
    const std::uint64_t value = values.contains(name) ? values.at(name) : 0;
    return MetricValue{Ratio(value, 1), static_cast<std::uint32_t>(value)};
  });
}

TEST(Condition, ComparesWithUnits) {
  EXPECT_TRUE(holds_with("time >= 2m", {{"time", 120'000'000'000}}));
  EXPECT_FALSE(holds_with("time >= \"2m\"", {{"time", 119'999'999'999}}));
  EXPECT_TRUE(holds_with("time < '1s'", {{"time", 5}}));
  EXPECT_TRUE(holds_with("nodes.alive != 4", {{"nodes.alive", 3}}));
}

TEST(Condition, AndBindsMoreTightlyThanOr) {
  const std::string text = "events == 1 or nodes.alive == 2 and shards.offline == 3";
  EXPECT_TRUE(holds_with(text, {{"events", 1}}));
  EXPECT_FALSE(holds_with(text, {{"nodes.alive", 2}}));
  EXPECT_TRUE(holds_with(text, {{"nodes.alive", 2}, {"shards.offline", 3}}));
  const std::string grouped = "(events == 1 or nodes.alive == 2) and shards.offline == 3";
  EXPECT_FALSE(holds_with(grouped, {{"events", 1}}));
  EXPECT_TRUE(holds_with(grouped, {{"events", 1}, {"shards.offline", 3}}));
}

TEST(Condition, APhaseIsOneOfSeveralAtATime) {
  const std::uint64_t copy_and_cleanup = 0b10010;
  EXPECT_TRUE(holds_with("migration.phase == copy", {{"migration.phase", copy_and_cleanup}}));
  EXPECT_TRUE(holds_with("migration.phase == \"cleanup\"", {{"migration.phase", 0b10000}}));
  EXPECT_FALSE(holds_with("migration.phase != copy", {{"migration.phase", copy_and_cleanup}}));
  EXPECT_TRUE(holds_with("migration.phase != copy", {}));
}

TEST(Condition, PrintsWhatReadsBack) {
  for (const std::string_view text :
       {"events == 1", "events == 1 and nodes.alive < 2 or time >= 2min",
        "(events == 1 or nodes.alive < 2) and migration.phase != \"copy\"",
        "events == 1 or (events == 2 or events == 3)",
        "events == 1 and (events == 2 and (events == 3 or time > 1ns))"}) {
    const Condition condition = parsed(text);
    EXPECT_EQ(to_string(condition), text);
    EXPECT_EQ(parsed(to_string(condition)), condition);
  }
}

TEST(Condition, ErrorsPointAtTheirPlace) {
  const auto at = [](std::string_view text) {
    const auto condition = parse_condition(text);
    EXPECT_FALSE(condition.has_value()) << text;
    return condition.has_value() ? std::size_t{999} : condition.error().offset;
  };
  EXPECT_EQ(at(""), 0u);
  EXPECT_EQ(at("nodes.alve < 3"), 0u);
  EXPECT_EQ(at("nodes.alive = 3"), 12u);
  EXPECT_EQ(at("nodes.alive < three"), 14u);
  EXPECT_EQ(at("nodes.alive < 3 events > 2"), 16u);
  EXPECT_EQ(at("(nodes.alive < 3"), 16u);
  EXPECT_EQ(at("nodes.alive < 3 and"), 19u);
  EXPECT_EQ(at("nodes.alive < 3 & events > 2"), 16u);
  EXPECT_EQ(at("time > 'x"), 7u);
}

TEST(Condition, LongAndDeepOnesAreRefusedNotOverrun) {
  std::string wide = "events > 1";
  for (int i = 0; i < 100; ++i) wide += " or events > 1";
  EXPECT_FALSE(parse_condition(wide).has_value());
  EXPECT_FALSE(parse_condition(std::string(10'000, '(')).has_value());
}

TEST(Condition, KnowsWhatCanNeverHold) {
  const Nanoseconds run = minutes(10);
  for (const std::string_view text :
       {"time > 10m", "events > 3 and events < 4", "events == 3 and events == 4",
        "migration.phase == copy and migration.phase != copy",
        "(events > 3 or time >= 11m) and events < 2"}) {
    EXPECT_FALSE(can_hold(parsed(text), run)) << text;
  }
  for (const std::string_view text :
       {"time >= 10m", "events > 3 and events < 5", "events > 3 or events < 2",
        "migration.phase == copy and migration.phase == sync",
        "(events > 3 or time >= 9m) and events < 2", "events != 3"}) {
    EXPECT_TRUE(can_hold(parsed(text), run)) << text;
  }
}

}  // namespace
}  // namespace shardproof::sim
