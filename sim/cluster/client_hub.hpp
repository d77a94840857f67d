// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/cluster/cluster.hpp"
#include "sim/cluster/router_choice.hpp"
#include "sim/observe/history.hpp"

namespace shardproof::sim {

/// Whoever makes clients ask for things.
class ClientOwner {
 public:
  virtual ~ClientOwner() = default;
  /// The client's request is over: `reply.status` is final, and the client is idle.
  virtual void on_outcome(ClientId client, const message::ClientReply& reply) = 0;
  /// An event scheduled by `ClientHub::wake` is due.
  virtual void on_wake(std::uint64_t word) = 0;
};

/// The clients' sessions: each has one request outstanding at a time, sends it to a node chosen
/// anew for each attempt (see RouterChoice), and repeats it under the same request id, with growing
/// pauses, until it is answered for good or the attempts are used up. Then the outcome is Unknown
/// if it may have, or may yet have, an effect: an attempt was not answered, or one that was is on
/// its way once more.
///
/// Stream: ("client", id, "router").
class ClientHub final : public Inhabitant {
 public:
  /// `history` is told of every request and its end, and must outlive the hub.
  ClientHub(Cluster& cluster, const ClientSpec& spec, Streams streams, History& history);

  /// Ids are dense, in the order of the calls. The owner must outlive the hub.
  ClientId add_client(ClientOwner& owner);
  bool is_idle(ClientId client) const { return sessions_[client.value()].operation == nullptr; }
  /// The client must be idle.
  void issue(ClientId client, OperationRef operation);
  /// Calls `owner.on_wake(word)` at `at`. Owners are known by one of their clients.
  void wake(Instant at, ClientId client_of_owner, std::uint64_t word);
  /// Counts retries in the observer from here on.
  void on_message(Endpoint from, Endpoint to, Message& message) override;
  void on_event(const WorldEvent& event) override;
  void visit_streams(StreamVisitor& visitor);

 private:
  struct Session {
    Session(ClientOwner& owner_in, Random random_in) : owner(&owner_in), router(random_in) {}

    ClientOwner* owner;
    Random router;
    std::uint32_t sequence = 0;
    OperationRef operation;
    std::uint32_t attempts = 0;
    /// The last attempt.
    NodeId asked;
    Instant asked_at;
    Nanoseconds backoff;
    TimerHandle timer;
    bool may_have_effect = false;
  };
  enum Detail : std::uint8_t { kAttemptTimeout, kRetry, kWake };

  void record_question(ClientId client, const Operation& operation);
  /// The first collection of the same name: each that is sharded anew has a new id, and may go back
  /// to an earlier one. Names never change, so O(1) but for the first time.
  CollectionId first_of_its_name(CollectionId id);
  void attempt(ClientId client);
  void retry_or_give_up(ClientId client, ReplyStatus status);
  void finish(ClientId client, message::ClientReply reply);
  void set_timer(ClientId client, Detail detail, Nanoseconds delay);

  Cluster& cluster_;
  ClientSpec spec_;
  Streams streams_;
  History& history_;
  std::vector<Session> sessions_;
  RouterChoice router_choice_;
  std::vector<CollectionId> first_of_name_;  ///< by collection; none where not known yet
};

}  // namespace shardproof::sim
