// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof::distribution {

std::string_view to_string(MoveKind kind) {
  switch (kind) {
    case MoveKind::Move: return "move";
    case MoveKind::Add: return "add";
    case MoveKind::LeaderTransfer: return "leader transfer";
  }
  return "?";
}

std::string_view to_string(MoveReason reason) {
  switch (reason) {
    case MoveReason::Repair: return "repair";
    case MoveReason::Drain: return "drain";
    case MoveReason::Domain: return "domain";
    case MoveReason::Balance: return "balance";
  }
  return "?";
}

Bytes Plan::bytes() const {
  Bytes total;
  for (const Move& move : moves) total += move.bytes;
  return total;
}

}  // namespace shardproof::distribution
