// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/messages.hpp"

namespace shardproof {

/// What nodes have said of one shard in its present epoch, and since when something is waited for.
/// Everything in it is forgotten with the epoch: the nodes say it again.
struct ShardNotes {
  struct Report {
    NodeId from;
    message::ShardReport report;
  };
  struct Position {
    NodeId node;
    message::CopyOnDisk copy = message::CopyOnDisk::Lost;
    Version last;
  };

  Epoch epoch;
  /// The last of each (event, from, subject), in order of first arrival.
  std::vector<Report> reports;

  /// A failover's question: who has answered, when it was first and last asked.
  bool asking = false;
  Instant asked_first;
  Instant asked_last;
  /// Not before then again: nobody had the copy.
  Instant ask_after;
  std::vector<Position> positions;

  /// A migration's present phase: since when, and the latest sign of progress in it.
  bool in_phase = false;
  Instant phase_since;
  Bytes copied;

  /// When to look at the shard again even if nothing is heard.
  Instant wake = Instant::never();

  void add(NodeId from, const message::ShardReport& report);
  /// The last report of the event from that node, or null.
  const message::ShardReport* find(message::ShardEvent event, NodeId from) const;
  void add(const Position& position);
  /// What the node has answered, or null.
  const Position* position_of(NodeId node) const;
  void forget_positions();
  bool is_empty() const { return reports.empty() && !asking && !in_phase; }
};

}  // namespace shardproof
