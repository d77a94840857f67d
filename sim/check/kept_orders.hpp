// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Holds the coordinator to what operators ordered. What a command is for has to be in the
/// committed table when the coordinator says for the first time that it is done: the table may
/// change again, by other commands, before its operator hears of it. Judged of whoever holds the
/// office; aborted migrations, which the next plan may begin again, are not.
class KeptOrders : public Monitor<KeptOrders> {
 public:
  static constexpr InvariantInfo kInvariant{
      39, "kept_orders",
      "an operator's command that is said to be done has had its effect, what was ordered last "
      "stands, a node drains only if the others can hold every copy, and nothing is planned "
      "or begun for evenness while balancing is switched off"};
  using Monitor::Monitor;

  void on(const hook::Commanded& commanded, const At& at);
  void on(const fact::AdminEnded& ended, const At& at);
  void on(const fact::PlanMade& plan, const At& at);
  void on(const hook::Committing& commit, const At& at);

 private:
  void check_move(const ShardInfo& after, NodeId author, const At& at);
  void check_drain(const NodeRecord& after, NodeId author, const At& at);
  /// Whether the node has adopted what every member and collection is in the table now.
  bool knows_members(NodeId node) const;
  /// Whether whoever went by the table of that revision knew that balancing is off, and it still
  /// is.
  bool is_off(Revision known) const;

  struct Order {
    message::AdminRequestRef request;
    Instant given_at;
  };
  /// Commands that nobody has said to be over yet, by number.
  std::map<std::uint64_t, Order> open_;
};

}  // namespace shardproof::sim::check
