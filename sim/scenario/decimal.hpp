// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "sim/scenario/text_error.hpp"

namespace shardproof::sim {

/// A non-negative decimal number, exactly: `digits / scale`, scale a power of ten up to 10^18.
struct Decimal {
  std::uint64_t digits = 0;
  std::uint64_t scale = 1;
};

/// Reads `12`, `1_000`, `0.5` at `position` and moves it behind the number. Signs, exponents and
/// more than 18 digits are errors.
Result<Decimal, TextError> scan_decimal(std::string_view text, std::size_t& position);

/// The whole text as a decimal number.
Result<Decimal, TextError> parse_decimal(std::string_view text);

/// In lowest terms.
Ratio to_ratio(Decimal number);
Ratio reduced(Ratio ratio);

/// The exact sum in lowest terms, or nothing if it has no 64-bit denominator and numerator.
std::optional<Ratio> sum(std::span<const Ratio> ratios);
bool sums_to_one(std::initializer_list<Ratio> ratios);

/// `0.25` where it ends after at most 18 digits, else `1/3`; both are read back as the same ratio.
std::string to_text(Ratio ratio);

}  // namespace shardproof::sim
