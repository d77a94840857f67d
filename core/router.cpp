// SPDX-License-Identifier: Apache-2.0
#include "core/router.hpp"

#include <algorithm>

#include "core/read_target.hpp"
#include "core/shard_key.hpp"
#include "core/sharding_collection.hpp"
#include "core/table_watcher.hpp"

namespace shardproof {

void Router::refuse(Endpoint client, const message::ClientRequest& request, ReplyStatus status,
                    Step& step) {
  step.effects.fact(fact::RequestRefused{request.request, status, request.operation});
  step.effects.send(client, message::ClientReply{request.request, status, {}, nullptr});
}

Result<ShardId, ReplyStatus> Router::find_shard(const Operation& operation,
                                                const CollectionConfig& collection,
                                                const Step& step) const {
  const bool is_checked = step.config.rules.is_on(Rule::TransactionsChecked);
  if (operation.kind == OperationKind::Transaction && !is_checked && !operation.steps.empty()) {
    return route(collection, *operation.steps.front().document);
  }
  const auto routed = route(collection, operation);
  const bool may_have_effect = is_write(operation.kind) && operation.collection != collection.id;
  if (routed || !may_have_effect) return routed;
  // It may be a retry of what took effect in the collection before this one: each shard knows of
  // that.
  if (!operation.document) return collection.first_shard;
  const auto of_document = route(collection, *operation.document);
  return of_document ? *of_document : collection.first_shard;
}

void Router::on_client_request(Endpoint client, const message::ClientRequest& request, Step& step) {
  const Operation& operation = *request.operation;
  if (operation.collection == kShardingCollection) {
    return answer_from_sharding_collection(client, request, step);
  }
  const CollectionConfig* collection = step.table.find_serving_collection(operation.collection);
  if (collection == nullptr) {
    step.effects.hit(Probe::CollectionNotKnownYet);
    // It may have been created since this table was read.
    unknown_.add(client, request, step);
    on_table_read(step);
    return arm_timer(step);
  }
  if (operation.kind == OperationKind::Scan || operation.kind == OperationKind::Count) {
    return start_gather(client, request, *collection, step);
  }
  const auto shard = find_shard(operation, *collection, step);
  if (!shard) return refuse(client, request, shard.error(), step);
  Route route;
  route.request = request.request;
  route.client = client;
  route.operation = request.operation;
  route.shard = *shard;
  route.asked_at = step.now;
  start_route(std::move(route), step);
}

void Router::on_table_read(Step& step) {
  if (unknown_.empty()) return;
  for (const UnknownCollections::Waiting& waiting : unknown_.take_covered(step)) {
    const CollectionId collection = waiting.request.operation->collection;
    if (step.table.find_serving_collection(collection) != nullptr) {
      on_client_request(waiting.client, waiting.request, step);
    } else {
      refuse(waiting.client, waiting.request, ReplyStatus::NoSuchCollection, step);
    }
  }
}

void Router::start_route(Route route, Step& step) {
  route.backoff = step.config.timing.retry_backoff;
  const std::uint64_t ticket = next_ticket_++;
  Route& stored = routes_.emplace_hint(routes_.end(), ticket, std::move(route))->second;
  send_try(ticket, stored, step);
  arm_timer(step);
}

void Router::start_gather(Endpoint client, const message::ClientRequest& request,
                          const CollectionConfig& collection, Step& step) {
  const std::uint64_t gather = next_ticket_++;
  gathers_.emplace(gather, ScanGather(request, client, collection, step.now));
  route_parts(gather, collection, step);
}

void Router::route_parts(std::uint64_t gather, const CollectionConfig& collection, Step& step) {
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    route_part(gather, ShardId(collection.first_shard.value() + i), step);
  }
}

void Router::route_part(std::uint64_t gather, ShardId shard, Step& step) {
  const ScanGather& scan = gathers_.at(gather);
  Route route;
  route.request = scan.request().request;
  route.client = scan.client();
  route.operation = scan.request().operation;
  route.shard = shard;
  route.gather = gather;
  route.asked_at = scan.asked_at();
  start_route(std::move(route), step);
}

