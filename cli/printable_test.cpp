// SPDX-License-Identifier: Apache-2.0
#include "cli/printable.hpp"

#include <gtest/gtest.h>

#include "reports/style.hpp"

namespace shardproof::cli {
namespace {

TEST(Printable, PlainTextIsAsItWas) {
  EXPECT_EQ(printable("a\tb\nZürich, 東京", false), "a\tb\nZürich, 東京");
}

TEST(Printable, WhatWouldMoveTheCursorIsWrittenOut) {
  EXPECT_EQ(printable("\x1b[2J\x1b]0;mine\x07\r\x7f", true), R"(\x1b[2J\x1b]0;mine\x07\x0d\x7f)");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J",
                      true),
            R"(\u009b2J)");
  EXPECT_EQ(printable("\x1b[31", true), R"(\x1b[31)");
}

TEST(Printable, ColoursStayWhereThereAreAny) {
  const std::string red = reports::Style{true}.red("FAIL");
  EXPECT_EQ(printable(red, true), red);
  EXPECT_EQ(printable(red, false), R"(\x1b[1;31mFAIL\x1b[0m)");
}

}  // namespace
}  // namespace shardproof::cli
