// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// A request goes to a member of the cluster; and if the router knew the shard as it is committed
/// now, to the leader, itself only if it leads.
class Identity : public Monitor<Identity> {
 public:
  static constexpr InvariantInfo kInvariant{
      11, "identity", "a request goes to the node that the table names, never to another or round"};
  using Monitor::Monitor;

  void on(const fact::RequestRouted& routed, const At& at);
};

}  // namespace shardproof::sim::check
