// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "sim/observe/metric_catalogue.hpp"
#include "sim/scenario/text_error.hpp"

namespace shardproof::sim {

enum class Comparator : std::uint8_t {
  kLess,
  kLessEqual,
  kEqual,
  kNotEqual,
  kGreaterEqual,
  kGreater
};

/// One step of a condition in postfix order: a comparison pushes a truth value, `kAnd` and `kOr`
/// replace the two topmost ones by their result.
struct ConditionStep {
  enum class Kind : std::uint8_t { kCompare, kAnd, kOr };
  Kind kind = Kind::kCompare;
  Comparator comparator = Comparator::kEqual;
  MetricIndex metric = 0;    ///< of kCompare: what is compared
  Ratio number{};            ///< of kCompare: the right side, in the metric's unit
  std::uint32_t choice = 0;  ///< of kCompare with a kChoice metric: index into its choices

  friend bool operator==(const ConditionStep&, const ConditionStep&) = default;
};

/// A condition of a `[[when]]`: comparisons of observables joined by `and`, `or` and parentheses,
/// e.g. `migrations.completed >= 3 and (time >= "2m" or nodes.alive < 4)`.
struct Condition {
  std::vector<ConditionStep> steps;  ///< never empty once parsed

  friend bool operator==(const Condition&, const Condition&) = default;
};

/// Parses `or` of `and` of comparisons; `and` binds more tightly. Every name has to be a metric
/// that conditions may use (`MetricDefinition::in_conditions`); a number may have a unit that fits
/// the metric's, quoted or not ("2m", 10MB). Comparisons that every value fulfils, or none, are
/// errors.
Result<Condition, TextError> parse_condition(std::string_view text);

/// Whether some values of the metrics fulfil it, `time` at most `duration`: false for what
/// contradicts itself. Conditions of very many alternatives are assumed to be possible.
bool can_hold(const Condition& condition, Nanoseconds duration);

/// The text that parses to the same condition, with only the parentheses that are needed.
std::string to_string(const Condition& condition);

/// Whether it holds, as one without steps does. `value_of(MetricIndex)` returns a `MetricValue`. A
/// `kChoice` metric is a set:
/// `==` asks whether the choice is in it, `!=` whether it is not. O(steps), no allocation up to 64
/// values on the stack (which `parse_condition` guarantees).
template <typename ValueOf>
bool holds(const Condition& condition, ValueOf&& value_of);

/// One comparison; see `holds`.
bool compare(const ConditionStep& step, const MetricValue& value);

inline constexpr std::size_t kConditionDepth = 64;

template <typename ValueOf>
bool holds(const Condition& condition, ValueOf&& value_of) {
  if (condition.steps.empty()) return true;
  bool stack[kConditionDepth] = {};
  std::size_t size = 0;
  for (const ConditionStep& step : condition.steps) {
    if (step.kind == ConditionStep::Kind::kCompare) {
      SHARDPROOF_CHECK(size < kConditionDepth);
      stack[size++] = compare(step, value_of(step.metric));
      continue;
    }
    SHARDPROOF_CHECK(size >= 2);
    const bool right = stack[--size];
    bool& left = stack[size - 1];
    left = step.kind == ConditionStep::Kind::kAnd ? (left && right) : (left || right);
  }
  SHARDPROOF_CHECK(size == 1);
  return stack[0];
}

}  // namespace shardproof::sim
