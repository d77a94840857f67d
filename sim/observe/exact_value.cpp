// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/exact_value.hpp"

#include <cmath>
#include <utility>

#include "core/base/check.hpp"

namespace shardproof::sim {

namespace {

/// The whole part of numerator / denominator and `bits` bits behind it; all ones if it is too
/// large.
UInt128 quotient(UInt128 numerator, UInt128 denominator, unsigned bits) {
  if (numerator >> (128 - bits) == 0) return (numerator << bits) / denominator;
  const UInt128 whole = numerator / denominator;
  if (whole >> (128 - bits) != 0) return ~UInt128{0};
  UInt128 rest = numerator % denominator;
  UInt128 digits = whole;
  for (unsigned i = 0; i < bits; ++i) {
    // Doubling the rest may overflow: it is at least the denominator then.
    const bool is_one = rest >= denominator - rest;
    rest = is_one ? rest - (denominator - rest) : rest + rest;
    digits = digits << 1 | static_cast<UInt128>(is_one);
  }
  return digits;
}

std::uint64_t whole_root(UInt128 square) {
  // The double's root is right to 53 bits; where it is not, it is put right.
  constexpr std::uint64_t kMost = ~std::uint64_t{0};
  const double guess = std::sqrt(static_cast<double>(square));  // lint: reporting only
  auto root = guess >= 18446744073709551615.0 ? kMost : static_cast<std::uint64_t>(guess);
  while (static_cast<UInt128>(root) * root > square) --root;
  while (root < kMost && static_cast<UInt128>(root + 1) * (root + 1) <= square) ++root;
  return root;
}

}  // namespace

std::strong_ordering compare_fractions(UInt128 a, UInt128 b, UInt128 c, UInt128 d) {
  SHARDPROOF_CHECK(b != 0 && d != 0);
  // Products of small terms fit, and save the divisions.
  if (((a | b | c | d) >> 64) == 0) return a * d <=> c * b;
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

std::uint64_t ExactValue::to_q32() const {
  if (is_root_) return whole_root(quotient(numerator_, denominator_, 64));
  const UInt128 value = quotient(numerator_, denominator_, 32);
  return value >> 64 != 0 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(value);
}

double ExactValue::to_double() const {                         // lint: reporting only
  const auto numerator = static_cast<double>(numerator_);      // lint: reporting only
  const auto denominator = static_cast<double>(denominator_);  // lint: reporting only
  const auto quotient = numerator / denominator;
  return is_root_ ? std::sqrt(quotient) : quotient;
}

}  // namespace shardproof::sim
