// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/messages.hpp"

namespace shardproof::sim {

/// Some of the endpoints: one side of a network fault. Clients are all in or all out. A bit for
/// each node up to the largest; membership is O(1).
class EndpointSet {
 public:
  EndpointSet& add_node(NodeId node) {
    const std::size_t word = node.value() / 64;
    if (word >= nodes_.size()) nodes_.resize(word + 1);
    nodes_[word] |= std::uint64_t{1} << (node.value() % 64);
    return *this;
  }
  EndpointSet& add_clients() {
    clients_ = true;
    return *this;
  }
  EndpointSet& add_metadata() {
    metadata_ = true;
    return *this;
  }
  EndpointSet& add_operator_console() {
    operator_console_ = true;
    return *this;
  }

  /// Nodes that join later, too.
  EndpointSet& add_everyone() {
    everyone_ = true;
    return *this;
  }

  bool empty() const {
    return nodes_.empty() && !clients_ && !metadata_ && !operator_console_ && !everyone_;
  }
  bool contains(Endpoint endpoint) const {
    if (everyone_) return true;
    if (endpoint.is_node()) {
      const std::uint32_t node = endpoint.as_node().value();
      return node / 64 < nodes_.size() && ((nodes_[node / 64] >> (node % 64)) & 1) != 0;
    }
    if (endpoint.is_client()) return clients_;
    return endpoint.is_metadata() ? metadata_ : operator_console_;
  }

 private:
  std::vector<std::uint64_t> nodes_;
  bool clients_ = false;
  bool metadata_ = false;
  bool operator_console_ = false;
  bool everyone_ = false;
};

}  // namespace shardproof::sim
