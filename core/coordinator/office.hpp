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

  bool holds(Instant now) const { return term_ != Term() && now < until_; }
  /// Zero if the office was never held, or was left.
  Term term() const { return term_; }

 private:
  void ask(Step& step);
  void arm(Step& step);
  bool is_own_ask(Instant asked_at) const;

  Term term_;
  Instant until_;
  /// The last term that was left.
  Term left_;
  /// Asks whose answers would still be worth something.
  std::vector<Instant> asks_;
};

}  // namespace shardproof
