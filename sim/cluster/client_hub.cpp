// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/client_hub.hpp"

#include <algorithm>

#include "core/sharding_collection.hpp"
#include "sim/observe/grown.hpp"

namespace shardproof::sim {

namespace {

/// For how many times the patience of an attempt a node that does not answer is left alone: one
/// client of all loses an attempt to a dead node as often as that.
constexpr std::int64_t kAvoidTimeouts = 5;

/// Whether a node that answers so is of use. One that is cut off from the others says after a while
/// that it cannot help: it is no better than a dead one.
bool is_of_use(ReplyStatus status) {
  return status != ReplyStatus::Unavailable && status != ReplyStatus::ScanIncomplete &&
         status != ReplyStatus::Unknown;
}

}  // namespace

ClientHub::ClientHub(Cluster& cluster, const ClientSpec& spec, Streams streams, History& history)
    : cluster_(cluster),
      spec_(spec),
      streams_(streams),
      history_(history),
      router_choice_(spec.request_timeout * kAvoidTimeouts) {}

ClientId ClientHub::add_client(ClientOwner& owner) {
  const auto id = static_cast<std::uint32_t>(sessions_.size());
  sessions_.emplace_back(owner, streams_.stream("client", id, "router"));
  return ClientId(id);
}

void ClientHub::visit_streams(StreamVisitor& visitor) {
  visitor.on_source(streams_);
  for (std::size_t id = 0; id < sessions_.size(); ++id) {
    visitor.on_stream("client", id, "router", sessions_[id].router);
  }
}

void ClientHub::wake(Instant at, ClientId client_of_owner, std::uint64_t word) {
  WorldEvent event;
  event.kind = EventKind::Client;
  event.detail = kWake;
  event.from = event.to = Endpoint::client(client_of_owner);
  event.word = word;
  cluster_.schedule(at, event);
}

void ClientHub::set_timer(ClientId client, Detail detail, Nanoseconds delay) {
  WorldEvent event;
  event.kind = EventKind::Client;
  event.detail = detail;
  event.from = event.to = Endpoint::client(client);
  sessions_[client.value()].timer = cluster_.schedule(cluster_.now() + delay, event);
}

void ClientHub::issue(ClientId client, OperationRef operation) {
  Session& session = sessions_[client.value()];
  SHARDPROOF_CHECK(session.operation == nullptr, "{} is busy", client);
  session.sequence += 1;
  session.operation = std::move(operation);
  session.attempts = 0;
  session.backoff = spec_.retry_backoff;
  session.may_have_effect = false;
  cluster_.checks().on_invoke({client, session.sequence}, session.operation,
                              cluster_.at(NodeId::none()));
  if (history_.is_recording()) record_question(client, *session.operation);
  attempt(client);
}

void ClientHub::record_question(ClientId client, const Operation& operation) {
  // What the sharding collection says of itself changes without a client's doing.
  if (operation.collection == kShardingCollection) return;
  const check::At at = cluster_.at(NodeId::none());
  history_.on_ask({client, sessions_[client.value()].sequence}, operation,
                  first_of_its_name(operation.collection), at.true_time, at.event);
}

CollectionId ClientHub::first_of_its_name(CollectionId id) {
  const auto index = static_cast<std::size_t>(id.value());
  if (index < first_of_name_.size() && first_of_name_[index].has_value()) {
    return first_of_name_[index];
  }
  const ShardTable& table = cluster_.committed();
  const CollectionConfig* collection = table.find_collection(id);
  if (collection == nullptr) return id;
  const auto& all = table.collections();
  const auto first = std::find_if(all.begin(), all.end(), [&](const CollectionConfig& other) {
    return other.name == collection->name && other.database == collection->database;
  });
  return grown(first_of_name_, index) = first->id;
}

void ClientHub::attempt(ClientId client) {
  Session& session = sessions_[client.value()];
  if (session.attempts > 0 && cluster_.has_begun()) cluster_.observer().on_client_retry();
  session.attempts += 1;
  session.asked_at = cluster_.now();
  session.asked = router_choice_.choose(cluster_.machine_count(), session.asked_at, session.router);
  cluster_.send(Endpoint::client(client), Endpoint::node(session.asked),
                message::ClientRequest{{client, session.sequence}, session.operation});
  set_timer(client, kAttemptTimeout, spec_.request_timeout);
}

void ClientHub::on_message(Endpoint from, Endpoint to, Message& message) {
  auto* reply = std::get_if<message::ClientReply>(&message);
  if (reply == nullptr) return;
  if (is_of_use(reply->status)) router_choice_.on_answer(from.as_node(), cluster_.now());
  const ClientId client = to.as_client();
  Session& session = sessions_[client.value()];
  if (session.operation == nullptr || reply->request.sequence != session.sequence) return;
  cluster_.cancel(session.timer);
  if (reply->status == ReplyStatus::Unknown) session.may_have_effect = true;
  const bool ends_try_only = is_retryable(reply->status) || reply->status == ReplyStatus::DiskFull;
  if (ends_try_only || reply->status == ReplyStatus::Unknown) {
    return retry_or_give_up(client, reply->status);
  }
  finish(client, std::move(*reply));
}

void ClientHub::retry_or_give_up(ClientId client, ReplyStatus status) {
  Session& session = sessions_[client.value()];
  if (session.attempts < spec_.attempts) {
    set_timer(client, kRetry, session.backoff);
    session.backoff = std::min(session.backoff * 2, spec_.retry_backoff_max);
    return;
  }
  // Where messages are doubled, an answer may be that to a copy, or to an earlier attempt: what has
  // become of the other one, nobody has said.
  const bool may_be_a_copys = is_retryable(status) && cluster_.network().counters().duplicated > 0;
  const bool may_have_effect = session.may_have_effect || may_be_a_copys;
  message::ClientReply reply;
  reply.request = {client, session.sequence};
  const bool unknown = may_have_effect && is_write(session.operation->kind);
  reply.status = unknown || status == ReplyStatus::Unknown ? ReplyStatus::Unknown : status;
  finish(client, std::move(reply));
}

void ClientHub::finish(ClientId client, message::ClientReply reply) {
  Session& session = sessions_[client.value()];
  session.operation.reset();
  const check::At at = cluster_.at(NodeId::none());
  cluster_.checks().on_reply(reply, at);
  history_.on_answer(reply, at.true_time, at.event);
  session.owner->on_outcome(client, reply);
}

void ClientHub::on_event(const WorldEvent& event) {
  const ClientId client = event.to.as_client();
  Session& session = sessions_[client.value()];
  switch (event.detail) {
    case kAttemptTimeout:
      session.may_have_effect = true;
      router_choice_.on_silence(session.asked, session.asked_at, cluster_.now());
      return retry_or_give_up(client, ReplyStatus::Unavailable);
    case kRetry: return attempt(client);
    default: return session.owner->on_wake(event.word);
  }
}

}  // namespace shardproof::sim
