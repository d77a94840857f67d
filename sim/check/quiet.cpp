// SPDX-License-Identifier: Apache-2.0
#include "sim/check/quiet.hpp"

#include "core/base/humanise.hpp"
#include "sim/check/plan_sight.hpp"

namespace shardproof::sim::check {
namespace {

/// What rounding down may make of a share and of its band.
constexpr std::uint64_t kRounding = 2;

/// "n0 has 3 copies, n1 2, n2 2", of the nodes that take copies.
std::string counts_text(const fact::PlanBasis& basis) {
  constexpr std::size_t kNamed = 8;
  std::string text;
  std::size_t named = 0;
  const auto& nodes = basis.holdings.nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i].takes_copies) continue;
    if (++named > kNamed) continue;
    text += named == 1 ? fmt::format("{} has {} copies", NodeId(i), nodes[i].copies)
                       : fmt::format(", {} {}", NodeId(i), nodes[i].copies);
  }
  return named > kNamed ? fmt::format("{} and {} more", text, named - kNamed) : text;
}

}  // namespace

bool Quiet::is_right(const fact::PlanMade& plan) const {
  if (plan.revision < oracle_.holdings().changed_in()) return true;
  const auto& nodes = plan.basis->holdings.nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].copies != oracle_.holdings().copies(NodeId(i))) return false;
  }
  return true;
}

fact::PlanBasis Quiet::recomputed(const fact::PlanMade& plan) const {
  fact::PlanBasis basis = *plan.basis;
  auto& nodes = basis.holdings.nodes;
  const std::vector<std::uint64_t> bytes = oracle_.bytes_held(nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    nodes[i].copies = oracle_.holdings().copies(NodeId(i));
    nodes[i].bytes = bytes[i];
  }
  return basis;
}

void Quiet::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr) {
      thrash_.note_change(at.true_time);
      continue;
    }
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    if (before == nullptr) continue;
    const Thrash::Return found = thrash_.on_commit(*before, *after, at.true_time);
    if (found.node.is_none()) continue;
    report(at, {after->id, {found.node, found.from, commit.author}, {after->epoch}},
           fmt::format("{} of {} goes back from {} to {}, which it has left {} times in {}, and "
                       "nothing has changed meanwhile",
                       found.what, after->id, found.from, found.node, Thrash::kReturnsMax + 1,
                       human_duration(at.true_time - found.left_at)));
  }
}

void Quiet::on(const fact::PlanMade& plan, const At& at) {
  const auto bound = oracle_.traits_of_plan(at.node, plan.revision).balance_bound;
  if (!bound) return;
  evaluated();
  // Moves for other reasons may make uneven what was even.
  if (plan.balance_moves == 0 || plan.other_moves != 0) return;
  const fact::PlanBasis basis = is_right(plan) ? *plan.basis : recomputed(plan);
  if (!are_counts_within(basis, bound->count_gap)) return;
  if (!are_bytes_within(basis, bound->bytes_band, kRounding)) return;
  report(
      at, {ShardId::none(), {at.node}, {}},
      fmt::format("{} plans {} moves for evenness ({}) by the table of {}, although all nodes are "
                  "within the bound that the policy declares: {}",
                  at.node, plan.balance_moves, to_string(plan.cause), plan.revision,
                  counts_text(basis)));
}

}  // namespace shardproof::sim::check
