// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <variant>
#include <vector>

#include "core/messages.hpp"
#include "sim/endpoint_set.hpp"
#include "sim/faults.hpp"
#include "sim/kernel/stream_visitor.hpp"
#include "sim/scenario/spec.hpp"
#include "sim/topology.hpp"

namespace shardproof::sim {

/// When a message arrives: never (lost or cut), once, or twice (duplicated).
class Deliveries {
 public:
  struct Copy {
    Instant at;
    /// Drawn for a copy whose payload is spoilt on the way; zero for one that stays as it is.
    std::uint64_t damage = 0;
  };

  void add(Instant at, std::uint64_t damage = 0) { copies_[count_++] = {at, damage}; }
  const Copy* begin() const { return copies_.data(); }
  const Copy* end() const { return copies_.data() + count_; }
  std::size_t size() const { return count_; }

 private:
  std::array<Copy, 2> copies_{};
  std::uint8_t count_ = 0;
};

/// Trouble on the way from one set of endpoints to another, and back too unless `one_way`. It ends
/// by `heal`. A message to oneself knows no trouble.
struct PathFault {
  EndpointSet from;
  EndpointSet to;
  bool one_way = false;
  /// Nothing passes: a partition.
  bool cut = false;
  /// What arrives is to wait until the fault ends: a clog.
  bool holds = false;
  Ratio loss{0, 1};
  /// Delays take so many times longer, at least 1.
  Ratio slowdown{1, 1};
  /// Comes on top of a message's delay, drawn for each from the sender's stream.
  DelayDistribution extra;
  /// Bit i: meant are messages of alternative i of `Message`.
  std::uint64_t kinds = ~std::uint64_t{0};
};

/// Everything that an endpoint sends or receives takes so many times longer, at least 1, interface
/// included.
struct Slowdown {
  Endpoint endpoint;
  Ratio factor{1, 1};
};

/// What has become of the messages. A message ends as delivered (each copy of it), lost, cut or
/// overflowed, or is still in flight.
struct NetworkCounters {
  struct Kind {
    std::uint64_t messages = 0;
    Bytes bytes;
  };

  std::uint64_t sent = 0;
  std::uint64_t duplicated = 0;  ///< second copies
  std::uint64_t delivered = 0;
  std::uint64_t lost = 0;
  std::uint64_t cut = 0;         ///< by a partition, at sending or on arrival
  std::uint64_t overflowed = 0;  ///< by the finite queue of an interface
  Bytes bytes_sent;
  /// What was sent, by alternative of `Message`.
  std::array<Kind, std::variant_size_v<Message>> by_kind{};
};

/// Decides when and whether a message arrives; scheduling it is the caller's.
///
/// Delay = the latency of every message + that of the links on the way, each drawn, + waiting and
/// transmission at limited resources. Limited are the sender's interface, each link of the
/// topology, and the receiver's interface. Each carries messages one after another in the order of
/// sending and is reserved at the moment of sending; they work on a message at the same time
/// (cut-through), so it waits for the slowest of them, not for their sum. This keeps each at its
/// rate and lets nobody wait for a message that is not there yet, for O(1) and one event per
/// message.
///
/// A partition also catches what is in flight when it begins: `admit` is asked on arrival. Messages
/// of a node that crashed stay in flight.
///
/// Corruption flips bits of a message. A checksum covers everything but the documents of a copy
/// stream: the receiver throws away what does not fit, which counts as lost. Of a copy stream a
/// document arrives changed, and it is for the stream's own digests to tell.
///
/// Streams, by sender: ("network", Endpoint::raw(), "delay" | "loss" | "duplication" |
/// "corruption"). Constant delays and certain or impossible chances draw nothing.
class Network {
 public:
  /// `spec.links` must be in `topology` already.
  Network(const NetworkSpec& spec, Topology topology, Streams streams);

  /// Makes a node known; ids are dense and come in order. `bandwidth` is that of its interface, in
  /// each direction.
  void add_node(NodeId node, DomainPath domain, Bandwidth bandwidth);
  /// Where clients and operators, or the metadata store, are; by default everywhere.
  void place_clients(DomainPath domain);
  void place_metadata(DomainPath domain);

  /// What becomes of a message of `size` sent now. `kind` is its alternative. Calls come in order
  /// of `now`. O(1), plus O(path faults).
  Deliveries plan(Instant now, Endpoint from, Endpoint to, Bytes size, std::size_t kind);
  /// Called when a message arrives; false if a partition has caught it on the way. O(path faults).
  bool admit(Endpoint from, Endpoint to, std::size_t kind);
  /// Whether a partition lies on the way. Counts nothing.
  bool is_cut(Endpoint from, Endpoint to, std::size_t kind) const;
  /// Whether a message that arrives now is to wait. It is to be asked about again when a fault has
  /// ended. O(path faults).
  bool is_held(Endpoint from, Endpoint to, std::size_t kind) const;

  FaultId add(PathFault fault);
  FaultId add(Slowdown fault);
  /// Other settings of the whole network; of several, the newest that has the field counts.
  FaultId add(const NetworkAction& fault);
  /// Ends a fault; false if it has ended before.
  bool heal(FaultId id);
  /// From now on the network's own settings lose and duplicate nothing either.
  void heal_settings();

  const NetworkCounters& counters() const { return counters_; }
  /// By sender: nodes, clients, metadata store, operator.
  void visit_streams(StreamVisitor& visitor);
  Topology& topology() { return topology_; }

 private:
  struct Port {
    /// When the last message so far is through, in each direction.
    Instant out_busy_until;
    Instant in_busy_until;
    Bandwidth bandwidth;
    SiteId site = kEverywhere;
    Ratio slowdown{1, 1};
    Random delay;
    Random loss;
    Random duplication;
    Random corruption;
  };
  using Fault = std::variant<PathFault, Slowdown, NetworkAction>;

  Port make_port(Endpoint endpoint, SiteId site, Bandwidth bandwidth) const;
  void grow_clients(Endpoint endpoint);
  Port& port(Endpoint endpoint);
  /// Queues a message at an interface; `through` becomes no earlier than its end. False if it
  /// overflows.
  bool pass_interface(const Port& port, Instant& busy_until, Instant now, Bytes size,
                      Instant& through);
  void pass_link(LinkId id, Instant now, Bytes size, Instant& through);
  /// What path faults and slow ends do to a delay.
  struct Stretch {
    Ratio factor{1, 1};
    Nanoseconds extra;
  };
  Stretch stretch(Endpoint from, Endpoint to, std::size_t kind);
  /// Brings one copy from the sender's interface, left at `departure`, to the receiver.
  void carry(Instant now, Instant departure, Port& sender, Port& receiver, Bytes size,
             Stretch stretch, std::size_t kind, Deliveries& deliveries);
  Ratio path_loss(Endpoint from, Endpoint to, std::size_t kind) const;
  void refresh();
  void refresh_settings(const NetworkAction& action);

  NetworkSpec base_;
  NetworkSpec current_;
  Topology topology_;
  Streams streams_;
  std::vector<Port> nodes_;
  std::vector<Port> clients_;
  SiteId client_site_ = kEverywhere;
  Port metadata_;
  Port operator_console_;
  /// By link: when the last message so far is through.
  std::vector<Instant> link_busy_until_;
  ActiveFaults<Fault> faults_;
  /// The path faults among `faults_`.
  std::vector<PathFault> path_faults_;
  NetworkCounters counters_;
};

}  // namespace shardproof::sim
