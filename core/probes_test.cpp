// SPDX-License-Identifier: Apache-2.0
#include "core/probes.hpp"

#include <set>

#include <gtest/gtest.h>

#include "core/ports.hpp"

namespace shardproof {
namespace {

TEST(Probes, AreListedCompletelyAndInTheirOrder) {
  const auto& all = probe_catalogue();
  ASSERT_EQ(all.size(), kProbes);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(all[i].probe), i) << all[i].name;
  }
}

TEST(Probes, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const ProbeInfo& info : probe_catalogue()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.statement.empty()) << info.name;
  }
}

TEST(Probes, AreForgottenWithTheStepThatHitThem) {
  Effects effects;
  effects.hit(Probe::LearnerPromoted);
  effects.hit(Probe::LearnerPromoted);
  EXPECT_EQ(effects.hits(), (std::vector{Probe::LearnerPromoted, Probe::LearnerPromoted}));
  effects.clear();
  EXPECT_TRUE(effects.hits().empty());
}

}  // namespace
}  // namespace shardproof
