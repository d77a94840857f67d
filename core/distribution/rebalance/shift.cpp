// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/shift.hpp"

#include "core/distribution/rebalance/fair_shares.hpp"

namespace shardproof::distribution {

std::int64_t Shift::amount(const Draft& draft, LoadMeasure measure) const {
  if (leadership_only) return draft.amount_of_leadership(draft.shard_of(copy), measure);
  const auto sent = static_cast<std::int64_t>(draft.amount_of(copy, measure));
  return back ? sent - static_cast<std::int64_t>(draft.amount_of(*back, measure)) : sent;
}

bool Shift::is_legal(const Draft& draft) const {
  if (leadership_only) {
    return draft.leads(copy) && may_hand_over(draft, draft.shard_of(copy), target);
  }
  if (!may_even_out(draft, copy, target)) return false;
  return !back ||
         (draft.shard_of(*back) != draft.shard_of(copy) && may_even_out(draft, *back, source));
}

std::uint64_t Shift::bytes(const Draft& draft) const {
  if (leadership_only) return 0;
  return draft.bytes_of(copy).count() + (back ? draft.bytes_of(*back).count() : 0);
}

void Shift::carry_out(Draft& draft) const {
  if (leadership_only) {
    draft.transfer_leader(draft.shard_of(copy), target, MoveReason::Balance);
    return;
  }
  draft.move(copy, target, MoveReason::Balance);
  if (back) draft.move(*back, source, MoveReason::Balance);
}

}  // namespace shardproof::distribution