void Router::send_try(std::uint64_t ticket, Route& route, Step& step) {
  const ShardInfo* info = step.table.find_shard(route.shard);
  if (info == nullptr || info->leader.is_none()) return retry_later(route, step);
  route.to_replica = !route.refused_by_replica && may_ask_replica(*route.operation, *info);
  const NodeId target =
      route.to_replica ? read_target(*info, route.request, step.self()) : info->leader;
  route.epoch = info->epoch;
  route.is_waiting = true;
  route.was_sent = true;
  const Nanoseconds patience = step.config.timing.resend_after;
  route.next_try = step.now + (route.to_replica ? patience : patience * 5);
  step.effects.fact(fact::RequestRouted{route.request, route.shard, target, step.table.revision(),
                                        route.operation, route.asked_at});
  step.effects.send(Endpoint::node(target),
                    message::ShardRequest{ticket, route.shard, info->epoch, step.table.revision(),
                                          route.request, route.operation});
}

void Router::retry_later(Route& route, Step& step) {
  route.is_waiting = false;
  route.next_try = step.now + route.backoff;
  if (!step.config.rules.is_on(Rule::RetriesBackOff)) return;
  route.backoff = std::min(route.backoff * 2, step.config.timing.retry_backoff * 16);
}

void Router::on_shard_reply(NodeId, const message::ShardReply& reply, Step& step) {
  step.watcher.want(reply.revision, step);
  const auto it = routes_.find(reply.ticket);
  if (it == routes_.end()) return;
  Route& route = it->second;
  // The ticket may be that of another request, from before a restart.
  if (reply.request != route.request || reply.shard != route.shard) return;
  if (is_retryable(reply.status)) {
    if (!route.is_waiting) return;
    if (!route.to_replica) return retry_later(route, step);
    step.effects.hit(Probe::ReplicaRefusesRead);
    // The leader can answer what a replica may not.
    route.refused_by_replica = true;
    return send_try(it->first, route, step);
  }
  if (route.gather != 0) return add_part(it->first, reply, step);
  finish(it->first, reply.status, reply.result, {reply.shard, reply.applied}, step);
}

void Router::add_part(std::uint64_t ticket, const message::ShardReply& reply, Step& step) {
  const std::uint64_t gather = routes_.at(ticket).gather;
  routes_.erase(ticket);
  ScanGather& scan = gathers_.at(gather);
  scan.add(reply.part, reply.epoch);
  if (!scan.is_complete()) return;
  const std::vector<ShardId> outdated = scan.forget_outdated(step.table);
  for (const ShardId shard : outdated) {
    step.effects.hit(Probe::ScanPartOutdated);
    route_part(gather, shard, step);
  }
  if (outdated.empty()) finish_gather(gather, step);
}

void Router::finish(std::uint64_t ticket, ReplyStatus status, VersionedDocument result,
                    SessionMark seen, Step& step) {
  const auto it = routes_.find(ticket);
  const Route& route = it->second;
  step.effects.send(route.client,
                    message::ClientReply{route.request, status, std::move(result), nullptr, seen});
  routes_.erase(it);
}

void Router::finish_gather(std::uint64_t ticket, Step& step) {
  const auto it = gathers_.find(ticket);
  const ScanGather& scan = it->second;
  ScanResultRef result = scan.result(step.table.revision());
  const bool complete = scan.is_complete() || !step.config.rules.is_on(Rule::ScanNeedsEveryShard);
  if (complete) {
    step.effects.fact(fact::ScanCompleted{
        scan.request().request, scan.request().operation->collection, result, scan.epochs()});
  }
  const ReplyStatus status = complete ? ReplyStatus::Ok : ReplyStatus::ScanIncomplete;
  step.effects.send(scan.client(),
                    message::ClientReply{scan.request().request, status, {}, std::move(result)});
  gathers_.erase(it);
  forget_parts(ticket);
}

