// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/replica_state.hpp"

namespace shardproof {

/// What a leader knows of one other copy of its shard, and what it sends there.
class PeerProgress {
 public:
  enum class Mode : std::uint8_t {
    Probe,      ///< asks where the peer's log could be joined
    Replicate,  ///< sends entries as they come
    NeedsCopy,  ///< the log does not reach back to where the peer is
  };

  /// Nothing is known of it yet in `epoch`.
  PeerProgress(NodeId node, bool is_learner, Epoch epoch, Instant now)
      : node_(node), is_learner_(is_learner), since_(epoch), heard_(now) {}

  NodeId node() const { return node_; }
  bool is_learner() const { return is_learner_; }
  Mode mode() const { return mode_; }
  /// Everything up to here is on the peer's disk and is this leader's log.
  LogIndex matched() const { return matched_; }
  /// Acknowledgements wait for this peer: it is in sync, or about to be.
  bool is_required() const { return !is_learner_ || joined_; }

  /// The table says so in `epoch`. Whoever has fallen out of the in-sync set is asked anew.
  void set_learner(bool is_learner, Epoch epoch);
  /// What the peer said before `epoch` counts no more: its copy may be another one by now, without
  /// a word from it.
  void start_over(Epoch epoch);
  /// From now on acknowledgements wait for this learner too, and it has `replica_timeout` for each
  /// step forward: counted from here, for before it may have had nothing to do.
  void join(Instant now) {
    if (!is_required()) heard_ = now;
    joined_ = true;
  }
  /// The peer has installed a copy of the content at `snapshot`: the log goes on from there.
  void on_copy_installed(Version snapshot);
  /// A reply of an epoch before the peer's last start is ignored, and so is one of a copy that
  /// answers nothing that was sent after the peer's copy was last forgotten or replaced.
  void on_reply(const message::AppendReply& reply, const ReplicaState& state, Step& step);

  /// An entry has been added to the log. Patience with a peer that lacked nothing counts from here.
  void on_appended(const ReplicaState& state, Step& step);
  /// Sends what the peer lacks and has not been sent: entries or a probe.
  void pump(const ReplicaState& state, Step& step);
  /// Sends all that is not known to be durable there again, at once: after a change of epoch,
  /// answers to what was sent in the old one are not to be expected.
  void resend(const ReplicaState& state, Step& step);
  /// Sends again what was not answered in time. Called every tick.
  void tick(const ReplicaState& state, Step& step);
  /// It has everything, committed and known to it as such.
  bool is_idle(const ReplicaState& state) const {
    return mode_ == Mode::Replicate && matched_ == state.log.last().index &&
           committed_known_ >= state.committed;
  }
  /// It may have restarted: it is told again how far the log is committed.
  void forget_known_commitment() { committed_known_ = LogIndex(); }
  /// When it last moved forward, or had nothing to do.
  Instant heard_at() const { return heard_; }
  /// A copy stream to it has moved forward.
  void note_progress(Instant now) { heard_ = now; }
  /// It lacks something and has not moved for `replica_timeout` (`migration_timeout` while nothing
  /// waits for it), or it has no copy though in sync.
  bool is_lagging(const ReplicaState& state, const Step& step) const;

 private:
  void send(const ReplicaState& state, Step& step);
  /// It needs a copy, and nothing that it has, or has said of it, counts.
  void forget_copy();

  NodeId node_;
  bool is_learner_ = false;
  /// Replies of older epochs are not about the copy that it has now, nor are those that answer
  /// nothing behind the message of this number.
  Epoch since_;
  std::uint64_t forgotten_ = 0;
  /// The number of the last message.
  std::uint64_t number_ = 0;
  bool joined_ = false;
  Mode mode_ = Mode::Probe;
  LogIndex matched_;
  /// The first entry that has not been sent, in mode Replicate; where to probe behind, in mode
  /// Probe.
  LogIndex next_;
  bool probe_sent_ = false;
  /// How far the peer was told that the log is committed, and has said that it knows.
  LogIndex committed_sent_;
  LogIndex committed_known_;
  Instant sent_;
  /// When the peer last moved forward, or had nothing to do.
  Instant heard_;
};

}  // namespace shardproof
