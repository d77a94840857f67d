// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>

#include "core/replica_state.hpp"

namespace shardproof {

/// Takes a copy stream in: checks every chunk by its digest, stages it beside the present copy, and
/// installs the whole in one step when the last one fits and the stage has the digest of what came.
/// Acknowledges only what is on the disk.
///
/// A stream never takes anything away. The snapshot of a source that knows less of the log than
/// this node (it has restarted, or lags) is older than what is here. If all of it is committed and
/// on the disk here, the stream counts as installed, with what is here; if not, the source has to
/// come with a newer one.
class CopyReceiver {
 public:
  void on_chunk(NodeId from, const message::CopyChunk& chunk, ReplicaState& state,
                ReplicaStep& step);
  /// A staged chunk is on the disk.
  void on_chunk_durable(const DurabilityWait& wait, const ReplicaState& state, ReplicaStep& step);
  /// The installed copy is on the disk: true if it is the stream's (and not an earlier one's).
  bool on_install_durable(const DurabilityWait& wait, const ReplicaState& state, ReplicaStep& step);
  /// Forgets the stream, and its stage in the store.
  void abandon(const ReplicaState& state, ReplicaStep& step);

  /// A stream has begun and is not installed yet.
  bool is_receiving() const { return receiving_; }
  /// Whose stream it is.
  NodeId source() const { return source_; }
  /// Pieces of the present stream that are on the disk.
  std::uint32_t staged() const { return durable_next_; }
  /// The entry that the content stood for when the last stream was installed, and its digest then.
  /// The entry is zero for a source that had nothing committed: none means that no stream was.
  std::optional<Version> installed() const { return installed_; }
  std::uint64_t installed_digest() const { return installed_digest_; }

 private:
  void acknowledge(message::CopyOutcome outcome, std::uint64_t stream, const ReplicaState& state,
                   Step& step) const;
  /// Answers a stream of a snapshot older than what is here; true if it counts as installed.
  bool answer_older(std::uint64_t stream, Version snapshot, const ReplicaState& state,
                    ReplicaStep& step);
  /// What was staged is what came: a disk may change it without a word.
  bool is_as_sent(const ReplicaState& state, const ReplicaStep& step) const;
  /// Takes one chunk in, if it is the next; false if it had to be refused.
  bool take(const message::CopyChunk& chunk, ReplicaState& state, ReplicaStep& step);
  void begin(NodeId from, const message::CopyChunk& chunk, const ReplicaState& state,
             ReplicaStep& step);
  /// The log starts over behind the snapshot; nothing counts as durable until the store says so.
  void install(Version snapshot, ReplicaState& state, ReplicaStep& step);

  NodeId source_;
  std::uint64_t stream_ = 0;
  std::uint32_t next_ = 0;
  std::uint32_t durable_next_ = 0;
  /// Of what came so far: its digest, and how many documents and tombstones it were.
  std::uint64_t digest_ = 0;
  std::uint64_t items_ = 0;
  /// Chunks that have overtaken others, by number. How many are under way at once is the sender's
  /// setting, which an older or a newer version need not share.
  std::map<std::uint32_t, message::CopyChunk> early_;
  bool receiving_ = false;
  bool complete_ = false;
  std::optional<Version> installed_;
  std::uint64_t installed_digest_ = 0;
};

}  // namespace shardproof
