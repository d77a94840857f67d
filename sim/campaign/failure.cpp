// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/failure.hpp"

#include <string_view>

#include "sim/run/runner.hpp"

namespace shardproof::sim::campaign {
namespace {

Failure of_violation(const ViolationRecord& violation) {
  Failure failure;
  failure.fingerprint = {
      Fingerprint::Kind::kViolation, violation.invariant, violation.phase, violation.roles, {}};
  failure.title = fmt::format("invariant {}, {}, is violated", violation.invariant, violation.name);
  failure.detail = violation.message;
  failure.statement = violation.statement;
  failure.time = violation.time.since_start();
  failure.event = violation.event;
  return failure;
}

Failure of_expectation(const ExpectationResult& expectation) {
  Failure failure;
  failure.fingerprint = {Fingerprint::Kind::kExpectation, 0, {}, {}, expectation.text};
  failure.title = fmt::format("an expectation does not hold: {}", expectation.text);
  failure.detail = expectation.because;
  failure.time = expectation.evaluated_at.since_start();
  const ExactValue& value = *expectation.value;
  failure.broken_claim = {expectation.held_at_first, value < expectation.bound, value};
  return failure;
}

NodeRole offender(const Fingerprint& fingerprint) {
  return fingerprint.roles.empty() ? NodeRole::kNone : fingerprint.roles.front();
}

}  // namespace

std::string to_string(const Fingerprint& fingerprint) {
  using Kind = Fingerprint::Kind;
  if (fingerprint.kind == Kind::kExpectation) return "expectation " + fingerprint.text;
  if (fingerprint.kind == Kind::kSetUp) return "set-up";
  if (fingerprint.kind == Kind::kInternal) return "internal error " + fingerprint.text;
  std::string text = fmt::format("invariant {}, phase {}, roles", fingerprint.invariant,
                                 phase_text(fingerprint.phase));
  for (const NodeRole role : fingerprint.roles) text += fmt::format(" {}", to_string(role));
  return fingerprint.roles.empty() ? text + " none" : text;
}

bool is_same_bug(const Fingerprint& smaller, const Fingerprint& original) {
  return smaller.kind == original.kind && smaller.invariant == original.invariant &&
         smaller.phase == original.phase && offender(smaller) == offender(original) &&
         smaller.text == original.text;
}

bool shows_the_same(const Failure& smaller, const Failure& original) {
  if (!is_same_bug(smaller.fingerprint, original.fingerprint)) return false;
  if (!smaller.broken_claim || !original.broken_claim) return true;
  const BrokenClaim& now = *smaller.broken_claim;
  const BrokenClaim& then = *original.broken_claim;
  if (now.is_too_low != then.is_too_low) return false;
  if (then.held_at_first && !now.held_at_first) return false;
  return !now.is_too_low || compare_alike(now.value, then.value) >= 0;
}

std::optional<Failure> failure_of(const RunResult& result) {
  if (!result.violations.empty()) return of_violation(result.violations.front());
  for (const ExpectationResult& expectation : result.expectations) {
    if (expectation.evaluations > 0 && !expectation.held) return of_expectation(expectation);
  }
  return std::nullopt;
}

Failure failure_of_set_up(const std::string& message) {
  Failure failure;
  failure.fingerprint.kind = Fingerprint::Kind::kSetUp;
  failure.title = "the cluster cannot be set up";
  failure.detail = message;
  return failure;
}

Failure failure_of(const std::exception& error) {
  const std::string what = error.what();
  const std::string first_line = what.substr(0, what.find('\n'));
  Failure failure;
  // What follows is the condition and its values, which differ from run to run.
  failure.fingerprint = {Fingerprint::Kind::kInternal,
                         0,
                         {},
                         {},
                         first_line.substr(0, first_line.find(": check failed"))};
  failure.title = "an internal error";
  failure.detail = first_line;
  if (const auto* crash = dynamic_cast<const RunCrash*>(&error)) {
    const RunPlace& place = crash->place();
    failure.detail += fmt::format("; {}", text_of(place));
    if (place.has_begun) failure.time = place.time - place.origin;
    failure.event = place.event;
  }
  return failure;
}

}  // namespace shardproof::sim::campaign
