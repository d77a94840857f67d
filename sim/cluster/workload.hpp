// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "sim/cluster/arrivals.hpp"
#include "sim/cluster/client_hub.hpp"
#include "sim/cluster/client_session.hpp"
#include "sim/cluster/key_space.hpp"
#include "sim/input/trace_reader.hpp"

namespace shardproof::sim {

/// One `[[traffic]]` at work: requests arrive in open loop, by a rate or from a trace; each is
/// issued by one of its clients that is idle, or waits in line. Latency counts from the arrival.
/// Where it reads from replicas, each client has a session; the read of a compare-and-swap goes to
/// the leader still, for one that is behind would only make the swap fail.
///
/// Streams, by number of the traffic: ("traffic", i, "arrivals" | "mix" | "keys" | "sizes" |
/// "steps").
class Workload final : public ClientOwner {
 public:
  Workload(std::uint32_t number, const TrafficSpec& spec, const CollectionSpec& collection,
           KeySpace& keys, Cluster& cluster, ClientHub& hub, Streams streams,
           std::optional<TraceReader> trace);

  /// Schedules the first arrival; the scenario begins now.
  void begin();
  /// Requests that have arrived and are not over.
  std::uint64_t outstanding() const { return outstanding_; }
  /// Lets go of what has arrived and no client has taken up. O(such requests).
  void drop_line();
  void visit_streams(StreamVisitor& visitor);

  void on_outcome(ClientId client, const message::ClientReply& reply) override;
  void on_wake(std::uint64_t word) override;

 private:
  struct Request {
    Instant intended;
    TrafficOperation kind = TrafficOperation::kRead;
    /// From a trace: the key's text and the size, if it has one.
    std::string key;
    std::optional<Bytes> size;
  };

  void schedule_at(Nanoseconds elapsed);
  void arrive();
  void issue(ClientId client, Request request);
  TrafficOperation draw_operation();
  OperationRef make_system_read();
  OperationRef make_operation(const Request& request, std::size_t slot);
  OperationRef make_read(DocumentRef document, std::size_t slot);
  OperationRef make_simple(OperationKind kind, DocumentRef document);
  OperationRef make_transaction(bool across_shards);
  /// Adds a step of the document of the first one: writes it once more, or removes it first and
  /// then inserts it.
  void write_twice(Operation& operation, std::uint64_t key);
  DocumentRef existing(const Request& request);
  DocumentRef written(const Request& request, bool is_new);
  Nanoseconds elapsed() const;

  std::uint32_t number_ = 0;
  const TrafficSpec& spec_;
  const CollectionSpec& collection_;
  KeySpace& keys_;
  Cluster& cluster_;
  ClientHub& hub_;
  Arrivals arrivals_;
  Random mix_;
  Random choice_;
  Random sizes_;
  Random steps_;
  KeyChooser chooser_;
  std::uint64_t mix_whole_ = 0;
  std::optional<TraceReader> trace_;
  std::optional<Request> next_from_trace_;
  std::vector<ClientId> clients_;
  /// Who has been idle for longest is next, so that all have their turn.
  std::deque<ClientId> idle_;
  std::deque<Request> line_;
  /// By client, from the first of this traffic on.
  std::vector<Request> current_;
  std::vector<bool> swap_read_;
  /// Empty where reads go to leaders.
  std::vector<ClientSession> sessions_;
  std::uint64_t next_content_ = 0;
  std::uint64_t outstanding_ = 0;
};

}  // namespace shardproof::sim
