// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/office.hpp"

#include <algorithm>

namespace shardproof {
namespace {

/// The lease runs out after one, and whoever is not in office asks after one and a half at most.
constexpr std::int64_t kStandBackLeases = 4;

/// How long a lease that was asked for now may be relied on.
Nanoseconds usable_lease(const Timing& timing) {
  return timing.coordinator_lease - timing.clock_error_bound;
}

Nanoseconds random_part(Nanoseconds bound, Random& random) {
  return Nanoseconds(random.between(0, bound.count()));
}

bool is_member(const Step& step) {
  const NodeRecord* record = step.table.find_node(step.self());
  return record != nullptr && record->state != NodeState::Removed;
}

}  // namespace

void Office::on_boot(Step& step) {
  const Nanoseconds delay = random_part(step.config.timing.coordinator_lease / 8, step.random);
  step.effects.set_timer(TimerKind::Campaign, delay);
}

void Office::on_timer(Step& step) {
  if (!is_member(step)) {
    step.effects.set_timer(TimerKind::Campaign, step.config.timing.heartbeat_interval);
    return;
  }
  const bool asks = step.now >= stands_back_until_;
  if (asks && !step.fires(FaultPoint::CampaignSkipped)) ask(step);
  arm(step);
}

void Office::ask(Step& step) {
  const Timing& timing = step.config.timing;
  std::erase_if(asks_, [&](Instant at) { return at + usable_lease(timing) <= step.now; });
  asks_.push_back(step.now);
  step.effects.send(Endpoint::metadata(),
                    message::Campaign{term_, timing.coordinator_lease, step.now});
}

void Office::arm(Step& step) {
  const Nanoseconds lease = step.config.timing.coordinator_lease;
  if (holds(step.now)) {
    step.effects.set_timer(TimerKind::Campaign, std::min(lease / 3, until_ - step.now));
  } else if (step.now < stands_back_until_) {
    step.effects.set_timer(TimerKind::Campaign, stands_back_until_ - step.now);
  } else {
    step.effects.set_timer(TimerKind::Campaign, lease + random_part(lease / 2, step.random));
  }
}

bool Office::is_own_ask(Instant asked_at) const {
  return std::find(asks_.begin(), asks_.end(), asked_at) != asks_.end();
}

Office::Change Office::on_reply(const message::CampaignReply& reply, Step& step) {
  if (!is_own_ask(reply.asked_at)) return Change::None;
  const bool held = term_ != Term();
  if (!reply.granted) {
    // An answer to an ask from before this term was granted says nothing about it.
    if (!held || reply.term <= term_) return Change::None;
    leave(step);
    return Change::Lost;
  }
  const Instant until = reply.asked_at + usable_lease(step.config.timing);
  if (until <= step.now) step.effects.hit(Probe::OfficeAnswerTooLate);
  if (reply.term < term_ || reply.term <= left_ || until <= step.now) return Change::None;
  const bool is_new = reply.term != term_;
  term_ = reply.term;
  until_ = is_new ? until : std::max(until_, until);
  if (is_new) heard_at_ = step.now;
  if (is_new && term_ == last_resort_) step.effects.hit(Probe::OfficeLastResort);
  arm(step);
  return is_new ? Change::Granted : Change::None;
}

void Office::leave(Step& step) {
  left_ = std::max(left_, term_);
  term_ = Term();
  until_ = Instant();
  arm(step);
}

void Office::leave_unheard(Step& step) {
  last_resort_ = term_.next();
  stands_back_until_ = step.now + step.config.timing.coordinator_lease * kStandBackLeases;
  leave(step);
}

Nanoseconds Office::unheard_for(Instant now) const {
  const bool is_last_resort = term_ != Term() && term_ == last_resort_;
  return is_last_resort ? Nanoseconds(0) : now - heard_at_;
}

void Office::on_heard(Step& step) {
  heard_at_ = step.now;
  last_resort_ = Term();
  if (step.now >= stands_back_until_) return;
  stands_back_until_ = step.now;
  arm(step);
}

}  // namespace shardproof
