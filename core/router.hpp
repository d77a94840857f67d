// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "core/scan_gather.hpp"
#include "core/step.hpp"
#include "core/unknown_collections.hpp"

namespace shardproof {

/// Routes client operations from any node to the leader of their shard, and answers the client.
///
/// A try that is refused as retryable, or not answered in time, is repeated, to whoever the table
/// names by then, under the same request id. After `request_timeout` the client is told Unknown if
/// a write was sent at all, for the network may deliver a copy of a try after another copy was
/// refused; otherwise Unavailable. Operations that can never be right are refused before anything
/// is sent: no such collection (by a table read since the request came), a missing or unfit shard
/// key field, a transaction across shards. An operation on a collection that has a successor goes
/// there, also one on its way; a write that has no place there is the leader's to refuse, who knows
/// whether it took effect before. A read that allows it goes to a replica first, and to the leader
/// if that one refuses or is silent. Draws nothing.
class Router {
 public:
  void on_client_request(Endpoint client, const message::ClientRequest& request, Step& step);
  void on_shard_reply(NodeId from, const message::ShardReply& reply, Step& step);
  /// The table's record of this shard has changed: waiting tries go to its leader at once.
  void on_shard_change(ShardId shard, Step& step);
  /// The table has been read from the metadata store, and adopted.
  void on_table_read(Step& step);
  /// TimerKind::Router: deadlines, retries.
  void on_timer(Step& step);

 private:
  /// One operation on one shard, on its way.
  struct Route {
    RequestId request;
    Endpoint client;
    OperationRef operation;
    ShardId shard;
    /// Ticket of the gather that this is a part of, or 0.
    std::uint64_t gather = 0;
    Instant asked_at;
    Instant next_try;
    Nanoseconds backoff;
    /// The epoch of the last try, and whether it waits for its answer.
    Epoch epoch;
    bool is_waiting = false;
    /// At least one try has left.
    bool was_sent = false;
    /// The last try went where a read need not be the latest; and such a one was refused or not
    /// answered, so that only the leader is asked.
    bool to_replica = false;
    bool refused_by_replica = false;
  };

  /// The shard whose leader is to be asked, also about an operation that only it can tell whether
  /// it took effect before.
  Result<ShardId, ReplyStatus> find_shard(const Operation& operation,
                                          const CollectionConfig& collection,
                                          const Step& step) const;
  void refuse(Endpoint client, const message::ClientRequest& request, ReplyStatus status,
              Step& step);
  void start_gather(Endpoint client, const message::ClientRequest& request,
                    const CollectionConfig& collection, Step& step);
  void route_parts(std::uint64_t gather, const CollectionConfig& collection, Step& step);
  void forget_parts(std::uint64_t gather);
  void redirect(ShardId retired, Step& step);
  void redirect_route(std::uint64_t ticket, const CollectionConfig& collection, Step& step);
  void start_route(Route route, Step& step);
  void route_part(std::uint64_t gather, ShardId shard, Step& step);
  void send_try(std::uint64_t ticket, Route& route, Step& step);
  void retry_later(Route& route, Step& step);
  void finish(std::uint64_t ticket, ReplyStatus status, VersionedDocument result, SessionMark seen,
              Step& step);
  void finish_gather(std::uint64_t ticket, Step& step);
  void add_part(std::uint64_t ticket, const message::ShardReply& reply, Step& step);
  void arm_timer(Step& step);

  /// By ticket, which rises: the oldest first.
  std::map<std::uint64_t, Route> routes_;
  std::map<std::uint64_t, ScanGather> gathers_;
  UnknownCollections unknown_;
  std::uint64_t next_ticket_ = 1;
  bool timer_armed_ = false;
};

}  // namespace shardproof
