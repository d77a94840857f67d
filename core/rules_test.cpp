// SPDX-License-Identifier: Apache-2.0
#include "core/rules.hpp"

#include <set>

#include <gtest/gtest.h>

namespace shardproof {
namespace {

TEST(Rules, AreAllOnByDefaultAndSwitchedOffOneByOne) {
  for (const RuleInfo& info : rule_catalogue()) {
    RuleSet rules;
    EXPECT_TRUE(rules.all_on());
    rules.switch_off(info.rule);
    EXPECT_FALSE(rules.all_on());
    for (const RuleInfo& other : rule_catalogue()) {
      EXPECT_EQ(rules.is_on(other.rule), other.rule != info.rule) << other.name;
    }
  }
}

TEST(Rules, AreListedCompletelyAndInTheirOrder) {
  const auto& all = rule_catalogue();
  ASSERT_EQ(all.size(), kRules);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(all[i].rule), i) << all[i].name;
  }
}

TEST(Rules, HaveNamesByWhichTheyAreFound) {
  std::set<std::string_view> names;
  for (const RuleInfo& info : rule_catalogue()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(find_rule(info.name), &info);
  }
  EXPECT_EQ(find_rule("tables_are_nice"), nullptr);
}

}  // namespace
}  // namespace shardproof
