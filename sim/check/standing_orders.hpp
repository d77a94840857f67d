// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "sim/check/kept_orders.hpp"

namespace shardproof::sim::check {

/// Whether, when nothing is left to happen, the table still has what was ordered last: that a
/// node's maintenance is over, whether there is balancing, its policy and limits, and how many
/// copies a collection has. An order that was carried out again behind a later one shows by that.
/// Of orders of one thing that were open at the same time nobody can say which was the last. A part
/// of invariant 39. O(log orders) per command.
class StandingOrders : public Monitor<StandingOrders> {
 public:
  static constexpr InvariantInfo kInvariant = KeptOrders::kInvariant;
  using Monitor::Monitor;

  void on(const hook::Commanded& commanded, const At& at);
  void on(const fact::AdminEnded& ended, const At& at);
  void on(const hook::Settled& settled, const At& at);

 private:
  /// What orders may be of: the kind that stands for it, the node, the collection's name.
  using Topic = std::tuple<message::AdminKind, NodeId, std::string>;
  struct Standing {
    message::AdminRequestRef last;  ///< that was said to be done; null if that is not clear
    Instant done_at;
    std::uint32_t open = 0;
    bool is_mixed = false;  ///< several are, or were, open since none was
    /// Who has a collection sharded anew says once more how many copies it is to have, and may have
    /// been refused when that part of it was done.
    bool is_sharded_anew = false;
  };
  static Topic topic_of(const message::AdminRequest& request);

  std::map<Topic, Standing> standing_;
  struct Given {
    explicit Given(message::AdminRequestRef given) : request(std::move(given)) {}

    message::AdminRequestRef request;
    bool is_open = true;  ///< nobody has said it to be over
    bool is_done = false;
  };
  /// By number.
  std::map<std::uint64_t, Given> given_;
};

}  // namespace shardproof::sim::check
