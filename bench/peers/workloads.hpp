// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/units.hpp"
#include "sim/kernel/trace_digest.hpp"

namespace shardproof::peers {

/// The two programs that every engine runs. An engine is a class with
///     void send(Nanoseconds delay, const Event& event);   // schedule one event from now
///     Instant now();
/// and calls `program.on_event(engine, event)` for each event that it delivers. All draws come from
/// the program's own streams, so every engine that orders events the same way has the same trace.

/// An exponential distance with the given mean.
inline Nanoseconds exponential(Random& random, std::int64_t mean_ns) {
  return Nanoseconds(multiply_q32(random.exponential_q32(), mean_ns));
}

/// The hold model: `pending` events, each of which schedules one more (Jones, "An empirical
/// comparison of priority-queue and event-set implementations", CACM 29(4), 1986).
class HoldModel {
 public:
  struct Event {
    std::uint64_t id = 0;
  };

  explicit HoldModel(std::size_t pending) : pending_(pending) {}

  template <typename Engine>
  void start(Engine& engine) {
    for (std::size_t i = 0; i < pending_; ++i) engine.send(next_delay(), Event{i});
  }

  template <typename Engine>
  void on_event(Engine& engine, const Event& event) {
    engine.send(next_delay(), event);
  }

  void prefetch(const Event&) const {}

  static void fold(sim::TraceDigest& digest, Instant now, const Event& event) {
    digest.fold(now, 0, event.id, 0);
  }

 private:
  Nanoseconds next_delay() { return exponential(random_, kMeanNs); }

  static constexpr std::int64_t kMeanNs = 1'000'000'000;
  std::size_t pending_;
  Random random_{1};
};

/// Nodes of 4 KiB state that ask each other to read and write slots: a state machine each,
/// dispatched by a switch on the kind of message; one message in flight per node.
class MessageModel {
 public:
  enum class Kind : std::uint32_t { kRead, kWrite, kForward, kReply };

  struct Event {
    Kind kind = Kind::kRead;
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    std::uint32_t slot = 0;
    std::uint64_t value = 0;
  };

  explicit MessageModel(std::size_t nodes) : nodes_(nodes) {}

  template <typename Engine>
  void start(Engine& engine) {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) request(engine, i);
  }

  template <typename Engine>
  void on_event(Engine& engine, const Event& event) {
    Node& node = nodes_[event.target];
    ++node.received;
    switch (event.kind) {
      case Kind::kRead: return answer(engine, event, node.slots[event.slot]);
      case Kind::kWrite:
        node.slots[event.slot] += event.value;
        return answer(engine, event, node.slots[event.slot]);
      case Kind::kForward: return forward(engine, event);
      case Kind::kReply: node.last_answer ^= event.value; return request(engine, event.target);
    }
  }

  /// Asks the cache for the state that an event will touch, for engines that know what comes next.
  void prefetch(const Event& event) const {
    const Node& node = nodes_[event.target];
    __builtin_prefetch(&node);
    __builtin_prefetch(&node.slots[event.slot]);
  }

  static void fold(sim::TraceDigest& digest, Instant now, const Event& event) {
    const auto kind = static_cast<std::uint64_t>(event.kind);
    const std::uint64_t path = std::uint64_t{event.source} << 32 | event.target;
    digest.fold(now, kind << 32 | event.slot, path, event.value);
  }

 private:
  static constexpr std::size_t kSlots = 506;
  static constexpr std::int64_t kMeanNs = 1'000'000'000;

  struct alignas(64) Node {
    Random random{0};
    std::uint64_t received = 0;
    std::uint64_t last_answer = 0;
    std::array<std::uint64_t, kSlots> slots{};
  };
  static_assert(sizeof(Node) == 4096);

  template <typename Engine>
  void request(Engine& engine, std::uint32_t source) {
    Random& random = nodes_[source].random;
    const std::uint64_t draw = random.next() ^ source;
    Event event;
    event.kind = static_cast<Kind>(draw % 3);
    event.source = source;
    event.target = static_cast<std::uint32_t>((draw >> 8) % nodes_.size());
    event.slot = static_cast<std::uint32_t>((draw >> 32) % kSlots);
    event.value = draw;
    send(engine, event);
  }

  template <typename Engine>
  void forward(Engine& engine, const Event& event) {
    Event onward = event;
    onward.kind = Kind::kRead;
    onward.target = static_cast<std::uint32_t>((event.target + event.value) % nodes_.size());
    send(engine, onward);
  }

  template <typename Engine>
  void answer(Engine& engine, const Event& event, std::uint64_t value) {
    send(engine, Event{Kind::kReply, event.target, event.source, event.slot, value});
  }

  template <typename Engine>
  void send(Engine& engine, const Event& event) {
    engine.send(exponential(delays_, kMeanNs), event);
  }

  std::vector<Node> nodes_;
  Random delays_{2};
};

}  // namespace shardproof::peers
