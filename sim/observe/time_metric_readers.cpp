// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include <fmt/format.h>

#include "sim/observe/metric_readers.hpp"

namespace shardproof::sim {
namespace {

using Value = MetricReaders::Value;
/// Null if there never was what it is of.
using TimesReader = std::function<const SkewOverTime*(const Observer&)>;

Value whole(std::optional<std::uint64_t> number) {
  return number ? Value(ExactValue::integer(*number)) : std::nullopt;
}

Value whole(std::int64_t nanoseconds) {
  return ExactValue::integer(static_cast<UInt128>(nanoseconds));
}

void add_times(std::vector<MetricReaders::NamedReader>& readers, const std::string& name,
               const TimesReader& times_of) {
  const auto add = [&](std::string_view what, Value (*read)(const SkewOverTime&)) {
    const std::string metric = fmt::format("{}.{}", name, what);
    readers.push_back(MetricReaders::valued(metric, [=](const Observer& o) -> Value {
      const SkewOverTime* times = times_of(o);
      return times == nullptr ? std::nullopt : read(*times);
    }));
  };
  add("time_max", [](const SkewOverTime& times) { return times.max(); });
  add("time_mean", [](const SkewOverTime& times) { return times.mean(); });
  add("over_ns", [](const SkewOverTime& times) { return whole(times.over().count()); });
  add("last_over_ns", [](const SkewOverTime& times) -> Value {
    const auto& last = times.last_over();
    return last ? whole(last->count()) : std::nullopt;
  });
}

}  // namespace

std::vector<MetricReaders::NamedReader> MetricReaders::over_time() {
  using O = const Observer&;
  std::vector<NamedReader> readers;
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    const auto dimension = static_cast<SkewDimension>(i);
    const auto name = [dimension](std::string_view rest) {
      return fmt::format("skew.{}.{}", to_string(dimension), rest);
    };
    readers.push_back(valued(name("cv.time_max"),
                             [=](O o) { return o.load_history_.times(dimension).cv.max(); }));
    readers.push_back(valued(name("cv.time_mean"),
                             [=](O o) { return o.load_history_.times(dimension).cv.mean(); }));
    add_times(readers, name("max_over_mean"),
              [=](O o) { return &o.load_history_.times(dimension).max_over_mean; });
    for (const SkewScopeInfo& info : kSkewScopes) {
      if (info.scope == SkewScope::kCluster) continue;
      const SkewScope kind = info.scope;
      add_times(readers, name(fmt::format("max_over_mean.{}", info.name)),
                [=](O o) { return o.scope_history_.worst(kind, dimension); });
    }
    readers.push_back(valued(fmt::format("thrash.{}.percent", to_string(dimension)),
                             [=](O o) { return o.load_history_.thrash_percent(dimension); }));
    readers.push_back(valued(fmt::format("thrash.{}.runs", to_string(dimension)),
                             [=](O o) { return whole(o.load_history_.thrash_runs(dimension)); }));
  }
  return readers;
}

}  // namespace shardproof::sim
