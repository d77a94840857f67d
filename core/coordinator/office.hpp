// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/step.hpp"

namespace shardproof {

/// A node's claim to the coordinator's office. Members campaign every `coordinator_lease` and a
/// random part of it; the holder renews every third of the lease.
///
/// The lease counts on the node's own clock from when it asked, less `clock_error_bound`: so it
/// ends before the metadata store gives the office to another, whatever the two clocks do. A term
/// that was left is not taken up again: changes proposed under it may still be on their way.
///
/// A holder that hears no other node gives the office up: the store may answer it and yet it is cut
/// off, and while it renews nobody else can lead. It stands back for four leases or until it hears
/// somebody: time for its lease to run out and for every other member to ask twice. If nobody has
/// held the office meanwhile, all others are dead or cannot reach the store: it takes the office
/// then, and keeps it without hearing anybody.
class Office {
 public:
  enum class Change { None, Granted, Lost };

  /// Arms TimerKind::Campaign; one draw (node's stream).
  void on_boot(Step& step);
  /// TimerKind::Campaign: asks (again). One draw while not in office.
  void on_timer(Step& step);
  /// Granted: the office is held under another term than before. Lost: it was held and is not now.
  Change on_reply(const message::CampaignReply& reply, Step& step);
  void leave(Step& step);
  /// Leaves, and stands back.
  void leave_unheard(Step& step);
  /// A message of another node.
  void on_heard(Step& step);

  bool holds(Instant now) const { return term_ != Term() && now < until_; }
  /// Zero if the office was never held, or was left.
  Term term() const { return term_; }
  /// For how long the holder has heard no other node; zero for one that keeps the office without.
  Nanoseconds unheard_for(Instant now) const;

 private:
  void ask(Step& step);
  void arm(Step& step);
  bool is_own_ask(Instant asked_at) const;

  Term term_;
  Instant until_;
  /// The last term that was left.
  Term left_;
  /// Does not ask before this.
  Instant stands_back_until_;
  /// When another node was last heard, or the office taken; and the term after the one left unheard
  /// since.
  Instant heard_at_;
  Term last_resort_;
  /// Asks whose answers would still be worth something.
  std::vector<Instant> asks_;
};

}  // namespace shardproof
