// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>

#include "core/step.hpp"

namespace shardproof {

/// The commits that a coordinator has in flight. At most one for each record, so no shard is ever
/// changed by two operations at once.
///
/// The outcome of a commit is never assumed from an answer, or from its absence: it is read off the
/// table. While the table does not show it, reading back and sending the same commit again
/// alternate; its guards (every record as last modified when proposed) let it take effect at most
/// once.
class Proposals {
 public:
  explicit Proposals(Term term, RuleSet rules = {}) : term_(term), rules_(rules) {}

  /// Proposes `after` in place of the shard's record in the table; its epoch must be the next one.
  /// `intent` is a word for people, static. The shard must not be busy.
  void propose(const ShardInfo& after, const char* intent, Step& step);
  /// Proposes records of any kinds, all or none. None may be busy.
  void propose(std::vector<Record> records, const char* intent, Step& step);

  /// Without Rule::OneChangePerShard nothing ever is.
  bool is_busy(RecordKey key) const {
    return locks_.find(key) != locks_.end() && rules_.is_on(Rule::OneChangePerShard);
  }
  bool is_busy(ShardId shard) const { return is_busy({RecordKind::Shard, shard.value()}); }
  /// Whether a shard's record in flight names the node. O(records in flight).
  bool any_names(NodeId node) const;
  bool is_open(std::uint64_t request) const { return open_.find(request) != open_.end(); }
  /// The number of the last proposal made; they rise.
  std::uint64_t last() const { return count_; }
  bool any_open_up_to(std::uint64_t request) const {
    return !open_.empty() && open_.begin()->first <= request;
  }

  /// Since when a change of the record is in flight; nothing if none is.
  std::optional<Instant> open_since(RecordKey key) const {
    const auto lock = locks_.find(key);
    if (lock == locks_.end()) return std::nullopt;
    return open_.at(lock->second).since;
  }

  /// Not for Deposed: that ends the tenure.
  void on_reply(const message::CommitReply& reply, Step& step);
  /// The table has adopted `delta`: settles what it decides. O(records log proposals).
  void on_table_change(const TableDelta& delta, Step& step);
  /// Reads back and repeats what is overdue. O(proposals).
  void on_tick(Step& step);

 private:
  struct Proposal {
    message::Commit commit;
    Instant since;
    /// Sent at least once since the last read-back.
    bool awaits_answer = true;
    /// When the answer, or the read-back, is overdue.
    Instant due;
  };
  void send(Proposal& proposal, Step& step);
  void read_back(Proposal& proposal, Step& step);
  void settle(std::uint64_t request, bool committed, Step& step);
  /// What becomes of overdue commits without Rule::UnknownOutcomeReadBack.
  void forget_unanswered(Step& step);

  Term term_;
  RuleSet rules_;
  std::uint64_t count_ = 0;
  std::map<std::uint64_t, Proposal> open_;
  std::map<RecordKey, std::uint64_t> locks_;
};

/// Whether the shard's record names the node in any role: as a holder, as a party of its migration,
/// or as the leader's predecessor.
bool names(const ShardInfo& shard, NodeId node);

}  // namespace shardproof
