// SPDX-License-Identifier: Apache-2.0
#include "sim/run/expectations.hpp"

#include "core/base/check.hpp"
#include "sim/scenario/bound.hpp"

namespace shardproof::sim {
namespace {

using Moment = ExpectationSpec::Moment;

std::string moment_text(const ExpectationSpec& spec) {
  switch (spec.moment) {
    case Moment::kEnd: return "at the end";
    case Moment::kAt: return fmt::format("at {}", spec.time);
    case Moment::kAfter: return fmt::format("from {} on", spec.time);
    case Moment::kAlways: return "always";
  }
  SHARDPROOF_CHECK(false, "moment {}", static_cast<int>(spec.moment));
  return {};
}

/// The bound that the value breaks, or nothing.
std::optional<Ratio> broken_bound(const ExpectationSpec& spec, const ExactValue& value) {
  if (spec.equals && !(value == *spec.equals)) return spec.equals;
  if (spec.max && value > *spec.max) return spec.max;
  if (spec.min && value < *spec.min) return spec.min;
  return std::nullopt;
}

Ratio main_bound(const ExpectationSpec& spec) {
  if (spec.equals) return *spec.equals;
  return spec.max ? *spec.max : spec.min.value_or(Ratio());
}

}  // namespace

std::string describe(const ExpectationSpec& spec) {
  const MetricDefinition& metric = metric_catalogue()[spec.metric];
  const auto bound = [&](Ratio ratio) { return bound_text(metric.unit, ratio); };
  std::string text(metric.name);
  if (spec.min && spec.max) {
    text = fmt::format("{} <= {} <= {}", bound(*spec.min), text, bound(*spec.max));
  } else if (spec.min) {
    text += " >= " + bound(*spec.min);
  } else if (spec.max) {
    text += " <= " + bound(*spec.max);
  }
  if (spec.equals) text += " == " + bound(*spec.equals);
  return text + " " + moment_text(spec);
}

Expectations::Expectations(const std::vector<ExpectationSpec>& specs) : specs_(specs) {
  results_.reserve(specs_.size());
  for (const ExpectationSpec& spec : specs_) {
    ExpectationResult result;
    result.metric = std::string(metric_catalogue()[spec.metric].name);
    result.text = describe(spec);
    result.because = spec.because;
    result.bound = main_bound(spec);
    results_.push_back(std::move(result));
  }
}

bool Expectations::is_due(std::size_t i, Instant now) const {
  const ExpectationSpec& spec = specs_[i];
  const bool is_reached = now.since_start() >= spec.time;
  switch (spec.moment) {
    case Moment::kEnd: return false;
    case Moment::kAt: return is_reached && results_[i].evaluations == 0;
    case Moment::kAfter: return is_reached;
    case Moment::kAlways: return true;
  }
  return false;
}

bool Expectations::is_due_at_end(std::size_t i, Instant now) const {
  return specs_[i].moment == Moment::kEnd || is_due(i, now);
}

void Expectations::evaluate(std::size_t i, Instant now, const std::optional<ExactValue>& value) {
  ExpectationResult& result = results_[i];
  const bool has_failed = result.evaluations > 0 && !result.held;
  if (!value) {
    if (result.evaluations == 0) result.evaluated_at = now;
    return;
  }
  ++result.evaluations;
  // The first failure is what a reader wants to see.
  if (has_failed) return;
  result.value = value;
  result.evaluated_at = now;
  const std::optional<Ratio> broken = broken_bound(specs_[i], *value);
  result.held = !broken;
  if (broken) result.bound = *broken;
  if (result.evaluations == 1) result.held_at_first = result.held;
}

}  // namespace shardproof::sim
