// SPDX-License-Identifier: Apache-2.0
#include "core/base/result.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace shardproof {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return fail("{} is odd, expected an even number", number);
  return number / 2;
}

Result<void> refuse_negative(int number) {
  if (number < 0) return fail("{} is negative", number);
  return {};
}

void throw_failure(const CheckFailure& failure) {
  throw std::logic_error(std::string(failure.condition));
}

class ResultTest : public testing::Test {
 protected:
  void SetUp() override { before_ = set_check_handler(throw_failure); }
  void TearDown() override { set_check_handler(before_); }

 private:
  CheckHandler before_ = nullptr;
};

TEST_F(ResultTest, HoldsTheValueOnSuccess) {
  const Result<int> result = half_of(8);
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, 4);
  EXPECT_EQ(result.value(), 4);
}

TEST_F(ResultTest, HoldsTheFormattedErrorOnFailure) {
  const Result<int> result = half_of(7);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "7 is odd, expected an even number");
}

TEST_F(ResultTest, ReadingTheSideThatIsNotThereFailsACheck) {
  EXPECT_THROW(half_of(7).value(), std::logic_error);
  EXPECT_THROW(static_cast<void>(half_of(8).error()), std::logic_error);
  EXPECT_THROW(refuse_negative(-1).value(), std::logic_error);
  EXPECT_THROW(static_cast<void>(refuse_negative(1).error()), std::logic_error);
}

TEST_F(ResultTest, VoidResultTellsSuccessFromFailure) {
  EXPECT_TRUE(refuse_negative(1));
  EXPECT_EQ(refuse_negative(-2).error().message, "-2 is negative");
}

TEST_F(ResultTest, MovesValuesThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> value = std::move(result).value();
  EXPECT_EQ(*value, 5);
}

TEST_F(ResultTest, ValueAndErrorMayHaveTheSameType) {
  const Result<std::string, std::string> good = std::string("good");
  const Result<std::string, std::string> bad = Unexpected{std::string("bad")};
  EXPECT_EQ(*good, "good");
  EXPECT_EQ(bad.error(), "bad");
}

}  // namespace
}  // namespace shardproof
