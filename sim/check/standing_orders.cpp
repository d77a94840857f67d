// SPDX-License-Identifier: Apache-2.0
#include "sim/check/standing_orders.hpp"

#include <string>
#include <utility>

#include "core/base/humanise.hpp"
#include "sim/check/order_effects.hpp"
#include "sim/observe/order_text.hpp"

namespace shardproof::sim::check {

using message::AdminKind;

namespace {

bool stands(AdminKind kind) {
  switch (kind) {
    case AdminKind::BeginMaintenance:
    case AdminKind::EndMaintenance:
    case AdminKind::SetBalancing:
    case AdminKind::SetLimits:
    case AdminKind::SetPolicy:
    case AdminKind::SetReplication: return true;
    default: return false;
  }
}

}  // namespace

StandingOrders::Topic StandingOrders::topic_of(const message::AdminRequest& request) {
  switch (request.kind) {
    case AdminKind::BeginMaintenance:
    case AdminKind::EndMaintenance: return {AdminKind::EndMaintenance, request.node, {}};
    case AdminKind::EnableSharding:
    case AdminKind::SetReplication:
      return {AdminKind::SetReplication, {}, request.collection.full_name()};
    default: return {request.kind, {}, {}};
  }
}

void StandingOrders::on(const hook::Commanded& commanded, const At&) {
  const message::AdminRequest& request = *commanded.request;
  const CollectionConfig& named = request.collection;
  const bool shards_anew = request.kind == AdminKind::EnableSharding &&
                           oracle_.table().find_collection(named.database, named.name) != nullptr;
  if (shards_anew) standing_[topic_of(request)].is_sharded_anew = true;
  if (!stands(request.kind) || !given_.try_emplace(request.request, commanded.request).second) {
    return;
  }
  Standing& standing = standing_[topic_of(request)];
  ++standing.open;
  // The end of a maintenance waits for its beginning.
  const std::uint32_t in_turn = request.kind == AdminKind::EndMaintenance ? 2 : 1;
  standing.is_mixed |= standing.open > in_turn;
}

void StandingOrders::on(const fact::AdminEnded& ended, const At& at) {
  const auto found = given_.find(ended.request);
  if (found == given_.end() || found->second.is_done) return;
  Given& given = found->second;
  Standing& standing = standing_[topic_of(*given.request)];
  // What one coordinator refuses the next one may do.
  given.is_done = ended.outcome == message::AdminOutcome::Done;
  if (given.is_done) {
    standing.last = given.request;
    standing.done_at = at.true_time;
  }
  if (standing.is_mixed) standing.last = nullptr;
  if (!std::exchange(given.is_open, false)) return;
  if (--standing.open == 0) standing.is_mixed = false;
}

void StandingOrders::on(const hook::Settled&, const At& at) {
  for (const auto& [topic, standing] : standing_) {
    // A node that is to be in maintenance may have been drained since.
    const bool is_clear = standing.last != nullptr && standing.open == 0 &&
                          !standing.is_sharded_anew &&
                          standing.last->kind != AdminKind::BeginMaintenance;
    if (!is_clear) continue;
    evaluated();
    const std::string fault = missing_effect(oracle_.table(), *standing.last);
    if (fault.empty()) continue;
    report(
        at, {ShardId::none(), {standing.last->node}, {}},
        fmt::format("settled, and {} at {}, although the operator's command {} (\"{}\"), the last "
                    "about it, was done {} ago",
                    fault, oracle_.table().revision(), standing.last->request,
                    describe(*standing.last), human_duration(at.true_time - standing.done_at)));
  }
}

}  // namespace shardproof::sim::check
