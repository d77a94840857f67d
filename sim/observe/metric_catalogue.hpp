// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/units.hpp"

namespace shardproof::sim {

/// What a metric's number means. It decides how a scenario may write a bound ("2m", "10MB", "5%").
enum class MetricUnit : std::uint8_t {
  kCount,             ///< a whole number of things
  kRatio,             ///< a pure number
  kBytes,             ///< bytes
  kNanoseconds,       ///< a time, in nanoseconds
  kShardNanoseconds,  ///< an integral over shards and time: one shard for one nanosecond is 1
  kChoice,            ///< a set of names out of `choices`
};

/// One name that expectations, conditions, results and reports share.
struct MetricDefinition {
  std::string_view name;
  MetricUnit unit = MetricUnit::kCount;
  /// Known exactly after every event at O(1), so that a `[[when]]` may use it.
  bool in_conditions = false;
  /// Sampled over time, so that an expectation may ask for `at`, `after` or `always`. Every metric
  /// but those of kChoice is known at the end of the run.
  bool in_series = false;
  /// Part of the `metrics` of a result.
  bool in_result = true;
  std::string_view definition;                  ///< one line
  std::span<const std::string_view> choices{};  ///< of kChoice, at most 32
};

/// Place of a metric in `metric_catalogue()`.
using MetricIndex = std::uint32_t;

/// A reading. Numbers are exact fractions; of kChoice, bit i of `choices` is set if choice i is in.
struct MetricValue {
  Ratio number{};
  std::uint32_t choices = 0;
};

/// Every metric, sorted by name (so a name that is a prefix comes before those that it begins).
std::span<const MetricDefinition> metric_catalogue();

/// Its place in the catalogue, or nothing. O(log n).
std::optional<MetricIndex> find_metric(std::string_view name);

/// As `find_metric` for a name of this program: an unknown one is a failed check.
MetricIndex metric_index(std::string_view name);

/// "count", "ratio", "bytes", "ns", "shard-ns", "choice".
std::string_view to_string(MetricUnit unit);

}  // namespace shardproof::sim
