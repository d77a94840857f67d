// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/exact_value.hpp"

#include <cmath>
#include <utility>

#include "core/base/check.hpp"

namespace shardproof::sim {

std::strong_ordering compare_fractions(UInt128 a, UInt128 b, UInt128 c, UInt128 d) {
  SHARDPROOF_CHECK(b != 0 && d != 0);
  bool swapped = false;
  while (true) {
    const UInt128 left = a / b;
    const UInt128 right = c / d;
    const UInt128 left_rest = a % b;
    const UInt128 right_rest = c % d;
    std::strong_ordering order = std::strong_ordering::equal;
    if (left != right) {
      order = left <=> right;
    } else if (left_rest == 0 || right_rest == 0) {
      order = left_rest <=> right_rest;
    } else {
      // Equal whole parts: the larger rest has the smaller reciprocal.
      a = std::exchange(b, left_rest);
      c = std::exchange(d, right_rest);
      swapped = !swapped;
      continue;
    }
    return swapped ? 0 <=> order : order;
  }
}

ExactValue ExactValue::fraction(UInt128 numerator, UInt128 denominator) {
  SHARDPROOF_CHECK(denominator != 0);
  return ExactValue(numerator, denominator, false);
}

ExactValue ExactValue::square_root(UInt128 numerator, UInt128 denominator) {
  SHARDPROOF_CHECK(denominator != 0);
  return ExactValue(numerator, denominator, true);
}

std::strong_ordering operator<=>(const ExactValue& value, Ratio bound) {
  const UInt128 numerator = bound.numerator();
  const UInt128 denominator = bound.denominator();
  if (!value.is_root_) {
    return compare_fractions(value.numerator_, value.denominator_, numerator, denominator);
  }
  return compare_fractions(value.numerator_, value.denominator_, numerator * numerator,
                           denominator * denominator);
}

std::strong_ordering compare_alike(const ExactValue& a, const ExactValue& b) {
  SHARDPROOF_CHECK(a.is_root_ == b.is_root_);
  return compare_fractions(a.numerator_, a.denominator_, b.numerator_, b.denominator_);
}

double ExactValue::to_double() const {                         // lint: reporting only
  const auto numerator = static_cast<double>(numerator_);      // lint: reporting only
  const auto denominator = static_cast<double>(denominator_);  // lint: reporting only
  const auto quotient = numerator / denominator;
  return is_root_ ? std::sqrt(quotient) : quotient;
}

}  // namespace shardproof::sim
