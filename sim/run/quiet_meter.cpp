// SPDX-License-Identifier: Apache-2.0
#include "sim/run/quiet_meter.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "core/storage/disk_lane.hpp"
#include "sim/scenario/message_names.hpp"

namespace shardproof::sim {
namespace {

/// Turns of something periodic within `span`, one begun included.
std::uint64_t turns(Nanoseconds span, Nanoseconds period) {
  return static_cast<std::uint64_t>(span.count() / std::max<std::int64_t>(period.count(), 1)) + 1;
}

/// How often a store looks after its disk.
const Nanoseconds kDiskLook = storage::Backoff{}.max;

}  // namespace

std::uint64_t resting_events_max(const RestingWorld& world, Nanoseconds span) {
  const Timing& timing = world.timing;
  const std::uint64_t heartbeats = turns(span, timing.heartbeat_interval) * 6;
  const std::uint64_t campaigns = turns(span, timing.coordinator_lease) * 24;
  const std::uint64_t reads = turns(span, timing.metadata_timeout) * 4;
  const std::uint64_t ticks = turns(span, timing.resend_after / 2) * 2;
  const std::uint64_t looks = turns(span, kDiskLook) * 2;  // the timer, and the disk's answer
  const std::uint64_t of_a_machine = heartbeats + campaigns + reads + ticks + looks;
  const std::uint64_t of_a_shard = turns(span, timing.resend_after / 2) * 8;
  return world.machines * of_a_machine + world.shards_unserved * of_a_shard +
         turns(span, timing.coordinator_interval) * 2 + turns(span, world.sample_every) * 2 +
         world.backlog * 2;
}

void QuietMeter::begin(std::uint64_t events, std::uint64_t backlog,
                       const NetworkCounters& network) {
  events_before_ = events;
  backlog_ = backlog;
  for (std::size_t i = 0; i < sent_before_.size(); ++i) {
    sent_before_[i] = network.by_kind[i].messages;
  }
}

std::string QuietMeter::most_sent(const NetworkCounters& network) const {
  std::size_t most = 0;
  const auto sent = [&](std::size_t kind) {
    return network.by_kind[kind].messages - sent_before_[kind];
  };
  for (std::size_t i = 1; i < sent_before_.size(); ++i) {
    if (sent(i) > sent(most)) most = i;
  }
  if (sent(most) == 0) return {};
  return fmt::format("{} ({} times)", message_names()[most], human_count(sent(most)));
}

}  // namespace shardproof::sim
