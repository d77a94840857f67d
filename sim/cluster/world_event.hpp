// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/messages.hpp"

namespace shardproof::sim {

/// What can happen in the world. The numbers are part of the trace digest.
enum class EventKind : std::uint8_t {
  Message = 1,   ///< a message arrives
  Metadata = 2,  ///< the metadata store gets round to a request
  Timer = 3,     ///< a node's timer of kind `detail` fires
  DiskDone = 4,  ///< a node's disk ends the operation of ticket `word`
  Boot = 5,      ///< a node's process begins
  Script = 6,    ///< a step of a scripted event; see EventScript
  Client = 7,    ///< a client's own timer; see Workload
  Operator = 8,  ///< the operator's console repeats what was not answered
  Sample = 9,    ///< metrics are sampled
  Chaos = 10,    ///< a random fault of family `word` is due
  Cpu = 11,      ///< a node's slow CPU gets round to the next input
  Watch = 12,    ///< the metadata store tells its watchers of what has gathered
};

/// One scheduled happening: 32 bytes, trivially copyable.
struct WorldEvent {
  EventKind kind = EventKind::Message;
  std::uint8_t detail = 0;
  /// Timer, DiskDone, Boot: the life of the node's process (or disk) that the event belongs to; an
  /// event of an earlier life is void.
  std::uint32_t life = 0;
  /// Message, Metadata: sender and receiver. Others: the node, or whatever the owner needs.
  Endpoint from;
  Endpoint to;
  /// Message, Metadata: where the message is kept. Others: as the owner needs.
  std::uint64_t word = 0;
};

/// Whom the event befalls, for tie policies.
inline std::uint64_t actor_of(const WorldEvent& event) { return event.to.raw(); }

}  // namespace shardproof::sim
