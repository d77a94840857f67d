// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/cluster/applied.hpp"
#include "sim/cluster/cluster.hpp"

namespace shardproof::sim {

/// Trouble of messages on their way between some endpoints and others.
///
/// Stream: ("script", 0, "swizzle") for the two orders of a swizzle.
class PathFaults {
 public:
  /// The nodes that a selector means now.
  using Select = std::function<std::vector<NodeId>(const NodeSelector&)>;

  PathFaults(Cluster& cluster, Select select, Streams streams)
      : cluster_(cluster),
        select_(std::move(select)),
        orders_(streams.stream("script", 0, "swizzle")) {}

  Applied partition(const PartitionAction& action);
  Applied clog(const ClogAction& action);
  Applied drop(const DropAction& action);
  Applied delay(const DelayAction& action);
  /// Of one node.
  Applied gray(NodeId node);
  /// The steps of the nodes take `lasts` in all.
  Applied swizzle(const std::vector<NodeId>& nodes, Nanoseconds lasts);
  void visit_streams(StreamVisitor& visitor) { visitor.on_stream("script", 0, "swizzle", orders_); }

 private:
  /// A path without trouble yet, and whom to name; or why there is none.
  struct Path {
    PathFault fault;
    NodeId named;
    std::string why_not;
  };

  Path path(const NodeSelector& from, const NodeSelector& to);
  EndpointSet side(const NodeSelector& selector, const std::vector<NodeId>& nodes,
                   const NodeSelector& opposite, const std::vector<NodeId>& other) const;
  bool has_left(NodeId node) const;
  Applied begin(const Path& path, FaultKind kind, std::string_view text);
  FaultId clog(NodeId node);
  std::vector<std::size_t> draw_order(std::size_t count);

  Cluster& cluster_;
  Select select_;
  Random orders_;
};

}  // namespace shardproof::sim
