// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/condition.hpp"

#include "core/base/check.hpp"
#include "sim/scenario/bound.hpp"

namespace shardproof::sim {
namespace {

bool compare_numbers(Comparator comparator, Ratio left, Ratio right) {
  switch (comparator) {
    case Comparator::kLess: return left < right;
    case Comparator::kLessEqual: return left <= right;
    case Comparator::kEqual: return left == right;
    case Comparator::kNotEqual: return left != right;
    case Comparator::kGreaterEqual: return left >= right;
    case Comparator::kGreater: return left > right;
  }
  SHARDPROOF_CHECK(false, "comparator {}", static_cast<int>(comparator));
  return false;
}

std::string_view symbol(Comparator comparator) {
  switch (comparator) {
    case Comparator::kLess: return "<";
    case Comparator::kLessEqual: return "<=";
    case Comparator::kEqual: return "==";
    case Comparator::kNotEqual: return "!=";
    case Comparator::kGreaterEqual: return ">=";
    case Comparator::kGreater: return ">";
  }
  SHARDPROOF_CHECK(false, "comparator {}", static_cast<int>(comparator));
  return {};
}

std::string comparison_text(const ConditionStep& step) {
  const MetricDefinition& metric = metric_catalogue()[step.metric];
  const std::string right = metric.unit == MetricUnit::kChoice
                                ? fmt::format("\"{}\"", metric.choices[step.choice])
                                : bound_text(metric.unit, step.number);
  return fmt::format("{} {} {}", metric.name, symbol(step.comparator), right);
}

/// A piece of text and how tightly it binds.
struct Piece {
  std::string text;
  ConditionStep::Kind kind = ConditionStep::Kind::kCompare;
};

/// Parentheses are needed round an `or` within an `and`, and round a right operand of the same
/// kind, which would otherwise be read as if it stood on the left.
std::string operand(const Piece& piece, ConditionStep::Kind within, bool is_right) {
  const bool looser = within == ConditionStep::Kind::kAnd && piece.kind == ConditionStep::Kind::kOr;
  const bool regrouped = is_right && piece.kind == within;
  return looser || regrouped ? "(" + piece.text + ")" : piece.text;
}

}  // namespace

bool compare(const ConditionStep& step, const MetricValue& value) {
  if (metric_catalogue()[step.metric].unit == MetricUnit::kChoice) {
    const bool contained = (value.choices >> step.choice & 1u) != 0;
    return contained == (step.comparator == Comparator::kEqual);
  }
  return compare_numbers(step.comparator, value.number, step.number);
}

std::string to_string(const Condition& condition) {
  std::vector<Piece> stack;
  for (const ConditionStep& step : condition.steps) {
    if (step.kind == ConditionStep::Kind::kCompare) {
      stack.push_back({comparison_text(step), step.kind});
      continue;
    }
    SHARDPROOF_CHECK(stack.size() >= 2);
    const Piece right = stack.back();
    stack.pop_back();
    const std::string_view word = step.kind == ConditionStep::Kind::kAnd ? "and" : "or";
    stack.back() = {fmt::format("{} {} {}", operand(stack.back(), step.kind, false), word,
                                operand(right, step.kind, true)),
                    step.kind};
  }
  if (stack.empty()) return {};
  SHARDPROOF_CHECK(stack.size() == 1);
  return stack.front().text;
}

}  // namespace shardproof::sim
