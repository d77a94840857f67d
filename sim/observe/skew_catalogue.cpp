// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <string>

#include <fmt/format.h>

#include "sim/observe/metric_families.hpp"
#include "sim/observe/skew_measures.hpp"

namespace shardproof::sim {
namespace {

/// Keeps the texts of definitions that are made at the first use of the catalogue.
std::string_view kept(std::string text) {
  static std::deque<std::string> texts;
  return texts.emplace_back(std::move(text));
}

std::string_view held(SkewDimension dimension) {
  switch (dimension) {
    case SkewDimension::kShards: return "copies held";
    case SkewDimension::kLeaders: return "shards led";
    case SkewDimension::kBytes: return "bytes held";
    case SkewDimension::kRequests: return "requests served (within the last 64 samples)";
    case SkewDimension::kCpu:
      return "time that its processor was busy (within the last 64 samples)";
  }
  return {};
}

std::string_view weight_of(SkewDimension dimension) {
  const bool is_stored = dimension == SkewDimension::kShards || dimension == SkewDimension::kBytes;
  return is_stored ? "disk" : "processor";
}

/// The others follow from these, or need a logarithm for each node: they are of the end only.
bool is_sampled(SkewMeasure measure) {
  switch (measure) {
    case SkewMeasure::kMaxOverMean:
    case SkewMeasure::kMinOverMean:
    case SkewMeasure::kP99OverMean:
    case SkewMeasure::kCv:
    case SkewMeasure::kGini: return true;
    default: return false;
  }
}

void add_measures(std::vector<MetricDefinition>& metrics, SkewDimension dimension) {
  for (const SkewMeasureInfo& info : kSkewMeasures) {
    if (!has_measure(dimension, info)) continue;
    metrics.push_back({kept(fmt::format("skew.{}.{}", to_string(dimension), info.name)),
                       MetricUnit::kRatio,
                       false,
                       is_sampled(info.measure),
                       true,
                       kept(fmt::format(fmt::runtime(info.definition), held(dimension))),
                       {}});
  }
}

void add_by_capacity(std::vector<MetricDefinition>& metrics, SkewDimension dimension) {
  for (const SkewMeasureInfo& info : kSkewMeasures) {
    if (!info.is_by_capacity) continue;
    const std::string what =
        fmt::format("{} for the size of its {}", held(dimension), weight_of(dimension));
    metrics.push_back(
        final_only(kept(fmt::format("skew.{}_by_capacity.{}", to_string(dimension), info.name)),
                   MetricUnit::kRatio, kept(fmt::format(fmt::runtime(info.definition), what))));
  }
}

struct OverTimeInfo {
  std::string_view name;
  MetricUnit unit;
  std::string_view definition;  ///< "{}" stands for what it is of
};

/// Names are what comes behind the measure's.
constexpr OverTimeInfo kOfOneMeasure[] = {
    {"last_over_ns", MetricUnit::kNanoseconds, "until when {} was last above 1.25"},
    {"over_ns", MetricUnit::kNanoseconds, "time in which {} was above 1.25, from sample to sample"},
    {"time_max", MetricUnit::kRatio, "largest {} of a sample"},
    {"time_mean", MetricUnit::kRatio, "mean of {} over the time, from sample to sample"},
};

/// Of one name, max/mean of a dimension in a scope.
void add_times(std::vector<MetricDefinition>& metrics, const std::string& name) {
  for (const OverTimeInfo& info : kOfOneMeasure) {
    metrics.push_back(final_only(kept(fmt::format("{}.{}", name, info.name)), info.unit,
                                 kept(fmt::format(fmt::runtime(info.definition), name))));
  }
}

void add_scopes(std::vector<MetricDefinition>& metrics, SkewDimension dimension) {
  for (const SkewScopeInfo& info : kSkewScopes) {
    if (info.scope == SkewScope::kCluster) continue;
    const std::string name =
        fmt::format("skew.{}.max_over_mean.{}", to_string(dimension), info.name);
    metrics.push_back(sampled(kept(name), MetricUnit::kRatio,
                              kept(fmt::format(fmt::runtime(info.definition), held(dimension)))));
    add_times(metrics, name);
  }
}

constexpr OverTimeInfo kOverTime[] = {
    {"skew.{}.cv.time_max", MetricUnit::kRatio, "largest skew.{}.cv of a sample"},
    {"skew.{}.cv.time_mean", MetricUnit::kRatio,
     "mean of skew.{}.cv over the time, from sample to sample"},
    {"thrash.{}.percent", MetricUnit::kRatio,
     "asim's thrash_pct of {} by member and sample, summed over members"},
    {"thrash.{}.runs", MetricUnit::kCount,
     "most runs of a member's {} in one direction, from sample to sample"},
};

void add_over_time(std::vector<MetricDefinition>& metrics, SkewDimension dimension) {
  add_times(metrics, fmt::format("skew.{}.max_over_mean", to_string(dimension)));
  for (const OverTimeInfo& info : kOverTime) {
    const std::string_view name = to_string(dimension);
    metrics.push_back(final_only(kept(fmt::format(fmt::runtime(info.name), name)), info.unit,
                                 kept(fmt::format(fmt::runtime(info.definition), name))));
  }
}

}  // namespace

std::vector<MetricDefinition> skew_metrics() {
  std::vector<MetricDefinition> metrics;
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    const auto dimension = static_cast<SkewDimension>(i);
    add_measures(metrics, dimension);
    add_by_capacity(metrics, dimension);
    add_scopes(metrics, dimension);
    add_over_time(metrics, dimension);
  }
  metrics.push_back(sampled("skew.worst.cv", MetricUnit::kRatio,
                            "largest cv among shards, leaders, bytes, requests and cpu"));
  metrics.push_back(
      sampled("skew.worst.max_over_mean", MetricUnit::kRatio,
              "largest max_over_mean among shards, leaders, bytes, requests and cpu"));
  return metrics;
}

}  // namespace shardproof::sim
