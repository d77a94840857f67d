// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

#include "core/base/units.hpp"
#include "core/base/wide.hpp"

namespace shardproof::sim {

/// A metric's value, exact: a fraction of 128-bit integers or the square root of one. Expectations
/// are decided on it; floating point is only made of it to print.
class ExactValue {
 public:
  constexpr ExactValue() = default;

  static constexpr ExactValue integer(UInt128 value) { return ExactValue(value, 1, false); }
  /// `denominator` above zero.
  static ExactValue fraction(UInt128 numerator, UInt128 denominator);
  /// sqrt(numerator / denominator), `denominator` above zero.
  static ExactValue square_root(UInt128 numerator, UInt128 denominator);

  /// True if it is written as a whole number; a fraction that happens to be whole is not.
  constexpr bool is_integer() const { return denominator_ == 1 && !is_root_; }
  /// Of an integer: its value.
  constexpr UInt128 as_integer() const { return numerator_; }

  /// Exact, whatever the sizes. O(log of the terms).
  friend std::strong_ordering operator<=>(const ExactValue& value, Ratio bound);
  friend bool operator==(const ExactValue& value, Ratio bound) { return (value <=> bound) == 0; }
  /// The same representation, not merely the same number.
  friend constexpr bool operator==(const ExactValue&, const ExactValue&) = default;

  /// Of two fractions or two roots, exact. O(log of the terms).
  friend std::strong_ordering compare_alike(const ExactValue& a, const ExactValue& b);

  /// In fixed point with 32 fractional bits, rounded down; 2^64 - 1 if it is larger. O(1).
  std::uint64_t to_q32() const;

  /// The nearest double or the one beside it, the same on every machine.
  double to_double() const;  // lint: reporting only

 private:
  constexpr ExactValue(UInt128 numerator, UInt128 denominator, bool is_root)
      : numerator_(numerator), denominator_(denominator), is_root_(is_root) {}

  UInt128 numerator_ = 0;
  UInt128 denominator_ = 1;
  bool is_root_ = false;
};

/// a/b against c/d by their continued fractions, so that no product overflows. `b` and `d` above
/// zero.
std::strong_ordering compare_fractions(UInt128 a, UInt128 b, UInt128 c, UInt128 d);

}  // namespace shardproof::sim
