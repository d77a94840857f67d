// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/bound.hpp"
#include "sim/scenario/read_tables.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

using Moment = ExpectationSpec::Moment;

struct MetricCodec {
  using Value = MetricIndex;
  bool read(const SourceNode& node, MetricIndex& metric, Diagnostics& diagnostics) const {
    std::string name;
    if (!Text{false}.read(node, name, diagnostics)) return false;
    const auto index = find_metric(name);
    std::vector<std::string_view> known;
    for (const MetricDefinition& definition : metric_catalogue()) {
      if (is_expectable(definition)) known.push_back(definition.name);
    }
    if (!index || !is_expectable(metric_catalogue()[*index])) {
      diagnostics.error(node.at, fmt::format("unknown metric \"{}\"", name), suggest(name, known));
      return false;
    }
    metric = *index;
    return true;
  }
  static bool is_expectable(const MetricDefinition& metric) {
    return metric.unit != MetricUnit::kChoice && metric.name != "time";
  }
};

struct BoundCodec {
  using Value = Ratio;
  MetricUnit unit;
  bool read(const SourceNode& node, Ratio& bound, Diagnostics& diagnostics) const {
    std::string text = node.text;
    if (node.kind == SourceNode::Kind::kInteger) text = fmt::format("{}", node.integer);
    const bool readable = node.kind == SourceNode::Kind::kInteger ||
                          node.kind == SourceNode::Kind::kReal ||
                          node.kind == SourceNode::Kind::kString;
    if (!readable) {
      wrong_kind(node, "a number or a text", diagnostics);
      return false;
    }
    const auto parsed = parse_bound(unit, text);
    if (!parsed) {
      const bool not_finite = text == "nan" || text == "inf";
      diagnostics.error(position_in(node, parsed.error().offset, diagnostics),
                        not_finite ? "not a finite number" : parsed.error().message,
                        parsed.error().suggestion);
      return false;
    }
    bound = *parsed;
    return true;
  }
};

void read_moment(TableReader& table, ExpectationSpec& expectation, Nanoseconds duration) {
  const auto read_time = [&](std::string_view key, Moment moment) {
    if (table.take(key) == nullptr) return 0;
    table.field(key, expectation.time, kDuration);
    expectation.moment = moment;
    if (expectation.time > duration) {
      table.diagnostics().error(
          table.key_position(key),
          fmt::format("never evaluated: the run ends at {}", to_text(duration)));
    }
    return 1;
  };
  bool always = false;
  table.field("always", always, Flag{});
  if (always) expectation.moment = Moment::kAlways;
  const int moments = read_time("at", Moment::kAt) + read_time("after", Moment::kAfter);
  if (moments + (always ? 1 : 0) > 1) {
    table.diagnostics().error(table.at(), "expected only one of \"at\", \"after\" and \"always\"");
  }
}

void check_bounds(TableReader& table, const ExpectationSpec& expectation) {
  Diagnostics& diagnostics = table.diagnostics();
  const auto [metric, min, max, equals, moment, time, because] = expectation;
  if (!min && !max && !equals) {
    if (table.is_misspelt({"min", "max", "equals"})) return;
    diagnostics.error(table.at(), "the expectation expects nothing",
                      "add \"min\", \"max\" or \"equals\"");
  }
  if (equals && (min || max)) {
    diagnostics.error(table.key_position("equals"), "\"equals\" beside \"min\" or \"max\"");
  }
  if (min && max && *max < *min) {
    diagnostics.error(table.key_position("max"), "can never hold: \"max\" is below \"min\"");
  }
  if (min && min->is_zero() && !max) {
    diagnostics.error(table.key_position("min"), "always holds: no metric is below zero");
  }
}

}  // namespace

void read_expectation(TableReader& table, ExpectationSpec& expectation, ReadContext& context) {
  const std::size_t errors_before = table.diagnostics().errors();
  table.required("metric", expectation.metric, MetricCodec{});
  const bool known = table.diagnostics().errors() == errors_before;
  const MetricDefinition& metric = metric_catalogue()[expectation.metric];
  for (const char* key : {"min", "max", "equals"}) table.take(key);
  if (known) {
    table.optional("min", expectation.min, BoundCodec{metric.unit});
    table.optional("max", expectation.max, BoundCodec{metric.unit});
    table.optional("equals", expectation.equals, BoundCodec{metric.unit});
  }
  table.field("because", expectation.because, Text{});
  for (const char* key : {"at", "after", "always"}) table.take(key);
  if (known && table.diagnostics().errors() == errors_before) check_bounds(table, expectation);
  read_moment(table, expectation, context.spec.duration);
  if (known && expectation.moment != Moment::kEnd && !metric.in_series) {
    table.diagnostics().error(table.take("metric")->at,
                              fmt::format("\"{}\" is known only at the end of a run", metric.name),
                              "leave out \"at\", \"after\" and \"always\"");
  }
}

}  // namespace shardproof::sim
