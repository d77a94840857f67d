// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/proposals.hpp"

#include <algorithm>

#include "core/table_watcher.hpp"

namespace shardproof {
namespace {

const Record* find_record(const std::vector<Record>& records, RecordKey key) {
  for (const Record& record : records) {
    if (key_of(record) == key) return &record;
  }
  return nullptr;
}

/// A proposal that breaks the table's rules is a mistake of the coordinator's.
void check_change(const ShardInfo& after, const ShardTable& table, RuleSet rules) {
  const ShardInfo* before = table.find_shard(after.id);
  SHARDPROOF_CHECK(before != nullptr, "{} is not in the table", after.id);
  SHARDPROOF_CHECK(after.epoch == before->epoch.next(), "{}: {} after {}", after.id, after.epoch,
                   before->epoch);
  SHARDPROOF_CHECK(is_legal_transition(before->status, after.status), "{}: {} to {}", after.id,
                   to_string(before->status), to_string(after.status));
  const bool is_checked = rules.is_on(Rule::ReplicaListTrimmed);
  const auto valid = validate(after, *table.find_collection(after.collection), table);
  SHARDPROOF_CHECK(valid.has_value() || !is_checked, "{}", valid.error().message);
}

}  // namespace

bool names(const ShardInfo& shard, NodeId node) {
  if (shard.fencing == node || contains(shard.replicas, node) || contains(shard.learners, node))
    return true;
  if (!shard.migration) return false;
  return shard.migration->source == node || shard.migration->target == node;
}

void Proposals::propose(const ShardInfo& after, const char* intent, Step& step) {
  check_change(after, step.table, rules_);
  propose(std::vector<Record>{after}, intent, step);
}

void Proposals::propose(std::vector<Record> records, const char* intent, Step& step) {
  // An answer to an earlier tenure's request must not look like one to a request of this one.
  if (count_ == 0) count_ = step.table.revision().value() << 16;
  const std::uint64_t request = ++count_;
  Proposal proposal;
  proposal.commit.request = request;
  proposal.commit.term = term_;
  proposal.since = step.now;
  for (const Record& record : records) {
    const RecordKey key = key_of(record);
    SHARDPROOF_CHECK(!is_busy(key), "two changes of one record at once: {}", intent);
    locks_.emplace(key, request);
    proposal.commit.guards.push_back({key, step.table.modified(key)});
    if (const auto* shard = std::get_if<ShardInfo>(&record)) {
      step.effects.fact(fact::ChangeProposed{shard->id, shard->epoch, term_, intent});
    }
  }
  proposal.commit.records = std::move(records);
  send(open_.emplace(request, std::move(proposal)).first->second, step);
  if (rules_.is_on(Rule::TableIsCommitted)) return;
  const Revision next(step.table.revision().value() + 1);
  step.watcher.adopt(
      std::make_shared<TableDelta>(TableDelta{next, open_.at(request).commit.records}), step);
}

bool Proposals::any_names(NodeId node) const {
  for (const auto& [request, proposal] : open_) {
    for (const Record& record : proposal.commit.records) {
      const auto* shard = std::get_if<ShardInfo>(&record);
      if (shard != nullptr && names(*shard, node)) return true;
    }
  }
  return false;
}

void Proposals::send(Proposal& proposal, Step& step) {
  proposal.awaits_answer = true;
  proposal.due = step.now + step.config.timing.metadata_timeout;
  if (step.fires(FaultPoint::CommitDoubled)) {
    step.effects.send(Endpoint::metadata(), proposal.commit);
  }
  step.effects.send(Endpoint::metadata(), proposal.commit);
}

void Proposals::read_back(Proposal& proposal, Step& step) {
  proposal.awaits_answer = false;
  proposal.due = step.now + step.config.timing.resend_after;
  step.watcher.refresh(step);
}

void Proposals::on_reply(const message::CommitReply& reply, Step& step) {
  const auto found = open_.find(reply.request);
  if (found == open_.end()) return;
  if (reply.outcome == message::CommitOutcome::Committed) {
    step.watcher.want(reply.revision, step);
  } else {
    step.effects.hit(Probe::CommitGuardFailed);
    // A guard also fails when an earlier copy of this very commit took effect.
    read_back(found->second, step);
  }
}

void Proposals::on_table_change(const TableDelta& delta, Step& step) {
  for (const Record& record : delta.records) {
    const auto lock = locks_.find(key_of(record));
    if (lock == locks_.end()) continue;
    const std::uint64_t request = lock->second;
    const Record* intended = find_record(open_.at(request).commit.records, lock->first);
    settle(request, *intended == record, step);
  }
}

void Proposals::settle(std::uint64_t request, bool committed, Step& step) {
  if (!committed) step.effects.hit(Probe::ChangeOvertaken);
  const auto found = open_.find(request);
  for (const Record& record : found->second.commit.records) {
    locks_.erase(key_of(record));
    if (const auto* shard = std::get_if<ShardInfo>(&record)) {
      step.effects.fact(fact::ChangeSettled{shard->id, shard->epoch, term_, committed});
    }
  }
  open_.erase(found);
}

void Proposals::forget_unanswered(Step& step) {
  std::vector<std::uint64_t> unanswered;
  for (const auto& [request, proposal] : open_) {
    if (step.now >= proposal.due) unanswered.push_back(request);
  }
  for (const std::uint64_t request : unanswered) settle(request, false, step);
}

void Proposals::on_tick(Step& step) {
  if (!rules_.is_on(Rule::UnknownOutcomeReadBack)) return forget_unanswered(step);
  for (auto& [request, proposal] : open_) {
    const bool is_impatient = proposal.awaits_answer && step.fires(FaultPoint::CommitReadBackEarly);
    if (step.now < proposal.due && !is_impatient) continue;
    if (proposal.awaits_answer) {
      step.effects.hit(Probe::CommitReadBack);
      read_back(proposal, step);
    } else {
      step.effects.hit(Probe::CommitSentAgain);
      send(proposal, step);
    }
  }
}

}  // namespace shardproof
