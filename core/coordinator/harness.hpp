// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/coordinator.hpp"
#include "core/table_watcher.hpp"

/// What the coordinator's unit tests put around real coordinators: a metadata store and the other
/// nodes' messages, scripted. Time goes in steps of 10 ms; a message takes none.
namespace shardproof::test {

/// The metadata store's promises: one office, terms, conditional commits, reads and pushes. Every
/// commit is checked against the table's rules.
class FakeStore {
 public:
  struct Answer {
    NodeId to;
    Message message;
  };
  std::vector<Answer> handle(Instant now, NodeId from, const Message& message);
  /// Writes without anybody's term.
  void write(std::vector<Record> records);

  const ShardTable& table() const { return table_; }
  const std::vector<TableDeltaRef>& commits() const { return deltas_; }
  NodeId holder(Instant now) const { return now < lease_end_ ? holder_ : NodeId::none(); }
  Term term() const { return term_; }
  /// Ends the present term at once, as if its lease had run out.
  void end_term() { lease_end_ = Instant(); }

  /// Commits are handled, but neither answered nor pushed.
  bool is_mute = false;
  /// Commits get lost on the way.
  bool is_deaf = false;
  bool refuses_campaigns = false;
  std::uint32_t commits_received = 0;

 private:
  message::CommitReply commit(NodeId from, const message::Commit& request);
  message::CampaignReply campaign(Instant now, NodeId from, const message::Campaign& request);
  void check(const ShardInfo& shard) const;

  ShardTable table_;
  std::vector<TableDeltaRef> deltas_;
  std::set<NodeId> watchers_;
  NodeId holder_;
  Term term_;
  Instant lease_end_;
  Instant term_asked_at_;
};

/// A coordinator that moves nothing by itself but repairs.
NodeConfig quiet_config();

/// A cluster of nodes n0.. of which the first few can be coordinator. Nodes send heartbeats, answer
/// position queries, and do what the table asks of them in migrations and repairs, instantly.
class Harness {
 public:
  explicit Harness(std::uint32_t nodes, std::uint32_t coordinators = 1,
                   NodeConfig base = quiet_config());
  ~Harness();

  void run(Nanoseconds duration);
  /// Until the condition holds; false if it does not within a minute.
  template <typename Condition>
  bool run_until(Condition condition) {
    for (int i = 0; i < 6000; ++i) {
      if (condition()) return true;
      run(milliseconds(10));
    }
    return condition();
  }
  bool run_into_office();

  /// Creates a one-shard collection on these nodes, the first of which leads; not by the
  /// coordinator. Its replication factor is their number unless given.
  ShardId add_shard(const NodeList& replicas, std::uint32_t write_concern = 0,
                    std::uint32_t replication_factor = 0);
  void set_node(NodeId node, NodeState state);
  void set_zone(NodeId node, std::uint16_t zone);
  const ShardInfo& shard(ShardId id = ShardId(0)) const { return *store.table().find_shard(id); }
  NodeState node_state(NodeId node) const { return store.table().find_node(node)->state; }
  /// How many shards name the node as replica or learner.
  std::size_t copies_on(NodeId node) const;

  /// Sends a command to whoever is coordinator (or n0), for the present term or that one, and
  /// returns its number.
  std::uint64_t command(message::AdminRequest request, std::optional<Term> term = std::nullopt);
  /// Sends one again that was sent, with the word that all below `settled` have ended, and those.
  /// `term` is that of the coordinator that it is for, without one that of the present.
  void repeat(std::uint64_t request, std::uint64_t settled = 0,
              std::vector<std::uint64_t> ended = {}, std::optional<Term> term = std::nullopt);
  /// The last answer, Unknown with empty text if there is none.
  message::AdminReply answer(std::uint64_t request) const;
  void report(NodeId from, const message::ShardReport& report);
  /// A message of `from` to `node` that only shows that it lives.
  void hear(NodeId node, NodeId from);

  /// Delivers again every answer to a campaign so far.
  void repeat_campaign_answers();
  /// Drops all volatile state of the coordinator of that node; it stays down as a candidate.
  void crash_coordinator(NodeId node);
  Coordinator& coordinator(NodeId node);
  /// The node in office, by its own account; none or the first of several.
  NodeId in_office() const;

  template <typename F>
  std::vector<F> facts_of() const {
    std::vector<F> found;
    for (const Fact& fact : facts) {
      if (const auto* match = std::get_if<F>(&fact)) found.push_back(*match);
    }
    return found;
  }
  /// Commits that changed the shard, oldest first.
  std::vector<ShardInfo> history(ShardId id = ShardId(0)) const;

  FakeStore store;
  Instant now;
  /// Nodes that say nothing at all.
  std::set<NodeId> down;
  /// Nodes that no other node's message reaches; the metadata store's do.
  std::set<NodeId> cut_off;
  /// Nodes that answer no position query.
  std::set<NodeId> mute;
  /// What position queries are answered with; without an entry, that the copy is lost.
  std::map<NodeId, Version> positions;
  /// Nodes that answer them by saying that they never had the copy on their disks.
  std::set<NodeId> not_begun;
  /// The revision of the table that nodes have; without an entry, the store's.
  std::map<NodeId, Revision> revisions;
  /// What nodes report of themselves; without an entry, an empty disk without limit.
  std::map<NodeId, message::NodeReport> loads;
  /// Nodes that do not do what migrations and repairs ask of them.
  std::set<NodeId> idle;
  /// Phases in which nothing is reported, so that migrations stay there.
  std::set<MigrationPhase> stuck;
  /// What the target says its digest is; the leader says 7.
  std::uint64_t target_digest = 7;
  /// What a shard's leader answers when asked whether its documents route; empty if they do. And
  /// how moving them ends: Ok, or none while it goes on.
  std::string reshard_fault;
  std::optional<ReplyStatus> reshard_end;
  std::vector<Fact> facts;

 private:
  struct Candidate;
  void tick();
  void heartbeat(NodeId node);
  void act(const ShardInfo& shard);
  void act_in_migration(const ShardInfo& shard);
  void act_in_resharding(const ShardInfo& shard);
  void tell(NodeId from, const ShardInfo& shard, message::ShardEvent event, NodeId subject,
            std::uint64_t digest);
  void publish(std::vector<Record> records);
  void deliver(Candidate& to, Endpoint from, Message message);
  void carry_out(Candidate& candidate, Effects effects);
  message::PositionReply position_of(NodeId node, const message::PositionQuery& query);

  std::uint32_t node_count_;
  std::vector<std::unique_ptr<Candidate>> candidates_;
  std::vector<FakeStore::Answer> campaign_answers_;
  std::map<std::uint64_t, message::AdminRequestRef> requests_;
  std::map<std::uint64_t, message::AdminReply> answers_;
};

/// A command of that kind about `node`.
message::AdminRequest about(message::AdminKind kind, NodeId node);
message::AdminRequest move(ShardId shard, NodeId source, NodeId target);
message::AdminRequest enable(std::uint32_t num_shards, std::uint32_t replication_factor);

}  // namespace shardproof::test
