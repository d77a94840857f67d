// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/step.hpp"

namespace shardproof {

/// What a coordinator knows of the members' lives. A node is alive once it was heard in this
/// tenure, dead once every lease that may have been granted to it has run out, and neither before:
/// nothing is decided about a node that is neither. Who is no member counts as dead. All times are
/// the coordinator's clock.
class FailureDetector {
 public:
  /// A new member, or every member when a tenure begins: a predecessor may have granted a lease
  /// until now, as long as the table says that they may be.
  void watch(NodeId node, const Step& step);
  void forget(NodeId node);

  /// This node has held the office just before, too, and nobody else between: who was dead then,
  /// and is not heard now either, has been so all the time. At most one call, before the first
  /// heartbeat. O(nodes).
  void remember(const FailureDetector& former);

  /// A heartbeat that is going to be answered: grants a lease from now on. True if the node becomes
  /// alive by it.
  bool on_heartbeat(NodeId node, const message::Heartbeat& heartbeat, const Step& step);
  /// From now on the node is not to be heard, whatever it sends, so that it dies with the leases
  /// that it has: an operator removes it by force; or it is to be heard again.
  void expel(NodeId node, bool is_expelled);
  bool is_expelled(NodeId node) const;
  /// The nodes that have died since the last call, ascending. O(nodes).
  std::vector<NodeId> on_tick(Instant now);

  bool is_member(NodeId node) const { return find(node) != nullptr; }
  bool is_alive(NodeId node) const;
  bool is_dead(NodeId node) const;
  /// If the node is dead, the time for which it is counts from now: an operator has said that it is
  /// back.
  void expect_return(NodeId node, Instant now);
  /// When it was found dead, if it is; when it was last heard, if it is alive.
  Instant dead_since(NodeId node) const;
  Instant last_heard(NodeId node) const;
  /// The longest time between two heartbeats of a node that is alive, as they say. O(nodes).
  Nanoseconds longest_pause() const;
  /// The newest table revision that the node is known to have adopted, in any of its incarnations.
  Revision known_revision(NodeId node) const;

 private:
  enum class Life : std::uint8_t { NotMember, Unheard, Alive, Dead };
  struct Health {
    Life life = Life::NotMember;
    bool is_expelled = false;
    Instant granted_until;
    Instant last_heard;
    Instant dead_since;
    /// It was found dead then, in the tenure before, and was not heard since; never if it was not.
    Instant dead_before = Instant::never();
    /// From one heartbeat to the next.
    Nanoseconds pause;
    Revision revision;
  };
  const Health* find(NodeId node) const;

  std::vector<Health> health_;
};

}  // namespace shardproof
