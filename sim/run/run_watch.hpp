// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/cluster/event_watch.hpp"
#include "sim/observe/trace_result.hpp"

namespace shardproof::sim {

/// A run between two events.
class World {
 public:
  virtual ~World() = default;
  /// Delivered so far.
  virtual std::uint64_t events() const = 0;
  /// False while the cluster is set up.
  virtual bool has_begun() const = 0;
  /// Since the scenario's start; zero until it has begun.
  virtual Instant time() const = 0;
  /// When the scenario began, in the world's time; zero until then.
  virtual Instant origin() const = 0;
  /// O(nodes * shards).
  virtual WorldState state() const = 0;
  /// From here on every random stream is the one that a run of that seed begins with: what has
  /// happened stays, what comes is another course of events.
  virtual void reseed(std::uint64_t seed) = 0;
};

/// Follows a run event by event.
class RunWatch : public EventWatch {
 public:
  /// After each event, what the checks found in it included. A no ends the run at once, in order,
  /// with `interrupted` set.
  virtual bool after_event(World& world) = 0;
};

}  // namespace shardproof::sim
