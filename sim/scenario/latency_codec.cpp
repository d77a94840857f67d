// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/latency_codec.hpp"

#include "sim/scenario/codecs.hpp"
#include "sim/scenario/table_reader.hpp"
#include "sim/scenario/table_schema.hpp"
#include "sim/scenario/table_writer.hpp"

namespace shardproof::sim {
namespace {

template <typename Visitor>
void fields(Visitor& visitor, MeasuredDelays& measured) {
  visitor.required("trace", measured.file, Text{false});
  visitor.required("column", measured.column, Text{false});
  visitor.field("unit", measured.unit, kPositiveDuration);
}

}  // namespace

bool LatencyCodec::read(const SourceNode& node, NetworkLatency& value,
                        Diagnostics& diagnostics) const {
  if (node.kind != SourceNode::Kind::kTable) {
    DelayDistribution distribution;
    if (!kDelay.read(node, distribution, diagnostics)) return false;
    value = distribution;
    return true;
  }
  const std::size_t errors_before = diagnostics.errors();
  TableReader table(node, node.at, "latency", diagnostics);
  NetworkLatency read;
  fields(table, read.measured.emplace());
  table.finish();
  if (diagnostics.errors() != errors_before) return false;
  value = std::move(read);
  return true;
}

std::string LatencyCodec::print(const NetworkLatency& value) const {
  if (!value.measured) return kDelay.print(value.distribution);
  TableWriter table;
  MeasuredDelays printed = *value.measured;
  fields(table, printed);
  return table.in_line();
}

std::string LatencyCodec::schema() const {
  TableSchema table;
  MeasuredDelays measured;
  fields(table, measured);
  return fmt::format(R"({{"anyOf": [{}, {}]}})", kDelay.schema(), table.text());
}

}  // namespace shardproof::sim
