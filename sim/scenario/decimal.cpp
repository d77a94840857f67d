// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/decimal.hpp"

#include <limits>
#include <numeric>

#include "core/base/wide.hpp"

namespace shardproof::sim {
namespace {

constexpr int kDigitsMax = 18;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<Decimal, TextError> scan_decimal(std::string_view text, std::size_t& position) {
  const std::size_t begin = position;
  Decimal number;
  int digits = 0;
  bool fraction = false;
  for (; position < text.size(); ++position) {
    const char c = text[position];
    const bool between = position > begin && position + 1 < text.size() &&
                         is_digit(text[position - 1]) && is_digit(text[position + 1]);
    if (c == '.' && !fraction && between) {
      fraction = true;
      continue;
    }
    if (c == '_' && between) continue;
    if (!is_digit(c)) break;
    if (++digits > kDigitsMax) return text_error("a number of more than 18 digits", {}, begin);
    number.digits = number.digits * 10 + static_cast<std::uint64_t>(c - '0');
    if (fraction) number.scale *= 10;
  }
  if (digits == 0 && begin < text.size() && text[begin] == '-') {
    return text_error("must not be negative", {}, begin);
  }
  if (digits == 0) return text_error("expected a number without sign", {}, begin);
  return number;
}

Result<Decimal, TextError> parse_decimal(std::string_view text) {
  std::size_t position = 0;
  auto number = scan_decimal(text, position);
  if (number && position != text.size()) {
    return text_error("unexpected text behind the number", {}, position);
  }
  return number;
}

Ratio reduced(Ratio ratio) {
  const std::uint64_t common = std::gcd(ratio.numerator(), ratio.denominator());
  return Ratio(ratio.numerator() / common, ratio.denominator() / common);
}

Ratio to_ratio(Decimal number) { return reduced(Ratio(number.digits, number.scale)); }

std::optional<Ratio> sum(std::span<const Ratio> ratios) {
  Ratio total(0, 1);
  constexpr UInt128 kMax = std::numeric_limits<std::uint64_t>::max();
  for (const Ratio& written : ratios) {
    const Ratio part = reduced(written);
    const std::uint64_t common = std::gcd(total.denominator(), part.denominator());
    const UInt128 below = static_cast<UInt128>(total.denominator()) * (part.denominator() / common);
    if (below > kMax) return std::nullopt;
    const UInt128 left = static_cast<UInt128>(total.numerator()) * (part.denominator() / common);
    const UInt128 right = static_cast<UInt128>(part.numerator()) * (total.denominator() / common);
    if (left > kMax || right > kMax || left + right > kMax) return std::nullopt;
    total =
        reduced(Ratio(static_cast<std::uint64_t>(left + right), static_cast<std::uint64_t>(below)));
  }
  return total;
}

bool sums_to_one(std::initializer_list<Ratio> ratios) {
  return sum(std::span(ratios.begin(), ratios.size())) == Ratio(1, 1);
}

std::string to_text(Ratio ratio) {
  const Ratio lowest = reduced(ratio);
  const std::uint64_t whole = lowest.numerator() / lowest.denominator();
  UInt128 rest = lowest.numerator() % lowest.denominator();
  std::string text = fmt::format("{}", whole);
  const std::size_t digits_of_whole = text.size();
  if (rest == 0) return text;
  text += '.';
  while (rest != 0 && text.size() - 1 < kDigitsMax) {
    rest *= 10;
    text += static_cast<char>('0' + static_cast<int>(rest / lowest.denominator()));
    rest %= lowest.denominator();
  }
  if (rest == 0 && digits_of_whole <= kDigitsMax) return text;
  return fmt::format("{}/{}", lowest.numerator(), lowest.denominator());
}

}  // namespace shardproof::sim
