// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/codecs.hpp"
#include "sim/scenario/traffic_spec.hpp"

namespace shardproof::sim {

/// The keys of a `[[traffic]]`, as in fields.hpp; those of traces and of generated requests apart,
/// since a traffic is one or the other.

template <typename Visitor>
void fields_of_all(Visitor& visitor, TrafficSpec& traffic, const IndexOfName& collections) {
  visitor.field("name", traffic.name, Text{false});
  visitor.field("collection", traffic.collection, collections);
  visitor.field("clients", traffic.clients, Whole<std::uint32_t>{1, 100'000});
  visitor.field("start", traffic.start, kDuration);
  visitor.field("stop", traffic.stop, kPositiveDuration);
  visitor.field("read_from", traffic.read_from,
                OneOf<TrafficSpec::ReadFrom>{{{"leader", TrafficSpec::ReadFrom::kLeader},
                                              {"replica", TrafficSpec::ReadFrom::kReplica}}});
  visitor.field("transaction_size", traffic.transaction_size, Whole<std::uint32_t>{2, 1000});
}

/// The probabilities of operations, as a table whose absent keys mean zero.
template <typename Visitor>
void fields(Visitor& visitor, OperationMix& mix) {
  for (std::size_t i = 0; i < kTrafficOperations; ++i) {
    visitor.field(to_string(static_cast<TrafficOperation>(i)), mix[i], kProbability);
  }
}

template <typename Visitor>
void fields_of_generated(Visitor& visitor, TrafficSpec& traffic) {
  visitor.required("rate", traffic.rate, kRateShape);
  visitor.field("arrivals", traffic.arrivals,
                OneOf<TrafficSpec::Arrivals>{{{"poisson", TrafficSpec::Arrivals::kPoisson},
                                              {"regular", TrafficSpec::Arrivals::kRegular}}});
  visitor.table("mix", [&](auto& mix) { fields(mix, traffic.mix); });
  visitor.field("keys", traffic.keys, kKeys);
}

template <typename Visitor>
void fields(Visitor& visitor, TraceSpec& trace) {
  visitor.required("trace", trace.file, Text{false});
  visitor.table("columns", [&](auto& columns) {
    columns.field("time", trace.time_column, Text{false});
    columns.field("op", trace.operation_column, Text{});
    columns.field("key", trace.key_column, Text{false});
    columns.field("size", trace.size_column, Text{});
  });
  visitor.field("ops", trace.operations, OperationNames{});
  visitor.field("time_unit", trace.time_unit, kPositiveDuration);
  visitor.field("speedup", trace.speedup, kSpeedup);
}

}  // namespace shardproof::sim
