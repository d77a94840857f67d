// SPDX-License-Identifier: Apache-2.0
#include "core/base/check.hpp"

#include <string>

#include <gtest/gtest.h>

namespace shardproof {
namespace {

struct Thrown {
  std::string condition;
  std::string message;
  std::string file;
  int line = 0;
};

void throw_failure(const CheckFailure& failure) {
  throw Thrown{std::string(failure.condition), std::string(failure.message), failure.file,
               failure.line};
}

void return_from_failure(const CheckFailure&) {}

class CheckTest : public testing::Test {
 protected:
  void SetUp() override { before_ = set_check_handler(throw_failure); }
  void TearDown() override { set_check_handler(before_); }

 private:
  CheckHandler before_ = nullptr;
};

TEST_F(CheckTest, HandlerThatThrowsUnwindsWithEverythingKnown) {
  try {
    const int a = 3;
    SHARDPROOF_CHECK(a < 2, "a={} b={}", a, "two");
    FAIL() << "the check did not fail";
  } catch (const Thrown& thrown) {
    EXPECT_EQ(thrown.condition, "a < 2");
    EXPECT_EQ(thrown.message, "a=3 b=two");
    EXPECT_EQ(thrown.file.substr(thrown.file.rfind('/') + 1), "check_test.cpp");
    EXPECT_GT(thrown.line, 0);
  }
}

TEST_F(CheckTest, MessageIsOptional) {
  try {
    SHARDPROOF_CHECK(1 + 1 == 3);
    FAIL() << "the check did not fail";
  } catch (const Thrown& thrown) {
    EXPECT_EQ(thrown.condition, "1 + 1 == 3");
    EXPECT_EQ(thrown.message, "");
  }
}

TEST_F(CheckTest, CheckThatHoldsEvaluatesNoMessage) {
  int evaluated = 0;
  SHARDPROOF_CHECK(evaluated == 0, "{}", ++evaluated);
  EXPECT_EQ(evaluated, 0);
}

TEST_F(CheckTest, ConditionIsEvaluatedOnceAndAsAWhole) {
  int evaluated = 0;
  SHARDPROOF_CHECK(++evaluated == 2 || evaluated == 1);
  EXPECT_EQ(evaluated, 1);
}

TEST_F(CheckTest, SettingAHandlerGivesTheOneBefore) {
  EXPECT_EQ(set_check_handler(return_from_failure), throw_failure);
  EXPECT_EQ(set_check_handler(throw_failure), return_from_failure);
}

TEST(CheckDeathTest, DefaultHandlerPrintsPlaceConditionAndMessageAndAborts) {
  EXPECT_DEATH(SHARDPROOF_CHECK(2 < 1, "shard {}", 7),
               "check_test.cpp:[0-9]+: internal check failed: 2 < 1: shard 7");
}

TEST(CheckDeathTest, HandlerThatReturnsAborts) {
  EXPECT_DEATH(
      {
        set_check_handler(return_from_failure);
        SHARDPROOF_CHECK(false);
      },
      "");
}

}  // namespace
}  // namespace shardproof
