// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "reports/result_directory.hpp"

namespace shardproof::reports::testing {

/// SHARDPROOF_UPDATE_GOLDENS=1 accepts what is made now as what is expected.
inline bool updates_goldens() {
  const char* update = std::getenv("SHARDPROOF_UPDATE_GOLDENS");
  return update != nullptr && std::string(update) == "1";
}

/// Compares with reports/golden/NAME, or writes it.
inline void expect_golden(const std::string& name, const std::string& actual) {
  const std::filesystem::path path = std::filesystem::path("reports/golden") / name;
  if (updates_goldens()) {
    ASSERT_TRUE(write_file(path, actual).has_value()) << path;
    return;
  }
  const auto golden = read_file(path);
  ASSERT_TRUE(golden.has_value()) << golden.error().message;
  EXPECT_EQ(actual, *golden) << "SHARDPROOF_UPDATE_GOLDENS=1 accepts it as the new " << path;
}

}  // namespace shardproof::reports::testing
