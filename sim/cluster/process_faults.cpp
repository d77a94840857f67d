// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/process_faults.hpp"

namespace shardproof::sim {

Applied ProcessFaults::crash(NodeId node, const CrashAction& action, Instant until) {
  if (cluster_.is_down(node) && !(outages_.holds(node) && outages_.outlasts(node, until))) {
    return Applied::nothing(fmt::format("{} was down already", node));
  }
  cluster_.crash(
      node, {action.unsynced.value_or(disk_.unsynced), action.undeleted.value_or(disk_.undeleted)});
  return begin_outage(node, until);
}

Applied ProcessFaults::lose_disk(NodeId node, Instant until) {
  cluster_.lose_disk(node);
  return begin_outage(node, until);
}

Applied ProcessFaults::swap_disks(NodeId one, NodeId other, Instant until) {
  if (std::string why_not = cluster_.why_no_swap(one, other); !why_not.empty()) {
    return Applied::nothing(std::move(why_not));
  }
  cluster_.swap_disks(one, other, {disk_.unsynced, disk_.undeleted});
  const Undo first = begin_outage(one, until).undo;
  const Undo second = begin_outage(other, until).undo;
  return Applied::done([first, second] {
    first();
    second();
  });
}

Applied ProcessFaults::begin_outage(NodeId node, Instant until) {
  pauses_.release(node);
  const FaultId outage = outages_.begin(node, until);
  return Applied::done([this, node, outage] {
    if (outages_.end(node, outage)) cluster_.boot(node);
  });
}

Applied ProcessFaults::restart(NodeId node, std::optional<std::uint32_t> version) {
  if (cluster_.is_booting(node)) {
    return Applied::nothing(fmt::format("{} was booting already", node));
  }
  cluster_.stop(node);
  pauses_.release(node);
  outages_.release(node);
  if (version) cluster_.install(node, *version);
  cluster_.boot(node);
  return Applied::done();
}

Applied ProcessFaults::pause(NodeId node, Instant until) {
  if (cluster_.is_down(node) || cluster_.is_booting(node)) {
    return Applied::nothing(fmt::format("{} was down", node));
  }
  if (!pauses_.outlasts(node, until)) {
    return Applied::nothing(fmt::format("{} stood still already", node));
  }
  cluster_.pause(node);
  const FaultId pause = pauses_.begin(node, until);
  return Applied::done([this, node, pause] {
    if (pauses_.end(node, pause)) cluster_.resume(node);
  });
}

}  // namespace shardproof::sim