void Router::forget_parts(std::uint64_t gather) {
  std::erase_if(routes_, [&](const auto& entry) { return entry.second.gather == gather; });
}

void Router::redirect(ShardId retired, Step& step) {
  std::vector<std::uint64_t> tickets;
  for (const auto& [ticket, route] : routes_) {
    if (route.shard == retired) tickets.push_back(ticket);
  }
  for (const std::uint64_t ticket : tickets) {
    const auto found = routes_.find(ticket);
    // The first part of a gather begins the whole of it anew: the others are gone.
    if (found == routes_.end()) continue;
    step.effects.hit(Probe::RequestRedirectedToSuccessor);
    const Route& route = found->second;
    const CollectionConfig& collection =
        *step.table.find_serving_collection(route.operation->collection);
    if (route.gather == 0) {
      redirect_route(ticket, collection, step);
      continue;
    }
    const std::uint64_t gather = route.gather;
    ScanGather& scan = gathers_.at(gather);
    scan = ScanGather(scan.request(), scan.client(), collection, scan.asked_at());
    forget_parts(gather);
    route_parts(gather, collection, step);
  }
}

void Router::redirect_route(std::uint64_t ticket, const CollectionConfig& collection, Step& step) {
  Route& route = routes_.at(ticket);
  const auto shard = find_shard(*route.operation, collection, step);
  if (shard) {
    route.shard = *shard;
    return send_try(ticket, route, step);
  }
  step.effects.fact(fact::RequestRefused{route.request, shard.error(), route.operation});
  finish(ticket, shard.error(), {}, {}, step);
}

void Router::on_shard_change(ShardId shard, Step& step) {
  if (step.table.find_shard(shard)->status == ShardStatus::Retired) return redirect(shard, step);
  for (auto& [ticket, route] : routes_) {
    if (route.shard != shard) continue;
    const ShardInfo* info = step.table.find_shard(shard);
    const bool sent_to_old_epoch = route.is_waiting && info->epoch > route.epoch;
    if (sent_to_old_epoch || !route.is_waiting) send_try(ticket, route, step);
  }
}

void Router::on_timer(Step& step) {
  timer_armed_ = false;
  std::vector<std::uint64_t> expired;
  std::vector<std::uint64_t> failed_gathers;
  for (auto& [ticket, route] : routes_) {
    const Instant deadline = route.asked_at + step.config.timing.request_timeout;
    if (step.now >= deadline && step.config.rules.is_on(Rule::RetriesBackOff)) {
      if (route.gather != 0) {
        failed_gathers.push_back(route.gather);
      } else {
        expired.push_back(ticket);
      }
    } else if (step.now >= route.next_try || step.fires(FaultPoint::RequestRepeated)) {
      if (route.to_replica) route.refused_by_replica = true;
      send_try(ticket, route, step);
    }
  }
  for (const UnknownCollections::Waiting& waiting : unknown_.take_expired(step.now)) {
    step.effects.send(
        waiting.client,
        message::ClientReply{waiting.request.request, ReplyStatus::Unavailable, {}, nullptr});
  }
  for (const std::uint64_t ticket : expired) {
    const Route& route = routes_.at(ticket);
    const bool unknown = route.was_sent && is_write(route.operation->kind);
    if (unknown) step.effects.hit(Probe::WriteOutcomeUnknown);
    finish(ticket, unknown ? ReplyStatus::Unknown : ReplyStatus::Unavailable, {}, {}, step);
  }
  for (const std::uint64_t gather : failed_gathers) {
    if (gathers_.count(gather) != 0) finish_gather(gather, step);
  }
  arm_timer(step);
}

void Router::arm_timer(Step& step) {
  if (timer_armed_ || (routes_.empty() && unknown_.empty())) return;
  timer_armed_ = true;
  step.effects.set_timer(TimerKind::Router, step.config.timing.retry_backoff);
}

}  // namespace shardproof
