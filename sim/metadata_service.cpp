// SPDX-License-Identifier: Apache-2.0
#include "sim/metadata_service.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/stable_hash.hpp"

namespace shardproof::sim {
namespace {

/// Duplicates arrive within moments; a node has few commits under way.
constexpr std::size_t kRememberedMax = 64;

/// Everything that a commit says but for its sender and request number.
std::uint64_t content_of(const message::Commit& request) {
  std::uint64_t content = combine64(0, request.term.value());
  for (const message::Guard& guard : request.guards) {
    content = combine64(content, static_cast<std::uint64_t>(guard.key.kind));
    content = combine64(content, guard.key.id);
    content = combine64(content, guard.modified.value());
  }
  content = combine64(content, request.guards.size());
  for (const Record& record : request.records) {
    content = combine64(content, record_digest(record));
  }
  return mix64(content);
}

}  // namespace

MetadataService::MetadataService(const MetadataSpec& spec, Streams streams)
    : base_(spec),
      current_(spec),
      delay_(streams.stream("metadata", 0, "delay")),
      lost_answer_(streams.stream("metadata", 0, "lost_answer")) {}

void MetadataService::seed(std::vector<Record> records) {
  std::vector<Answer> nobody;
  write(Instant(), Term(), NodeId::none(), std::move(records), nobody);
}

Instant MetadataService::due(Instant now) { return now + sample(current_.latency, delay_); }

// --- Requests -----------------------------------------------------------------------------------

void MetadataService::handle(Instant now, Endpoint from, const Message& message,
                             std::vector<Answer>& answers) {
  ++counters_.requests;
  if (outage_) {
    ++counters_.dropped;
    return;
  }
  if (const auto* asked = std::get_if<message::Campaign>(&message)) {
    if (from.is_node()) campaign(now, from.as_node(), *asked, answers);
  } else if (const auto* commanded = std::get_if<message::Commit>(&message)) {
    commit(now, from, *commanded, answers);
  } else if (const auto* wanted = std::get_if<message::RangeRequest>(&message)) {
    range(from, *wanted, answers);
  }
}

void MetadataService::campaign(Instant now, NodeId node, const message::Campaign& request,
                               std::vector<Answer>& answers) {
  const NodeId incumbent = holder(now);
  const bool is_locked = incumbent.is_none() && now < locked_until_;
  if (is_locked) {
    return answer(Endpoint::node(node),
                  message::CampaignReply{false, term_, NodeId::none(), request.asked_at}, answers);
  }
  const bool granted = incumbent.is_none() || incumbent == node;
  // Another ask of who holds nothing: its former tenure is over, and so is whatever it has in
  // flight.
  const bool has_left =
      incumbent == node && request.term == Term() && request.asked_at != term_asked_at_;
  if (incumbent.is_none() || has_left) {
    term_ = term_.next();
    holder_ = node;
    term_asked_at_ = request.asked_at;
    ++counters_.terms;
    write(now, term_, node, {CoordinatorRecord{node, term_}}, answers);
  }
  // A delayed request for a shorter lease takes nothing back that was granted.
  if (granted) lease_end_ = std::max(lease_end_, now + request.lease);
  answer(Endpoint::node(node), message::CampaignReply{granted, term_, holder_, request.asked_at},
         answers);
}

void MetadataService::commit(Instant now, Endpoint from, const message::Commit& request,
                             std::vector<Answer>& answers) {
  const std::uint64_t content = content_of(request);
  if (const auto* reply = find_repetition(from, request.request, content)) {
    ++counters_.repeated;
    answer(from, *reply, answers);
    return;
  }
  message::CommitReply reply{request.request, judge(now, from, request), Revision()};
  if (reply.outcome != message::CommitOutcome::Committed) {
    ++counters_.refused;
  } else if (!request.records.empty()) {
    write(now, term_, holder_, request.records, answers);
  }
  reply.revision = committed().revision();
  if (reply.outcome == message::CommitOutcome::Committed && !request.guards.empty()) {
    auto& known = remembered_[from];
    known.push_back({request.request, content, reply});
    if (known.size() > kRememberedMax) known.pop_front();
  }
  answer(from, reply, answers);
}

message::CommitOutcome MetadataService::judge(Instant now, Endpoint from,
                                              const message::Commit& request) const {
  const NodeId incumbent = holder(now);
  const bool in_office =
      incumbent.has_value() && from == Endpoint::node(incumbent) && request.term == term_;
  if (!in_office) return message::CommitOutcome::Deposed;
  return guards_hold(request.guards) ? message::CommitOutcome::Committed
                                     : message::CommitOutcome::GuardFailed;
}

bool MetadataService::guards_hold(const std::vector<message::Guard>& guards) const {
  return std::all_of(guards.begin(), guards.end(), [this](const message::Guard& guard) {
    return committed().modified(guard.key) == guard.modified;
  });
}

const message::CommitReply* MetadataService::find_repetition(Endpoint from, std::uint64_t request,
                                                             std::uint64_t content) const {
  if (!current_.recognises_repeats) return nullptr;
  const auto known = remembered_.find(from);
  if (known == remembered_.end()) return nullptr;
  for (const Remembered& remembered : known->second) {
    if (remembered.request == request && remembered.content == content) return &remembered.reply;
  }
  return nullptr;
}

void MetadataService::range(Endpoint from, const message::RangeRequest& request,
                            std::vector<Answer>& answers) {
  const auto place = std::lower_bound(watchers_.begin(), watchers_.end(), from);
  if (place == watchers_.end() || *place != from) watchers_.insert(place, from);
  message::RangeReply reply{request.request, committed().revision(), {}};
  log_.read_since(request.since, reply.deltas);
  answer(from, std::move(reply), answers);
}

void MetadataService::write(Instant now, Term term, NodeId node, std::vector<Record> records,
                            std::vector<Answer>& answers) {
  const TableDeltaRef delta = log_.next(std::move(records));
  if (observer_ != nullptr) observer_->on_commit(now, term, node, committed(), *delta);
  const Revision previous = committed().revision();
  log_.append(delta);
  ++counters_.commits;
  push(now, previous, delta, answers);
}

void MetadataService::push(Instant now, Revision previous, const TableDeltaRef& delta,
                           std::vector<Answer>& answers) {
  if (untold_since_) return;
  if (current_.coalesce > Nanoseconds(0)) {
    untold_since_ = previous;
    telling_due_ = now + current_.coalesce;
    return;
  }
  for (const Endpoint watcher : watchers_) {
    answers.push_back({watcher, message::TableUpdate{previous, delta}});
  }
}

std::optional<Instant> MetadataService::take_telling_due() {
  return std::exchange(telling_due_, std::nullopt);
}

std::size_t MetadataService::tell_watchers(std::vector<Answer>& answers) {
  SHARDPROOF_CHECK(untold_since_.has_value(), "there is nothing to tell");
  const Revision previous = *std::exchange(untold_since_, std::nullopt);
  if (outage_) return 0;
  std::vector<TableDeltaRef> commits;
  log_.read_since(previous, commits);
  message::TableUpdate update{previous, commits.back()};
  const std::size_t count = commits.size();
  commits.pop_back();
  if (!commits.empty()) {
    update.earlier = std::make_shared<const std::vector<TableDeltaRef>>(std::move(commits));
  }
  for (const Endpoint watcher : watchers_) answers.push_back({watcher, update});
  return count;
}

void MetadataService::answer(Endpoint to, Message message, std::vector<Answer>& answers) {
  if (lost_answer_.chance(current_.lost_answers)) {
    ++counters_.lost_answers;
    return;
  }
  answers.push_back({to, std::move(message)});
}

bool MetadataService::drop_watcher(Endpoint endpoint) {
  const auto place = std::lower_bound(watchers_.begin(), watchers_.end(), endpoint);
  if (place == watchers_.end() || *place != endpoint) return false;
  watchers_.erase(place);
  return true;
}

bool MetadataService::expire_session(Instant now, NodeId node) {
  const bool watched = drop_watcher(Endpoint::node(node));
  if (holder(now) != node) return watched;
  locked_until_ = std::exchange(lease_end_, now);
  return true;
}

// --- Faults -------------------------------------------------------------------------------------

FaultId MetadataService::add(const MetadataAction& fault) {
  const FaultId id = faults_.add(fault);
  refresh();
  return id;
}

bool MetadataService::heal(FaultId id) {
  const bool was_on = faults_.remove(id);
  refresh();
  return was_on;
}

void MetadataService::heal_settings() {
  base_.lost_answers = Ratio(0, 1);
  refresh();
}

void MetadataService::refresh() {
  current_ = base_;
  outage_ = false;
  for (const auto& [id, fault] : faults_) {
    if (fault.outage) outage_ = true;
    if (fault.latency) current_.latency = *fault.latency;
    if (fault.lost_answers) current_.lost_answers = *fault.lost_answers;
    if (fault.coalesce) current_.coalesce = *fault.coalesce;
  }
}

}  // namespace shardproof::sim
