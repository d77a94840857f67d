// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/lease_gate.hpp"

namespace shardproof {

void LeaseGate::on_return(NodeId node, const Proposals& proposals) {
  held_[node] = {proposals.last(), Revision()};
}

bool LeaseGate::may_grant(NodeId node, Revision known, const Proposals& proposals,
                          const ShardTable& table) {
  const auto found = held_.find(node);
  if (found == held_.end()) return true;
  Held& held = found->second;
  if (held.needed == Revision()) {
    if (proposals.any_open_up_to(held.last_proposal)) return false;
    held.needed = table.revision();
  }
  if (known < held.needed) return false;
  held_.erase(found);
  return true;
}

}  // namespace shardproof
