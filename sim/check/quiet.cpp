// SPDX-License-Identifier: Apache-2.0
#include "sim/check/quiet.hpp"

#include "sim/check/plan_sight.hpp"

namespace shardproof::sim::check {
namespace {

/// What rounding down may make of a share and of its band.
constexpr std::uint64_t kRounding = 2;

}  // namespace

void Quiet::on(const fact::PlanMade& plan, const At& at) {
  const auto& bound = oracle_.config().balance_bound;
  if (!bound) return;
  evaluated();
  // Moves for other reasons may make uneven what was even.
  if (plan.balance_moves == 0 || plan.other_moves != 0) return;
  if (!are_counts_within(*plan.basis, bound->count_gap)) return;
  if (!are_bytes_within(*plan.basis, bound->bytes_band, kRounding)) return;
  report(at, {ShardId::none(), {at.node}, {}},
         fmt::format("{} plans {} moves for evenness ({}), although all nodes are within the bound "
                     "that the policy declares",
                     at.node, plan.balance_moves, to_string(plan.cause)));
}

}  // namespace shardproof::sim::check
