// SPDX-License-Identifier: Apache-2.0
#include "sim/check/replica_retries.hpp"

namespace shardproof::sim::check {
namespace {

/// A request that the network has doubled is as many requests to the router, for a clock that is
/// set back even of the same time.
constexpr std::uint32_t kTimesMax = 3;

}  // namespace

void ReplicaRetries::on(const fact::RequestRouted& routed, const At& at) {
  if (routed.operation->read_from != ReadFrom::Replica) return;
  const ShardInfo* info = oracle_.table().find_shard(routed.shard);
  const Revision record = oracle_.table().modified({RecordKind::Shard, routed.shard.value()});
  // By an older record another may have led.
  if (info == nullptr || record > routed.revision || info->leader == routed.target) return;
  evaluated();
  const Asked now{at.incarnation, routed.asked_at, record};
  Asked& asked = asked_[{routed.request, at.node, routed.shard}];
  if (!asked.is_same(now)) asked = now;
  if (asked.last == at.true_time) return;
  asked.last = at.true_time;
  asked.times += 1;
  if (asked.times <= kTimesMax) return;
  report(at, {routed.shard, {at.node, routed.target}, {info->epoch}},
         fmt::format("{} sends {} for {} to {}, a replica, although replicas have had it {} times "
                     "from there without an answer and {} leads",
                     at.node, routed.request, routed.shard, routed.target, asked.times - 1,
                     info->leader));
}

void ReplicaRetries::on(const hook::Replied& replied, const At&) {
  const RequestId request = replied.reply.request;
  const auto first = asked_.lower_bound({request, NodeId(0), ShardId(0)});
  auto last = first;
  while (last != asked_.end() && std::get<0>(last->first) == request) ++last;
  asked_.erase(first, last);
}

}  // namespace shardproof::sim::check
