// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/units.hpp"
#include "sim/observe/run_result.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// Judges the `[[expect]]` of a scenario at the samples of its run, exactly. A value that cannot be
/// computed is no evaluation: an expectation that never had one leaves the run inconclusive.
class Expectations {
 public:
  explicit Expectations(const std::vector<ExpectationSpec>& specs);

  /// At each sample, times rising. One `at` a time is judged at the first sample not before it.
  /// `value_of(MetricIndex)` returns the metric's value or nothing; called only for what is due.
  template <typename ValueOf>
  void at_sample(Instant now, ValueOf&& value_of) {
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      if (is_due(i, now)) evaluate(i, now, value_of(specs_[i].metric));
    }
  }
  /// At the end of the run, after the last sample.
  template <typename ValueOf>
  void at_end(Instant now, ValueOf&& value_of) {
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      if (is_due_at_end(i, now)) evaluate(i, now, value_of(specs_[i].metric));
    }
  }

  /// In the scenario's order.
  const std::vector<ExpectationResult>& results() const { return results_; }

 private:
  bool is_due(std::size_t i, Instant now) const;
  bool is_due_at_end(std::size_t i, Instant now) const;
  void evaluate(std::size_t i, Instant now, const std::optional<ExactValue>& value);

  std::vector<ExpectationSpec> specs_;
  std::vector<ExpectationResult> results_;
};

/// The claim in one line: "skew.bytes.max_over_mean <= 1.25 after 8min".
std::string describe(const ExpectationSpec& expectation);

}  // namespace shardproof::sim
