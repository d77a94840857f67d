// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "core/base/wide.hpp"
#include "sim/scenario/condition.hpp"

namespace shardproof::sim {
namespace {

/// Comparisons that must all hold.
using Clause = std::vector<ConditionStep>;

constexpr std::size_t kClausesMax = 256;

/// The values of one metric that a clause leaves: whole numbers, or choices required and forbidden.
struct Range {
  Int128 low = 0;
  Int128 high = static_cast<Int128>(1) << 100;
  std::uint32_t required = 0;
  std::uint32_t forbidden = 0;

  bool is_empty() const { return low > high || (required & forbidden) != 0; }

  void narrow(const ConditionStep& step) {
    const Int128 floor = step.number.numerator() / step.number.denominator();
    const bool whole = step.number.numerator() % step.number.denominator() == 0;
    switch (step.comparator) {
      case Comparator::kLess: high = std::min(high, whole ? floor - 1 : floor); break;
      case Comparator::kLessEqual: high = std::min(high, floor); break;
      case Comparator::kGreater: low = std::max(low, floor + 1); break;
      case Comparator::kGreaterEqual: low = std::max(low, whole ? floor : floor + 1); break;
      case Comparator::kEqual:
        low = std::max(low, whole ? floor : high + 1);
        high = std::min(high, floor);
        break;
      case Comparator::kNotEqual: break;
    }
  }

  void narrow_choices(const ConditionStep& step) {
    (step.comparator == Comparator::kEqual ? required : forbidden) |= 1u << step.choice;
  }
};

bool clause_can_hold(const Clause& clause, Nanoseconds duration) {
  std::map<MetricIndex, Range> ranges;
  ranges[metric_index("time")].high = duration.count();
  for (const ConditionStep& step : clause) {
    Range& range = ranges[step.metric];
    if (metric_catalogue()[step.metric].unit == MetricUnit::kChoice) {
      range.narrow_choices(step);
    } else {
      range.narrow(step);
    }
    if (range.is_empty()) return false;
  }
  return true;
}

std::vector<Clause> every_pair(const std::vector<Clause>& left, const std::vector<Clause>& right) {
  std::vector<Clause> result;
  for (const Clause& a : left) {
    for (const Clause& b : right) {
      result.push_back(a);
      result.back().insert(result.back().end(), b.begin(), b.end());
    }
  }
  return result;
}

}  // namespace

bool can_hold(const Condition& condition, Nanoseconds duration) {
  if (condition.steps.empty()) return true;
  std::vector<std::vector<Clause>> stack;  // alternatives of each operand
  for (const ConditionStep& step : condition.steps) {
    if (step.kind == ConditionStep::Kind::kCompare) {
      stack.push_back({{step}});
      continue;
    }
    const std::vector<Clause> right = std::move(stack.back());
    stack.pop_back();
    std::vector<Clause>& left = stack.back();
    if (step.kind == ConditionStep::Kind::kOr) {
      left.insert(left.end(), right.begin(), right.end());
    } else if (left.size() * right.size() <= kClausesMax) {
      left = every_pair(left, right);
    } else {
      return true;
    }
  }
  return std::any_of(stack.back().begin(), stack.back().end(),
                     [&](const Clause& clause) { return clause_can_hold(clause, duration); });
}

}  // namespace shardproof::sim
