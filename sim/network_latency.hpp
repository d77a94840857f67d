// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/check.hpp"
#include "sim/distribution.hpp"

namespace shardproof::sim {

/// Delays that were measured: a column of numbers of a CSV file, in which 1 stands for `unit`.
struct MeasuredDelays {
  std::string file;  ///< can be opened as it is
  std::string column;
  Nanoseconds unit = microseconds(1);
  /// In the order of the file, at least one; null until they are read.
  std::shared_ptr<const std::vector<Nanoseconds>> values = nullptr;

  /// The same ones of the same file.
  friend bool operator==(const MeasuredDelays& a, const MeasuredDelays& b) {
    return a.file == b.file && a.column == b.column && a.unit == b.unit;
  }
};

/// One-way delays between nodes: of a distribution, or any of those measured, each alike.
struct NetworkLatency {
  DelayDistribution distribution;
  std::optional<MeasuredDelays> measured;  ///< instead, if there

  NetworkLatency() = default;
  NetworkLatency(DelayDistribution drawn_from) : distribution(drawn_from) {}

  friend bool operator==(const NetworkLatency&, const NetworkLatency&) = default;
};

/// One delay. Draws as `sample` of the distribution does, or one number. O(1).
inline Nanoseconds sample(const NetworkLatency& latency, Random& random) {
  if (!latency.measured) return sample(latency.distribution, random);
  SHARDPROOF_CHECK(latency.measured->values != nullptr, "{} has not been read",
                   latency.measured->file);
  const std::vector<Nanoseconds>& values = *latency.measured->values;
  return values[random.below(values.size())];
}

}  // namespace shardproof::sim
