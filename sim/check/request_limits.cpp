// SPDX-License-Identifier: Apache-2.0
#include "sim/check/request_limits.hpp"

#include "core/base/humanise.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

namespace {

/// A process that a fault has held up is behind with its timers for a while.
constexpr Nanoseconds kCalm = seconds(2);

}  // namespace

void RequestLimits::on(const fact::RequestRouted& routed, const At& at) {
  if (routed.asked_at == Instant::never()) return;
  if (oracle_.faults_active() != 0 || at.true_time - oracle_.calm_since() < kCalm) return;
  evaluated();
  const Timing& timing = oracle_.config().longest;
  // It looks at the time whenever it would try again.
  const Nanoseconds pause = timing.retry_backoff * 2;
  const Nanoseconds age = at.local_time - routed.asked_at;
  if (age <= timing.request_timeout + pause) return;
  if (at.node.value() >= late_.size()) late_.resize(at.node.value() + 1);
  Late& late = late_[at.node.value()];
  const bool is_old = late.incarnation != at.incarnation || late.at == Instant::never() ||
                      at.true_time - late.at > timing.request_timeout + pause * 4;
  if (is_old) late = {routed.request, at.incarnation, at.true_time};
  if (late.request != routed.request) return;
  if (at.true_time - late.at <= pause * 2) return;
  report(
      at, {routed.shard, {at.node, routed.target}, {}},
      fmt::format("{} sends {} ({}, {}) to {} {} after it was asked, where the client is to have "
                  "an answer after {}",
                  at.node, routed.request, operation_text(*routed.operation), routed.shard,
                  routed.target, human_duration(age), human_duration(timing.request_timeout)));
}

}  // namespace shardproof::sim::check
