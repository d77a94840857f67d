// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/plan_report.hpp"

namespace shardproof::reports {
namespace {

using Json = nlohmann::ordered_json;

Json bytes_json(const std::optional<Bytes>& bytes) {
  return bytes ? Json(bytes->count()) : Json(nullptr);
}

Json time_json(const std::optional<Nanoseconds>& span) {
  return span ? Json(span->count()) : Json(nullptr);
}

Json skew_json(const std::optional<sim::Skew>& skew) {
  if (!skew) return nullptr;
  return {{"max_over_mean", skew->max_over_mean.to_double()},
          {"min_over_mean", skew->min_over_mean.to_double()},
          {"cv", skew->cv.to_double()},
          {"gini", skew->gini.to_double()}};
}

Json skews_json(const sim::PlanSkew& skew) {
  Json json;
  for (std::size_t i = 0; i < sim::kSkewDimensions; ++i) {
    json[std::string(to_string(static_cast<sim::SkewDimension>(i)))] = skew_json(skew.of[i]);
  }
  const auto value_json = [](const std::optional<sim::ExactValue>& value) {
    return value ? Json(value->to_double()) : Json(nullptr);
  };
  json["copies_over_share"] = value_json(skew.copies_over_share);
  json["bytes_over_share"] = value_json(skew.bytes_over_share);
  json["bytes_by_capacity"] = skew_json(skew.bytes_by_capacity);
  json["fullest_disk"] = value_json(skew.fullest_disk);
  return json;
}

/// Over the bound; nothing over nothing.
Json regret_json(std::uint64_t figure, const std::optional<std::uint64_t>& bound) {
  if (!bound || *bound == 0) return nullptr;
  return static_cast<double>(figure) / static_cast<double>(*bound);
}

std::optional<std::uint64_t> count_of(const std::optional<Bytes>& bytes) {
  return bytes ? std::optional(bytes->count()) : std::nullopt;
}

Json moves_json(const sim::PolicyPlan& plan) {
  Json moves = Json::array();
  for (const sim::PlannedMove& move : plan.moves) {
    moves.push_back({{"collection", move.collection},
                     {"shard", move.shard},
                     {"source", move.source},
                     {"target", move.target},
                     {"kind", move.kind},
                     {"reason", move.reason},
                     {"bytes", bytes_json(move.bytes)}});
  }
  return moves;
}

Json schedules_json(const sim::PolicyPlan& plan) {
  Json schedules = Json::array();
  for (const sim::PlanSchedule& schedule : plan.schedules) {
    schedules.push_back({{"scheduler", schedule.scheduler},
                         {"rounds", schedule.rounds ? Json(*schedule.rounds) : Json(nullptr)},
                         {"time_ns", time_json(schedule.time)}});
  }
  return schedules;
}

Json left_out_json(const sim::PolicyPlan& plan) {
  Json left_out = Json::array();
  for (const sim::ScheduleLeftOut& schedule : plan.schedules_left_out) {
    left_out.push_back({{"scheduler", schedule.scheduler}, {"reason", schedule.reason}});
  }
  return left_out;
}

Json options_json(const sim::PolicyPlan& plan) {
  Json options = Json::object();
  for (const auto& [name, value] : plan.options) {
    options[name] =
        static_cast<double>(value.numerator()) / static_cast<double>(value.denominator());
  }
  return options;
}

Json policy_json(const sim::PlannedCluster& cluster, const sim::PolicyPlan& plan) {
  const bool sized = cluster.bytes.has_value();
  const sim::PlanCost& cost = plan.cost;
  Json json{
      {"policy", plan.policy},
      {"options", options_json(plan)},
      {"plans", plan.rounds},
      {"quiet", plan.is_quiet},
      {"moves_total", cost.moves},
      {"moves_of_shard_max", cost.moves_of_shard},
      {"leader_transfers", cost.leader_transfers},
      {"bytes", sized ? Json(cost.bytes.count()) : Json(nullptr)},
      {"bytes_between_zones", sized ? Json(cost.bytes_between_zones.count()) : Json(nullptr)},
      {"bounces", cost.bounces},
      {"unplaced", cost.unplaced},
      {"moves_regret", regret_json(cost.moves, cluster.copies_minimum.value_or(0))},
      {"bytes_regret", regret_json(cost.bytes.count(), count_of(cluster.bytes_minimum))},
      {"bytes_regret_to_even", regret_json(cost.bytes.count(), count_of(cluster.bytes_to_even))},
      {"skew_after", skews_json(plan.after)},
      {"schedules", schedules_json(plan)},
      {"schedules_left_out", left_out_json(plan)},
      {"rounds_bound_degree", plan.rounds_bound_degree},
      {"rounds_bound_density", plan.rounds_bound_density},
      {"time_bound_ns", time_json(plan.time_bound)},
      {"plan_ns", plan.plan_ns}};
  if (!plan.moves.empty()) json["moves"] = moves_json(plan);
  return json;
}

Json best_json(const std::optional<sim::BestBalance>& best) {
  if (!best) return nullptr;
  return {{"bound", best->bound.to_double()},
          {"packed", best->found ? Json(best->found->to_double()) : Json(nullptr)}};
}

Json fewest_json(const std::optional<sim::FewestMoves>& fewest) {
  if (!fewest) return nullptr;
  return {{"copies", fewest->copies}, {"proven", fewest->is_proven}};
}

Json cluster_json(const sim::PlannedCluster& cluster) {
  Json policies = Json::array();
  for (const sim::PolicyPlan& plan : cluster.policies) {
    policies.push_back(policy_json(cluster, plan));
  }
  return {{"cluster", cluster.name},
          {"nodes", cluster.nodes},
          {"shards", cluster.shards},
          {"copies", cluster.copies},
          {"bytes", bytes_json(cluster.bytes)},
          {"moves_minimum", cluster.copies_minimum ? Json(*cluster.copies_minimum) : Json(nullptr)},
          {"bytes_minimum", bytes_json(cluster.bytes_minimum)},
          {"bytes_to_even", bytes_json(cluster.bytes_to_even)},
          {"copies_best", best_json(cluster.best_copies)},
          {"bytes_best", best_json(cluster.best_bytes)},
          {"leaders_best", best_json(cluster.best_leaders)},
          {"requests_best", best_json(cluster.best_requests)},
          {"cpu_best", best_json(cluster.best_cpu)},
          {"moves_fewest", fewest_json(cluster.fewest_moves)},
          {"skew_before", skews_json(cluster.before)},
          {"policies", std::move(policies)}};
}

}  // namespace

std::string plan_json(const sim::PlanResult& result) {
  Json plans = Json::array();
  for (const sim::PlannedCluster& cluster : result.clusters) plans.push_back(cluster_json(cluster));
  const Json document{{"moves_per_node", result.moves_per_node},
                      {"bandwidth_bytes_per_second", result.bandwidth.bytes_per_second()},
                      {"plans", std::move(plans)}};
  return document.dump() + "\n";
}

}  // namespace shardproof::reports
