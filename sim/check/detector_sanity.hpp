// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Compares what the coordinator believes of the nodes' lives with what is so, from a bound after
/// the last fault on: before that it cannot know. Nodes that are broken for good are not judged, as
/// coordinator neither.
class DetectorSanity : public Monitor<DetectorSanity> {
 public:
  static constexpr InvariantInfo kInvariant{
      34, "detector_sanity",
      "without faults the coordinator finds every member that is up alive within a bound, and none "
      "of them dead"};
  using Monitor::Monitor;

  void on(const fact::OfficeTaken& office, const At& at);
  void on(const fact::OfficeLeft& office, const At& at);
  void on(const hook::Crashed&, const At& at);
  void on(const hook::Committing& commit, const At& at);
  void on(const fact::NodeSuspected& suspected, const At& at);
  void on(const fact::NodeTrusted& trusted, const At& at);
  void on(const fact::NodeExpelled& expelled, const At& at);
  void on(const hook::Ticked&, const At& at);

  /// How long a member that can be reached may count as dead, or as not heard.
  Nanoseconds bound() const;
  /// "n2, coordinator under t3 (in the table: n2 under t3)".
  std::string office_text() const;
  /// For how long the node has been reachable, and when it was last heard of.
  std::string reachable_text(NodeId id, Nanoseconds reachable, const At& at) const;

 private:
  struct Node {
    Instant member_since;
    /// When it last counted as dead because its heartbeats had got lost.
    Instant missed_at;
    bool trusted = false;
    bool expelled = false;  ///< by force, until it is heard again
  };

  Node& node(NodeId id);
  /// Whether the node may have gone unheard because the network lost what it sent.
  bool may_be_lost(NodeId id, const At& at) const;
  /// Since when the node could have been heard, by whoever is coordinator now.
  Instant reachable_since(NodeId id);

  /// Who is coordinator, by its own statement; none if nobody is, or the last one has crashed.
  NodeId coordinator_;
  Term term_;  ///< in which it took the office
  Instant office_since_;
  std::vector<Node> nodes_;
};

}  // namespace shardproof::sim::check
