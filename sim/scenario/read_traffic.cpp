// SPDX-License-Identifier: Apache-2.0
#include "sim/input/trace_reader.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/read_tables.hpp"
#include "sim/scenario/traffic_fields.hpp"

namespace shardproof::sim {
namespace {

void read_generated(TableReader& table, TrafficSpec& traffic) {
  if (table.take("mix") != nullptr) traffic.mix = OperationMix{};
  const std::size_t errors_before = table.diagnostics().errors();
  fields_of_generated(table, traffic);
  if (table.diagnostics().errors() != errors_before) return;
  const auto total = sum(traffic.mix);
  if (!total || *total != Ratio(1, 1)) {
    table.diagnostics().error(
        table.key_position("mix"),
        fmt::format("the probabilities add up to {} instead of 1", total ? to_text(*total) : "?"));
  }
}

void warn_of_unused_records(TableReader& table, const TrafficSpec& traffic,
                            const TraceSummary& summary) {
  const Nanoseconds available = traffic.stop - traffic.start;
  if (summary.span <= available) return;
  table.diagnostics().warning(
      table.key_position("trace"),
      fmt::format("the trace spans {}, but only {} of it are replayed",
                  to_text(Nanoseconds(summary.span.count() / 1'000'000 * 1'000'000)),
                  to_text(available)),
      "raise \"duration\" or \"speedup\"");
}

void read_trace(TableReader& table, TrafficSpec& traffic, ReadContext& context) {
  const std::size_t errors_before = table.diagnostics().errors();
  TraceSpec trace;
  fields(table, trace);
  if (table.diagnostics().errors() != errors_before) return;
  trace.file = context.options.trace.value_or(context.resolve(trace.file));
  traffic.trace = trace;
  traffic.mix = OperationMix{};
  const auto summary = check_trace(trace);
  if (!summary) {
    context.report(summary.error(), table.take("trace")->at, table.diagnostics());
    return;
  }
  warn_of_unused_records(table, traffic, *summary);
}

}  // namespace

void read_traffic(TableReader& table, TrafficSpec& traffic, ReadContext& context) {
  const ScenarioSpec& spec = context.spec;
  traffic = default_traffic(spec.traffic.size() - 1, spec.duration);
  fields_of_all(table, traffic, collection_codec(context.names));
  const bool is_ambiguous = spec.collections.size() > 1 && context.names.all_collections_known;
  if (is_ambiguous && table.take("collection") == nullptr && !table.is_misspelt({"collection"})) {
    table.diagnostics().error(table.at(), "\"traffic\" lacks the key \"collection\"");
  }
  if (traffic.start >= traffic.stop) {
    table.diagnostics().error(table.key_position("start"), "the traffic stops before it starts");
  }
  const bool has_trace = table.take("trace") != nullptr;
  const bool has_rate = table.take("rate") != nullptr;
  if (has_trace == has_rate) {
    if (has_trace || !table.is_misspelt({"rate", "trace"})) {
      table.diagnostics().error(table.at(), "expected either a \"rate\" or a \"trace\"");
    }
    // The keys of both are known here, so that none is reported as unknown too.
    for (const char* key : {"arrivals", "mix", "keys", "columns", "ops", "time_unit", "speedup"}) {
      table.take(key);
    }
    return;
  }
  if (has_trace) {
    read_trace(table, traffic, context);
  } else {
    read_generated(table, traffic);
  }
}

}  // namespace shardproof::sim
