// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/facts.hpp"
#include "sim/cluster/world_event.hpp"

namespace shardproof::sim {

/// One event that is about to be carried out.
struct Delivery {
  std::uint64_t number = 0;  ///< from 1
  Instant time;              ///< of the world: the scenario begins at `Cluster::origin`
  const WorldEvent& event;
  const Message* message = nullptr;  ///< of Message and Metadata, else null
  std::uint64_t digest = 0;          ///< of the run, this event included
};

/// Looks on while a cluster works, and changes nothing in it.
class EventWatch {
 public:
  virtual ~EventWatch() = default;
  /// Before the event has any effect.
  virtual void on_delivery(const Delivery&) {}
  /// Stated by the node in the event last delivered, in the order of statement.
  virtual void on_fact(NodeId, const Fact&) {}
};

/// Hears of messages that are handed to whom they are for.
class MessageWatch {
 public:
  virtual ~MessageWatch() = default;
  /// Just before a running process, a client, an operator or the metadata store takes the message.
  virtual void on_received(Endpoint from, Endpoint to, const Message& message) = 0;
};

}  // namespace shardproof::sim
