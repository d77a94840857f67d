// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/messages.hpp"
#include "sim/faults.hpp"
#include "sim/kernel/stream_visitor.hpp"
#include "sim/metadata_log.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// Is told of every commit, just before it becomes the committed table.
class CommitObserver {
 public:
  virtual ~CommitObserver() = default;
  /// `term` and `node` are those under which it was written: zero and none for what was there from
  /// the start.
  virtual void on_commit(Instant now, Term term, NodeId node, const ShardTable& before,
                         const TableDelta& delta) = 0;
};

struct MetadataCounters {
  std::uint64_t requests = 0;
  std::uint64_t dropped = 0;       ///< by an outage
  std::uint64_t lost_answers = 0;  ///< handled, but never answered
  std::uint64_t commits = 0;       ///< that wrote
  std::uint64_t refused = 0;       ///< commits: a guard failed, or deposed
  std::uint64_t repeated = 0;      ///< commits that were recognised as repetitions
  std::uint64_t terms = 0;
};

/// The metadata store: a linearizable service behind messages. It may be slow, cut off or down, and
/// answers may be lost, but it never contradicts itself. Each request takes effect in one step, in
/// `handle`.
///
/// - Office: a node holds it under one term until its lease, in true time from the grant, has run
///   out. Asking again meanwhile prolongs it under the same term; after that it is a new term, also
///   for the same node, and so it is for a holder that asks as one who holds nothing: it has
///   crashed, left the office, or never heard of its grant. A repetition of the ask that was
///   granted is none such. A grant is a commit of the CoordinatorRecord.
/// - Commit: only under the term in office, by its holder. A repetition of a guarded commit that
///   took effect is recognised (by sender, request and content, among the sender's last 64) and
///   answered as the first time, so that a duplicated message can't make it look refused. With
///   `recognises_repeats = false` it is refused, as by a store that knows guards alone.
/// - A RangeRequest makes the sender a watcher until `drop_watcher`. Watchers are told of each
///   commit at once, or, with a `coalesce`, of all that gather within it in one update.
/// - A session may expire, though its node lives: it watches no more, and its office, if it holds
///   it, is vacant. Nobody gets that before the lease which was granted has run out, for the former
///   holder does not know: the lock-delay of Chubby (Burrows, OSDI 2006, section 2.4) and Consul.
///
/// Messages of other kinds are ignored. Streams: ("metadata", 0, "delay" | "lost_answer").
class MetadataService {
 public:
  struct Answer {
    Endpoint to;
    Message message;
  };

  MetadataService(const MetadataSpec& spec, Streams streams);

  /// Writes what is there from the start, as one commit; before everything else.
  void seed(std::vector<Record> records);
  /// Is told of commits from here on; not owned, may be null.
  void observe(CommitObserver* observer) { observer_ = observer; }

  /// When a request that arrives now is to be handled. Draws a delay.
  Instant due(Instant now);
  /// Handles one request; appends its answer and the updates for watchers (in order of endpoint) to
  /// `answers`. Calls come in order of `now`. O(answers + guards + records).
  void handle(Instant now, Endpoint from, const Message& message, std::vector<Answer>& answers);
  /// When `tell_watchers` is to be called, if that has not been asked for yet.
  std::optional<Instant> take_telling_due();
  /// What has gathered goes to the watchers, as an update for each in order of endpoint. Returns
  /// how many commits it is, none if the store is out of service. O(watchers + commits).
  std::size_t tell_watchers(std::vector<Answer>& answers);
  /// That endpoint has crashed: it watches no more. False if it has not watched.
  bool drop_watcher(Endpoint endpoint);
  /// The node's session ends. False if it had none: it neither watches nor holds the office.
  bool expire_session(Instant now, NodeId node);

  FaultId add(const MetadataAction& fault);
  /// Ends a fault; false if it has ended before.
  bool heal(FaultId id);
  /// From now on the store's own settings lose no answers either.
  void heal_settings();

  const ShardTable& committed() const { return log_.table(); }
  /// Who holds the office at true time `now`; none if nobody.
  NodeId holder(Instant now) const { return now < lease_end_ ? holder_ : NodeId::none(); }
  Term term() const { return term_; }
  const MetadataCounters& counters() const { return counters_; }
  void visit_streams(StreamVisitor& visitor) {
    visitor.on_stream("metadata", 0, "delay", delay_);
    visitor.on_stream("metadata", 0, "lost_answer", lost_answer_);
  }

 private:
  struct Remembered {
    std::uint64_t request = 0;
    std::uint64_t content = 0;
    message::CommitReply reply;
  };

  void campaign(Instant now, NodeId node, const message::Campaign& request,
                std::vector<Answer>& answers);
  void commit(Instant now, Endpoint from, const message::Commit& request,
              std::vector<Answer>& answers);
  message::CommitOutcome judge(Instant now, Endpoint from, const message::Commit& request) const;
  void range(Endpoint from, const message::RangeRequest& request, std::vector<Answer>& answers);
  void write(Instant now, Term term, NodeId node, std::vector<Record> records,
             std::vector<Answer>& answers);
  bool guards_hold(const std::vector<message::Guard>& guards) const;
  const message::CommitReply* find_repetition(Endpoint from, std::uint64_t request,
                                              std::uint64_t content) const;
  void push(Instant now, Revision previous, const TableDeltaRef& delta,
            std::vector<Answer>& answers);
  void answer(Endpoint to, Message message, std::vector<Answer>& answers);
  void refresh();

  MetadataSpec base_;
  MetadataSpec current_;
  bool outage_ = false;
  Random delay_;
  Random lost_answer_;
  MetadataLog log_;
  Term term_;
  NodeId holder_ = NodeId::none();
  Instant lease_end_;
  /// Until then nobody is granted the office of a session that has expired.
  Instant locked_until_;
  /// The holder's own clock when it asked for what became its term.
  Instant term_asked_at_;
  /// Ascending.
  std::vector<Endpoint> watchers_;
  /// The revision before the first commit that watchers are still to be told of; none: of nothing.
  std::optional<Revision> untold_since_;
  std::optional<Instant> telling_due_;
  std::map<Endpoint, std::deque<Remembered>> remembered_;
  CommitObserver* observer_ = nullptr;
  ActiveFaults<MetadataAction> faults_;
  MetadataCounters counters_;
};

}  // namespace shardproof::sim
