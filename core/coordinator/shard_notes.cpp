// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/shard_notes.hpp"

namespace shardproof {

void ShardNotes::add(NodeId from, const message::ShardReport& report) {
  for (Report& known : reports) {
    if (known.from != from || known.report.event != report.event) continue;
    if (known.report.subject != report.subject) continue;
    // Reports may overtake one another; positions only rise.
    if (report.position >= known.report.position) known.report = report;
    return;
  }
  reports.push_back({from, report});
}

const message::ShardReport* ShardNotes::find(message::ShardEvent event, NodeId from) const {
  for (const Report& known : reports) {
    if (known.from == from && known.report.event == event) return &known.report;
  }
  return nullptr;
}

void ShardNotes::add(const Position& position) {
  for (Position& known : positions) {
    if (known.node != position.node) continue;
    known = position;
    return;
  }
  positions.push_back(position);
}

const ShardNotes::Position* ShardNotes::position_of(NodeId node) const {
  for (const Position& known : positions) {
    if (known.node == node) return &known;
  }
  return nullptr;
}

void ShardNotes::forget_positions() {
  asking = false;
  positions.clear();
}

}  // namespace shardproof
