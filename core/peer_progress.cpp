// SPDX-License-Identifier: Apache-2.0
#include "core/peer_progress.hpp"

#include <algorithm>

namespace shardproof {

using message::AppendOutcome;

namespace {

/// Whether the peer takes for committed what is not in this log, which has lost it with its disks:
/// it gives none of that up for entries, and would be asked for ever where the logs meet.
bool contradicts(const message::AppendReply& reply, const ReplicaState& state) {
  const LogIndex at = reply.last.index;
  if (at > reply.committed || at <= state.log.base().index) return false;
  return at > state.log.last().index || state.log.version_at(at) != reply.last;
}

}  // namespace

void PeerProgress::set_learner(bool is_learner, Epoch epoch) {
  if (is_learner && !is_learner_) {
    joined_ = false;
    start_over(epoch);
  }
  is_learner_ = is_learner;
}

void PeerProgress::start_over(Epoch epoch) {
  since_ = epoch;
  mode_ = Mode::Probe;
  matched_ = LogIndex();
  next_ = LogIndex();
  probe_sent_ = false;
  committed_known_ = LogIndex();
}

void PeerProgress::on_copy_installed(Version snapshot) {
  mode_ = Mode::Probe;
  // What it had confirmed before may have been lost with its disk, unheard.
  matched_ = std::min(matched_, snapshot.index);
  next_ = snapshot.index.next();
  probe_sent_ = false;
  forgotten_ = number_;
}

void PeerProgress::forget_copy() {
  mode_ = Mode::NeedsCopy;
  matched_ = LogIndex();
  committed_known_ = LogIndex();
  forgotten_ = number_;
}

void PeerProgress::send(const ReplicaState& state, Step& step) {
  const LogIndex last = state.log.last().index;
  if (mode_ == Mode::Probe && next_ == LogIndex()) next_ = last.next();
  const LogIndex previous(next_.value() - 1);
  if (previous < state.log.base().index || previous > last) {
    mode_ = Mode::NeedsCopy;
    step.effects.hit(Probe::FollowerNeedsCopy);
    return;
  }
  message::AppendEntries append;
  append.shard = state.id;
  append.epoch = state.epoch;
  append.previous = state.log.version_at(previous);
  append.committed = state.committed;
  append.number = ++number_;
  if (mode_ == Mode::Replicate) {
    const std::uint32_t most =
        step.fires(FaultPoint::AppendSingle) ? 1 : step.config.bounds.append_entries_max;
    while (next_ <= last && append.entries.size() < most) {
      append.entries.push_back(state.log.at(next_));
      next_ = next_.next();
    }
  }
  probe_sent_ = true;
  committed_sent_ = state.committed;
  sent_ = step.now;
  step.effects.send(Endpoint::node(node_), std::move(append));
}

void PeerProgress::on_appended(const ReplicaState& state, Step& step) {
  if (matched_.next() == state.log.last().index) heard_ = step.now;
  pump(state, step);
}

void PeerProgress::pump(const ReplicaState& state, Step& step) {
  if (mode_ == Mode::Probe && !probe_sent_) send(state, step);
  while (mode_ == Mode::Replicate && next_ <= state.log.last().index) send(state, step);
}

void PeerProgress::on_reply(const message::AppendReply& reply, const ReplicaState& state,
                            Step& step) {
  // That it has no copy may be told unasked, and costs no more than a probe if it is not so now.
  const bool is_of_the_copy = reply.outcome != AppendOutcome::NoCopy;
  if (reply.epoch < since_ || (is_of_the_copy && reply.answers <= forgotten_)) return;
  committed_known_ = std::max(committed_known_, reply.committed);
  if (contradicts(reply, state)) {
    step.effects.hit(Probe::FollowerNeedsCopy);
    return forget_copy();
  }
  switch (reply.outcome) {
    case AppendOutcome::Durable:
      if (mode_ != Mode::Replicate) {
        mode_ = Mode::Replicate;
        next_ = std::max(reply.last.index, matched_).next();
      }
      if (reply.last.index > matched_) {
        matched_ = reply.last.index;
        heard_ = step.now;
      }
      next_ = std::max(next_, matched_.next());
      if (matched_ == state.log.last().index) heard_ = step.now;
      break;
    case AppendOutcome::Mismatch:
      mode_ = Mode::Probe;
      next_ = std::min(reply.last.index, state.log.last().index).next();
      probe_sent_ = false;
      break;
    case AppendOutcome::NoCopy:
      step.effects.fact(fact::CopyMissed{state.id, state.epoch, node_});
      forget_copy();
      break;
    case AppendOutcome::Stale: return;
  }
  pump(state, step);
}

void PeerProgress::resend(const ReplicaState& state, Step& step) {
  if (mode_ == Mode::Replicate) next_ = matched_.next();
  if (mode_ == Mode::Probe) probe_sent_ = false;
  committed_sent_ = LogIndex();
  pump(state, step);
}

void PeerProgress::tick(const ReplicaState& state, Step& step) {
  const LogIndex last = state.log.last().index;
  if (mode_ == Mode::Replicate && matched_ == last) {
    heard_ = step.now;
    const bool is_late = step.now - sent_ >= step.config.timing.resend_after;
    const bool is_news = committed_sent_ < state.committed;
    if (committed_known_ < state.committed && (is_news || is_late)) send(state, step);
    return;
  }
  if (step.now - sent_ < step.config.timing.resend_after) return;
  switch (mode_) {
    case Mode::NeedsCopy:
      // Asks whether somebody else's stream has given the peer its copy meanwhile.
      mode_ = Mode::Probe;
      next_ = last.next();
      send(state, step);
      break;
    case Mode::Probe: send(state, step); break;
    case Mode::Replicate: resend(state, step); break;
  }
}

bool PeerProgress::is_lagging(const ReplicaState& state, const Step& step) const {
  if (mode_ == Mode::NeedsCopy && !is_learner_) return true;
  if (mode_ == Mode::Replicate && matched_ == state.log.last().index) return false;
  const Timing& timing = step.config.timing;
  const Nanoseconds patience = is_required() ? timing.replica_timeout : timing.migration_timeout;
  return step.now - heard_ >= patience;
}

}  // namespace shardproof
