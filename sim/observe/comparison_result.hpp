// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/observe/run_result.hpp"

namespace shardproof::sim {

/// One run of one side of a comparison, with what is compared of it.
struct ComparedRun {
  std::uint64_t seed = 0;
  Verdict verdict = Verdict::kInconclusive;
  std::string finding;        ///< the first that failed, or why there is no result; else empty
  bool is_violation = false;  ///< an invariant fell, or the run ended without a result
  /// By the metrics of the comparison; nothing where it cannot be computed.
  std::vector<std::optional<double>> values;  // lint: reporting only
  /// What fell says only that something was left undone: that of progress, and no other.
  bool is_unfinished = false;
};

/// What is compared with the others: a policy, or a set of results.
struct ComparedSide {
  std::string name;
  std::vector<ComparedRun> runs;  ///< of every side of the same seeds, in the same order
  /// A control that cannot do what the cluster is asked for, as a drain where nothing is moved:
  /// what it leaves undone is no finding.
  bool may_leave_undone = false;
};

struct ComparedMetric {
  std::string name;
  MetricUnit unit = MetricUnit::kCount;
};

/// Runs of the same scenario and seeds that differ in one thing. The first side is the one that the
/// others are compared with.
struct ComparisonResult {
  std::string scenario;
  std::vector<ComparedMetric> metrics;
  std::vector<ComparedSide> sides;
  bool interrupted = false;  ///< seeds that some side has not done are left out
};

/// How a metric of one side stands to that of another one, seed by seed.
struct PairedDifference {
  std::uint64_t lower = 0;   ///< seeds in which it is lower than the other's
  std::uint64_t higher = 0;  ///< or higher
  std::uint64_t same = 0;
  /// How likely so uneven a split of `lower` and `higher` is if both are as likely: the two-sided
  /// sign test (exact). 1 if there is none to split.
  double p = 1;  // lint: reporting only

  /// Unlikely enough to be called a difference.
  bool is_significant() const { return p < 0.05; }
};

/// Seeds in which either has no value do not count. `a` and `b` have the same size.
PairedDifference paired_difference(const std::vector<std::optional<double>>& a,
                                   const std::vector<std::optional<double>>& b);

/// The middle one of the values that there are (of two the mean), or nothing.
std::optional<double> median_of(std::vector<std::optional<double>> values);

/// A metric's values of a side, by run.
std::vector<std::optional<double>> values_of(const ComparedSide& side, std::size_t metric);

}  // namespace shardproof::sim
