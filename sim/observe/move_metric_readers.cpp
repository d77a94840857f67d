// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/observe/metric_readers.hpp"

namespace shardproof::sim {
namespace {

using Value = MetricReaders::Value;

/// Nothing of a ratio to zero.
Value over(UInt128 numerator, UInt128 denominator) {
  if (denominator == 0) return std::nullopt;
  return ExactValue::fraction(numerator, denominator);
}

Value whole(std::optional<std::uint64_t> number) {
  return number ? Value(ExactValue::integer(*number)) : std::nullopt;
}

auto longest(SafetyKind kind) {
  return [kind](const Observer& o) -> Value {
    const SafetyFigures figures = o.safety();
    const SafetyFigure& figure = figures[static_cast<std::size_t>(kind)];
    return ExactValue::integer(static_cast<UInt128>(figure.worst.count()));
  };
}

}  // namespace

std::vector<MetricReaders::NamedReader> MetricReaders::moves() {
  using O = const Observer&;
  const auto makespan_minimum = [](O o) -> std::optional<std::uint64_t> {
    const auto known = o.traffic_.makespan_minimum(o.cluster_);
    if (!known || o.ledger_.completed() == 0) return std::nullopt;
    return static_cast<std::uint64_t>(known->count());
  };
  const auto redundant = [](O o) -> std::optional<std::uint64_t> {
    const auto known = o.moves_.transfers();
    return known ? std::optional(known->redundant) : std::nullopt;
  };
  const auto per_shard = [](O o) { return o.moves_.per_shard(o.cluster_.shards_total()); };
  std::vector<NamedReader> readers = {
      valued("disk.peak_over_final", [](O o) { return o.space_.peak_over_final(); }),
      valued("disk.transient.max", [](O o) { return integer(o.space_.transient_max().count()); }),
      counted("leaders.transfers", [](O o) -> Count { return o.leader_transfers_; }),
      counted("migration.bounces", [](O o) -> Count { return o.moves_.bounces(); }),
      counted("migration.bytes.cross_zone",
              [](O o) -> Count { return o.traffic_.cross_zone().count(); }),
      valued("migration.bytes.fraction",
             [](O o) { return over(o.ledger_.moved().count(), o.loads_.bytes_held().count()); }),
      valued("migration.churn",
             [](O o) { return over(o.moves_.bounces(), o.ledger_.completed()); }),
      counted("migration.concurrent.max", [](O o) -> Count { return o.moves_.concurrent_max(); }),
      valued("migration.last_ns",
             [](O o) -> Value {
               const auto& end = o.moves_.last_end();
               if (!end) return std::nullopt;
               return integer(static_cast<UInt128>(end->count()));
             }),
      valued("migration.last_quarter",
             [](O o) { return integer(o.moves_.begun_in_last_quarter(o.now_)); }),
      valued("migration.load.max", [](O o) { return o.traffic_.load_max(); }),
      valued("migration.makespan.minimum_ns", [=](O o) { return whole(makespan_minimum(o)); }),
      valued("migration.makespan.regret",
             [=](O o) {
               return over(static_cast<UInt128>(o.ledger_.makespan().count()),
                           makespan_minimum(o).value_or(0));
             }),
      counted("migration.moves", [](O o) -> Count { return o.ledger_.copies_made(); }),
      valued("migration.moves.minimum", [](O o) { return integer(o.minimum().copies); }),
      valued("migration.moves.regret",
             [](O o) { return ratio_to(o.ledger_.copies_made(), o.minimum().copies); }),
      counted("migration.oscillation", [](O o) -> Count { return o.moves_.oscillation(); }),
      valued("migration.per_shard.max",
             [=](O o) -> Value {
               const auto known = per_shard(o);
               return known ? integer(known->max) : std::nullopt;
             }),
      valued("migration.per_shard.mean",
             [=](O o) -> Value {
               const auto known = per_shard(o);
               return known ? Value(known->mean) : std::nullopt;
             }),
      valued("migration.per_shard.p99",
             [=](O o) -> Value {
               const auto known = per_shard(o);
               return known ? integer(known->p99) : std::nullopt;
             }),
      valued("migration.redundant", [=](O o) { return whole(redundant(o)); }),
      valued("migration.redundant_fraction",
             [=](O o) -> Value {
               const auto known = redundant(o);
               return known ? over(*known, o.ledger_.completed()) : std::nullopt;
             }),
      counted("plans.made", [](O o) -> Count { return o.plans_.made(); }),
      counted("plans.moves", [](O o) -> Count { return o.plans_.moves(); }),
      valued("plans.moves_over_completed",
             [](O o) { return over(o.plans_.moves(), o.ledger_.completed()); }),
      valued("plans.rounds", [](O o) { return whole(o.plans_.rounds()); }),
      counted("routing.sent", [](O o) -> Count { return o.routes_.sent(); }),
      counted("routing.stale", [](O o) -> Count { return o.routes_.stale(); }),
      valued("routing.stale_rate", [](O o) { return over(o.routes_.stale(), o.routes_.sent()); }),
      valued("safety.over_capacity_shard_ns",
             [](O o) { return integer(o.space_.over_capacity_shard_ns()); }),
      valued("safety.read_blocked_shard_ns",
             [](O o) {
               const SafetyFigures figures = o.safety();
               return integer(
                   figures[static_cast<std::size_t>(SafetyKind::kOwnerless)].total_shard_ns);
             }),
  };
  for (std::size_t i = 0; i < kSafetyKinds; ++i) {
    const auto kind = static_cast<SafetyKind>(i);
    readers.push_back(valued(fmt::format("safety.longest.{}_ns", to_string(kind)), longest(kind)));
  }
  return readers;
}

}  // namespace shardproof::sim
