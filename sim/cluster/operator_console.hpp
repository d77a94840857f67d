// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/cluster/cluster.hpp"
#include "sim/observe/order_text.hpp"

namespace shardproof::sim {

/// The operator: asks the coordinator for something, to whichever node he believes it to be under
/// the term that the metadata store names, and asks again every second until it is done or refused.
/// Commands are independent of each other, but for those that undo each other: beginning and ending
/// the maintenance of one node, switching balancing, and orders of the copies of one collection, of
/// limits and of the policy. Such a command waits until those before it are over: one that was
/// asked for again could otherwise take effect after the command that was to undo it.
///
/// Stream: ("operator", 0, "node"), for whom to ask when no coordinator is known.
class OperatorConsole final : public Inhabitant {
 public:
  using OnEnd = std::function<void(const message::AdminReply& reply)>;

  OperatorConsole(Cluster& cluster, Streams streams);

  /// `request.request` is chosen here. `on_end` is called once, when it is Done or Refused.
  void ask(message::AdminRequest request, OnEnd on_end = {});
  /// A command that is neither done nor refused.
  struct Open {
    message::AdminRequestRef request;
    /// How far it is, as far as the operator knows: "s3 is busy (said 3.200000000s)",
    /// "waits until `drain n1` is over".
    std::string stage;
  };
  /// The oldest first.
  std::vector<Open> open_commands() const;

  void on_message(Endpoint from, Endpoint to, Message& message) override;
  void on_event(const WorldEvent& event) override;
  void visit_streams(StreamVisitor& visitor) { visitor.on_stream("operator", 0, "node", random_); }

 private:
  struct Command {
    message::AdminRequestRef request;
    OnEnd on_end;
    /// What the last answer said that did not end it, and when it came.
    std::string answer;
    Instant answered_at = Instant::never();
    /// Of the scenario's, not of what sets the cluster up: that is nobody's order.
    bool is_counted = false;
  };
  void send(const Command& command);
  /// An earlier command that is open and that this one undoes, or that undoes it; or null.
  const Command* find_obstacle(const Command& command) const;
  bool has_to_wait(const Command& command) const { return find_obstacle(command) != nullptr; }
  /// Sends what had to wait for the one that has ended.
  void send_next(const message::AdminRequest& ended);
  void ask_again_later(std::uint64_t request);
  NodeId target();

  Cluster& cluster_;
  Random random_;
  std::map<std::uint64_t, Command> open_;
  std::uint64_t last_request_ = 0;
};

}  // namespace shardproof::sim
