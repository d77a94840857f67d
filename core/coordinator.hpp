// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/awaited.hpp"
#include "core/step.hpp"

namespace shardproof {

struct CoordinatorState;

/// Central shard management. Every node has one; the one whose node holds the office acts. It keeps
/// no truth of its own: whatever it decides becomes true by a commit to the metadata store, guarded
/// by its term, and a successor goes on from there.
///
/// It is copyable (a node's whole volatile state is).
class Coordinator {
 public:
  Coordinator();
  Coordinator(const Coordinator& other);
  Coordinator& operator=(const Coordinator& other);
  Coordinator(Coordinator&&) noexcept;
  Coordinator& operator=(Coordinator&&) noexcept;
  ~Coordinator();

  /// First call of an incarnation: arms the campaign timer with a random delay (node's stream).
  void on_boot(Step& step);
  /// The table of the node has just adopted this commit.
  void on_table_change(const TableDelta& delta, Step& step);
  /// TimerKind::Campaign and TimerKind::Coordinator.
  void on_timer(TimerKind kind, Step& step);

  /// Any message of another node, before it is handled.
  void on_heard(Step& step);
  void on_campaign_reply(const message::CampaignReply& reply, Step& step);
  void on_commit_reply(const message::CommitReply& reply, Step& step);
  void on_heartbeat(NodeId from, const message::Heartbeat& heartbeat, Step& step);
  void on_shard_report(NodeId from, const message::ShardReport& report, Step& step);
  void on_reshard_check_reply(NodeId from, const message::ReshardCheckReply& reply, Step& step);
  void on_position_reply(NodeId from, const message::PositionReply& reply, Step& step);
  /// An operator's command; answered with an AdminReply to `from`.
  void on_admin(Endpoint from, const message::AdminCommand& command, Step& step);

  /// What it waits for; nothing out of office. O(shards * copies + nodes).
  void describe_awaited(const ShardTable& table, const NodeConfig& config, Instant now,
                        AwaitedList& awaited) const;

  bool in_office() const;
  Term term() const;

 private:
  std::unique_ptr<CoordinatorState> state_;
};

}  // namespace shardproof
