// SPDX-License-Identifier: Apache-2.0
#include "core/table_watcher.hpp"

#include <algorithm>

namespace shardproof {

void TableWatcher::send_range(Step& step) {
  reading_ = true;
  // The first number of an incarnation is drawn: an answer that an earlier one asked for may come
  // late, and lacks what that one had read before.
  if (last_request_ == 0) last_request_ = step.random.next() >> 1;
  last_request_ += 1;
  step.effects.send(Endpoint::metadata(), message::RangeRequest{last_request_, table_.revision()});
  step.effects.set_timer(TimerKind::Table, step.config.timing.metadata_timeout);
}

void TableWatcher::refresh(Step& step) {
  if (!step.config.has_cluster_manager) return;
  if (!reading_) send_range(step);
}

std::uint64_t TableWatcher::next_read(Step& step) {
  // What is on its way may have been answered before now.
  const bool is_too_early = reading_;
  refresh(step);
  return last_request_ + (is_too_early ? 1 : 0);
}

void TableWatcher::want(Revision revision, Step& step) {
  wanted_ = std::max(wanted_, revision);
  if (wanted_ > table_.revision()) refresh(step);
}

std::vector<TableDeltaRef> TableWatcher::on_range_reply(const message::RangeReply& reply,
                                                        Step& step) {
  std::vector<TableDeltaRef> adopted;
  if (reply.request != last_request_) {
    step.effects.hit(Probe::TableAnswerTooLate);
    return adopted;
  }
  reading_ = false;
  last_answered_ = reply.request;
  current_ = true;
  step.effects.cancel_timer(TimerKind::Table);
  take(reply.deltas, adopted);
  // Old commits come merged, so that only the last revision is one that the whole table had.
  if (!adopted.empty()) state_adoption(step);
  if (wanted_ > table_.revision() && reply.revision < wanted_) refresh(step);
  return adopted;
}

std::vector<TableDeltaRef> TableWatcher::on_update(const message::TableUpdate& update, Step& step) {
  std::vector<TableDeltaRef> adopted;
  const Revision revision = update.delta->revision;
  if (revision <= table_.revision() || step.fires(FaultPoint::TableUpdateIgnored)) return adopted;
  if (!current_ || update.previous > table_.revision()) {
    step.effects.hit(Probe::TableUpdateMissed);
    want(revision, step);
    return adopted;
  }
  if (update.earlier != nullptr) take(*update.earlier, adopted);
  take({update.delta}, adopted);
  state_adoption(step);
  return adopted;
}

void TableWatcher::take(const std::vector<TableDeltaRef>& deltas,
                        std::vector<TableDeltaRef>& adopted) {
  for (const TableDeltaRef& delta : deltas) {
    if (delta->revision <= table_.revision()) continue;
    table_.apply(*delta);
    adopted.push_back(delta);
  }
}

void TableWatcher::on_timer(Step& step) {
  if (!reading_) return;
  step.effects.hit(Probe::TableReadRepeated);
  send_range(step);
}

void TableWatcher::adopt(const TableDeltaRef& delta, Step& step) {
  table_.apply(*delta);
  current_ = true;
  state_adoption(step);
}

void TableWatcher::state_adoption(Step& step) {
  step.effects.fact(fact::TableAdopted{table_.revision(), table_.digest()});
}

}  // namespace shardproof
