// SPDX-License-Identifier: Apache-2.0
#include "reports/result_json.hpp"

#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/named_counts_json.hpp"
#include "reports/pending_report.hpp"

namespace shardproof::reports {
namespace {

using Json = nlohmann::ordered_json;
using sim::RunResult;

Json number(const std::optional<sim::ExactValue>& value) {
  if (!value) return nullptr;
  constexpr UInt128 kLargest = std::numeric_limits<std::uint64_t>::max();
  if (value->is_integer() && value->as_integer() <= kLargest) {
    return static_cast<std::uint64_t>(value->as_integer());
  }
  return value->to_double();
}

Json number(Ratio ratio) {
  return number(sim::ExactValue::fraction(ratio.numerator(), ratio.denominator()));
}

std::string hexadecimal(std::uint64_t word) { return fmt::format("{:016x}", word); }

/// "s3", or null for none.
template <typename Id>
Json id(Id value) {
  return value.is_none() ? Json(nullptr) : Json(fmt::format("{}", value));
}

template <typename Value>
Json texts(const std::vector<Value>& values) {
  Json list = Json::array();
  for (const Value& value : values) list.push_back(fmt::format("{}", value));
  return list;
}

Json roles(const sim::ViolationRecord& violation) {
  Json list = Json::array();
  for (const sim::NodeRole role : violation.roles) list.push_back(to_string(role));
  return list;
}

Json past(const std::vector<sim::PastEvent>& events) {
  Json list = Json::array();
  for (const sim::PastEvent& event : events) list.push_back(to_string(event));
  return list;
}

/// Null where no client's answers were judged.
Json history(const sim::ClientLanes& lanes) {
  if (lanes.operations.empty()) return nullptr;
  Json operations = Json::array();
  for (const sim::ClientOperation& operation : lanes.operations) {
    const auto& answered = operation.answered_at;
    operations.push_back({{"client", id(operation.client)},
                          {"question", operation.question},
                          {"answer", operation.answer},
                          {"asked_at_ns", operation.asked_at.count()},
                          {"answered_at_ns", answered ? Json(answered->count()) : Json(nullptr)},
                          {"contradictory", operation.is_contradictory}});
  }
  return {{"document", lanes.document}, {"operations", operations}};
}

Json checks(const RunResult& result) {
  Json list = Json::array();
  for (const sim::CheckSummary& check : result.checks) {
    list.push_back({{"invariant", check.number},
                    {"name", check.name},
                    {"evaluations", check.evaluations},
                    {"violations", check.violations}});
  }
  return list;
}

Json violations(const RunResult& result) {
  Json list = Json::array();
  for (const sim::ViolationRecord& violation : result.violations) {
    list.push_back({{"invariant", violation.invariant},
                    {"name", violation.name},
                    {"message", violation.message},
                    {"statement", violation.statement},
                    {"time_ns", violation.time.count()},
                    {"event", violation.event},
                    {"shard", id(violation.shard)},
                    {"phase", sim::phase_text(violation.phase)},
                    {"nodes", texts(violation.nodes)},
                    {"roles", roles(violation)},
                    {"epochs", texts(violation.epochs)},
                    {"last_events", past(violation.last_events)},
                    {"history", history(violation.lanes)},
                    {"replay", result.replay_line()}});
  }
  return list;
}

Json expectations(const RunResult& result) {
  Json list = Json::array();
  for (const sim::ExpectationResult& expectation : result.expectations) {
    list.push_back({{"metric", expectation.metric},
                    {"text", expectation.text},
                    {"because", expectation.because},
                    {"bound", number(expectation.bound)},
                    {"value", number(expectation.value)},
                    {"held", expectation.held},
                    {"evaluations", expectation.evaluations},
                    {"evaluated_at_ns", expectation.evaluated_at.count()}});
  }
  return list;
}

Json metrics(const RunResult& result) {
  Json flat = Json::object();
  for (const sim::MetricResult& metric : result.metrics) flat[metric.name] = number(metric.value);
  return flat;
}

Json verdict_document(const RunResult& result) {
  return {{"verdict", to_string(result.verdict)},
          {"scenario", result.scenario},
          {"seed", result.seed},
          {"rules_off", result.rules_off},
          {"digest", hexadecimal(result.digest)},
          {"events", result.events},
          {"simulated_ns", result.simulated.count()},
          {"checks", checks(result)},
          {"violations", violations(result)},
          {"expectations", expectations(result)},
          {"warnings", result.warnings},
          {"metrics", metrics(result)}};
}

Json skew(const std::optional<sim::Skew>& skew) {
  if (!skew) return nullptr;
  Json figures = Json::object();
  for (const sim::SkewMeasureInfo& info : sim::kSkewMeasures) {
    figures[std::string(info.name)] = number(figure_of(*skew, info.measure));
  }
  return figures;
}

Json over_time(const sim::SkewTimes& times) {
  const auto& last = times.max_over_mean.last_over();
  return {{"max_over_mean",
           {{"time_mean", number(times.max_over_mean.mean())},
            {"time_max", number(times.max_over_mean.max())},
            {"over_ns", times.max_over_mean.over().count()},
            {"last_over_ns", last ? Json(last->count()) : Json(nullptr)}}},
          {"cv", {{"time_mean", number(times.cv.mean())}, {"time_max", number(times.cv.max())}}}};
}

Json scopes(const RunResult& result) {
  Json list = Json::array();
  for (const sim::ScopedSkew& scope : result.skew) {
    Json entry = {{"scope", scope.scope}, {"kind", to_string(scope.key.kind)}};
    for (std::size_t i = 0; i < sim::kSkewDimensions; ++i) {
      const std::string name(to_string(static_cast<sim::SkewDimension>(i)));
      entry[name] = skew(scope.of[i]);
      entry[name + "_by_capacity"] = skew(scope.by_capacity[i]);
      entry["over_time"][name] = over_time(scope.over_time[i]);
    }
    list.push_back(std::move(entry));
  }
  return list;
}

/// Figures of other systems: the metrics "peers.SYSTEM.FIGURE", by system.
Json peers(const RunResult& result) {
  constexpr std::string_view kPrefix = "peers.";
  Json systems = Json::object();
  for (const sim::MetricResult& metric : result.metrics) {
    if (!metric.name.starts_with(kPrefix)) continue;
    const std::size_t dot = metric.name.find('.', kPrefix.size());
    const std::string system = metric.name.substr(kPrefix.size(), dot - kPrefix.size());
    systems[system][metric.name.substr(dot + 1)] = number(metric.value);
  }
  return systems;
}

/// What asim has of each store, under its names.
Json stores(const RunResult& result) {
  Json list = Json::array();
  for (const sim::StoreFigures& store : result.stores) {
    Json entry = {{"store", id(store.node)}};
    for (const auto& [name, value] : named_figures(store)) {
      entry[std::string(name)] = number(value);
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Json safety(const RunResult& result) {
  Json figures = Json::object();
  for (std::size_t i = 0; i < sim::kSafetyKinds; ++i) {
    const sim::SafetyFigure& figure = result.safety[i];
    figures[std::string(to_string(static_cast<sim::SafetyKind>(i)))] = {
        {"total_shard_ns", number(sim::ExactValue::integer(figure.total_shard_ns))},
        {"longest_ns", figure.worst.count()},
        {"longest_shard", id(figure.worst_shard)}};
  }
  return figures;
}

Json ledger(const sim::LedgerFigures& figures) {
  return {
      {"moved_bytes", figures.moved.count()},     {"completed_bytes", figures.completed.count()},
      {"aborted_bytes", figures.aborted.count()}, {"active_bytes", figures.active.count()},
      {"repair_bytes", figures.repair.count()},   {"again_bytes", figures.again.count()}};
}

Json counted_events(const RunResult& result) {
  Json list = Json::array();
  for (const sim::FiredEvent& event : result.fired) {
    list.push_back({{"event", event.text}, {"fired", event.fired}});
    if (!event.why_not.empty()) list.back()["why_not"] = event.why_not;
  }
  return list;
}

Json faults(const RunResult& result) {
  Json counts = Json::object();
  for (const sim::FaultCount& fault : result.faults) counts[fault.name] = fault.count;
  return counts;
}

Json excused(const RunResult& result) {
  Json list = Json::array();
  for (const sim::ExcusedShard& one : result.excused) {
    list.push_back(
        {{"shard", id(one.shard)}, {"time_ns", one.time.count()}, {"reason", one.reason}});
  }
  return list;
}

Json versions(const RunResult& result) {
  Json list = Json::array();
  for (const sim::VersionTaken& taken : result.versions) {
    list.push_back(
        {{"time_ns", taken.time.count()}, {"node", id(taken.node)}, {"version", taken.version}});
  }
  return list;
}

Json chaos(const RunResult& result) {
  if (!result.chaos) return nullptr;
  Json families = Json::object();
  for (const sim::ChaosCount& count : result.chaos->families) {
    families[count.family] = {{"due", count.due},
                              {"struck", count.struck},
                              {"refused", count.refused},
                              {"idle", count.idle}};
  }
  return {{"budget", result.chaos->budget}, {"families", families}};
}

/// Null where the run ended before.
Json settling(const RunResult& result) {
  if (!result.settling) return nullptr;
  const sim::SettlingFigures& figures = *result.settling;
  Json broken = Json::array();
  for (const auto& one : figures.broken) {
    broken.push_back({{"node", id(one.node)}, {"how", one.how}});
  }
  Json unserved = Json::array();
  for (const auto& one : figures.unserved) {
    unserved.push_back({{"shard", id(one.shard)},
                        {"verdict", one.is_possible ? "stuck" : "impossible"},
                        {"reason", one.reason}});
  }
  return {{"heal", figures.heal},
          {"core", texts(figures.core)},
          {"broken", std::move(broken)},
          {"unserved", std::move(unserved)},
          {"came_to_rest", figures.came_to_rest}};
}

Json operators(const sim::OperatorFigures& figures) {
  return {{"commands", figures.commands},
          {"done", figures.done},
          {"refused", figures.refused},
          {"refusals", figures.refusals}};
}

Json checkpoints(const RunResult& result) {
  Json list = Json::array();
  for (const sim::Checkpoint& checkpoint : result.checkpoints) {
    list.push_back({checkpoint.events, hexadecimal(checkpoint.digest)});
  }
  return list;
}

Json streams(const sim::StreamUses& uses) {
  Json draws = Json::array();
  for (const sim::StreamUse& use : uses.streams) {
    draws.push_back({{"site", use.site}, {"subject", use.subject}, {"draws", use.draws}});
  }
  return {{"at_events", uses.marks}, {"draws", std::move(draws)}};
}

/// Messages may quote bytes of a file that are no UTF-8.
std::string dump(const Json& document, int indent) {
  return document.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string verdict_json(const RunResult& result, int indent) {
  return dump(verdict_document(result), indent);
}

std::string result_json(const RunResult& result, const sim::Recording& recording) {
  Json document = verdict_document(result);
  document["file"] = result.file;
  document["replay"] = result.replay_line();
  document["interrupted"] = result.interrupted;
  document["duration_ns"] = result.duration.count();
  document["violations_total"] = result.violations_total;
  document["settling"] = settling(result);
  document["pending"] = pending_json(result.pending);
  document["undecided"] = result.undecided;
  document["scripted_events"] = counted_events(result);
  document["operators"] = operators(result.operators);
  document["faults"] = faults(result);
  document["versions"] = versions(result);
  document["excused"] = excused(result);
  document["chaos"] = chaos(result);
  document["probes"] = named_counts_json(result.probes);
  document["fault_points"] = named_counts_json(result.fault_points);
  document["skew"] = scopes(result);
  document["peers"] = peers(result);
  document["stores"] = stores(result);
  document["safety"] = safety(result);
  document["ledger"] = ledger(result.ledger);
  document["log_records_dropped"] = result.log.dropped();
  document["digest_checkpoints"] = checkpoints(result);
  document["trace_format"] = sim::kTraceFormat;
  document["streams"] = streams(recording.streams);
  document["scenario_toml"] = recording.scenario_toml;
  return dump(document, 2) + "\n";
}

}  // namespace shardproof::reports
