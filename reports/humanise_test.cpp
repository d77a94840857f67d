// SPDX-License-Identifier: Apache-2.0
#include "reports/humanise.hpp"

#include <gtest/gtest.h>

namespace shardproof::reports {
namespace {

TEST(Humanise, AMetricsValueHasItsUnit) {
  using sim::ExactValue;
  using sim::MetricUnit;
  EXPECT_EQ(human_value(MetricUnit::kRatio, std::nullopt), "-");
  EXPECT_EQ(human_value(MetricUnit::kRatio, ExactValue::fraction(5, 4)), "1.25");
  EXPECT_EQ(human_value(MetricUnit::kBytes, ExactValue::integer(1500)), "1.50 kB");
  EXPECT_EQ(human_value(MetricUnit::kCount, ExactValue::integer(1500)), "1,500");
  EXPECT_EQ(human_value(MetricUnit::kNanoseconds, ExactValue::integer(1500)), "1.50 us");
  EXPECT_EQ(human_value(MetricUnit::kShardNanoseconds, ExactValue::integer(1500)),
            "1.50 us x shard");
}

}  // namespace
}  // namespace shardproof::reports
