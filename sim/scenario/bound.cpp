// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/bound.hpp"

#include "sim/scenario/amounts.hpp"
#include "sim/scenario/decimal.hpp"

namespace shardproof::sim {
namespace {

bool is_plain_number(std::string_view text) {
  return text.find_first_not_of("0123456789._") == std::string_view::npos;
}

Result<Ratio, TextError> whole_number(std::string_view text, std::string_view hint) {
  const auto number = parse_decimal(text);
  if (!number) return text_error(number.error().message, std::string(hint), number.error().offset);
  if (number->digits % number->scale != 0) return text_error("expected a whole number");
  return Ratio(number->digits / number->scale, 1);
}

/// Nobody can tell in which unit it is meant, unless it is none at all.
Result<Ratio, TextError> span_without_unit(std::string_view text) {
  const auto number = whole_number(text, {});
  if (!number || number->is_zero()) return number;
  return text_error("a time needs a unit", fmt::format("write \"{0}ms\" or \"{0}s\"", text));
}

}  // namespace

Result<Ratio, TextError> parse_bound(MetricUnit unit, std::string_view text) {
  switch (unit) {
    case MetricUnit::kRatio: return parse_ratio(text);
    case MetricUnit::kCount: return whole_number(text, "write a whole number");
    case MetricUnit::kBytes: {
      if (is_plain_number(text)) return whole_number(text, {});
      const auto bytes = parse_bytes(text);
      if (!bytes) return {Unexpected<TextError>{bytes.error()}};
      return Ratio(bytes->count(), 1);
    }
    default: {
      if (is_plain_number(text)) return span_without_unit(text);
      const auto span = parse_duration(text);
      if (!span) return {Unexpected<TextError>{span.error()}};
      return Ratio(static_cast<std::uint64_t>(span->count()), 1);
    }
  }
}

std::string bound_text(MetricUnit unit, Ratio bound) {
  if (bound.denominator() != 1) return to_text(bound);
  constexpr std::uint64_t kTimeMax = std::uint64_t{1} << 62;
  const bool has_unit = unit != MetricUnit::kRatio && unit != MetricUnit::kCount;
  if (!has_unit || bound.numerator() > kTimeMax) return to_text(bound);
  if (unit == MetricUnit::kBytes) return to_text(Bytes(bound.numerator()));
  return to_text(Nanoseconds(static_cast<std::int64_t>(bound.numerator())));
}

}  // namespace shardproof::sim
