// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/observe/metric_readers.hpp"

namespace shardproof::sim {
namespace {

using Value = MetricReaders::Value;

void keep_larger(Value& worst, const Value& other) {
  if (!other) return;
  if (!worst || compare_alike(*worst, *other) < 0) worst = other;
}

Value figure_of(const std::optional<Skew>& skew, SkewMeasure measure) {
  return skew ? sim::figure_of(*skew, measure) : std::nullopt;
}

}  // namespace

std::vector<MetricReaders::NamedReader> MetricReaders::skews() {
  using O = const Observer&;
  std::vector<NamedReader> readers;
  const auto measure_of = [](SkewDimension dimension, SkewMeasure measure) {
    return [=](O o) { return figure_of(o.skew(dimension), measure); };
  };
  const auto whole_of = [](SkewDimension dimension, SkewMeasure measure) {
    return [=](O o) {
      return figure_of(o.scoped_skew().front().of[static_cast<std::size_t>(dimension)], measure);
    };
  };
  const auto by_capacity = [](SkewDimension dimension, SkewMeasure measure) {
    return [=](O o) {
      const ScopedSkew& cluster = o.scoped_skew().front();
      return figure_of(cluster.by_capacity[static_cast<std::size_t>(dimension)], measure);
    };
  };
  const auto worst_scope = [](SkewDimension dimension, SkewScope kind) {
    return [=](O o) -> Value {
      const auto& worst = o.skews_.worst(o.cluster_, o.loads_)[static_cast<std::size_t>(kind)];
      return worst ? (*worst)[static_cast<std::size_t>(dimension)] : std::nullopt;
    };
  };
  const auto worst_dimension = [](SkewMeasure measure) {
    return [=](O o) {
      Value worst;
      for (std::size_t i = 0; i < kSkewDimensions; ++i) {
        keep_larger(worst, figure_of(o.skew(static_cast<SkewDimension>(i)), measure));
      }
      return worst;
    };
  };
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    const auto dimension = static_cast<SkewDimension>(i);
    const std::string_view name = to_string(dimension);
    for (const SkewMeasureInfo& info : kSkewMeasures) {
      if (has_measure(dimension, info)) {
        const std::string metric = fmt::format("skew.{}.{}", name, info.name);
        readers.push_back(info.is_costly ? valued(metric, whole_of(dimension, info.measure))
                                         : valued(metric, measure_of(dimension, info.measure)));
      }
      if (info.is_by_capacity) {
        readers.push_back(valued(fmt::format("skew.{}_by_capacity.{}", name, info.name),
                                 by_capacity(dimension, info.measure)));
      }
    }
    for (const SkewScopeInfo& info : kSkewScopes) {
      if (info.scope == SkewScope::kCluster) continue;
      readers.push_back(valued(fmt::format("skew.{}.max_over_mean.{}", name, info.name),
                               worst_scope(dimension, info.scope)));
    }
  }
  readers.push_back(valued("skew.worst.cv", worst_dimension(SkewMeasure::kCv)));
  readers.push_back(valued("skew.worst.max_over_mean", worst_dimension(SkewMeasure::kMaxOverMean)));
  return readers;
}

}  // namespace shardproof::sim
