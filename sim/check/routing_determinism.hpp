// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// What each router decided is compared with the committed collection's routing, whatever table
/// that node holds. That the function itself never changes is a matter of golden vectors, beside
/// it.
class RoutingDeterminism : public Monitor<RoutingDeterminism> {
 public:
  static constexpr InvariantInfo kInvariant{
      10, "routing_determinism", "every node routes a document to the same shard at all times"};
  using Monitor::Monitor;

  void on(const fact::RequestRouted& routed, const At& at);
};

}  // namespace shardproof::sim::check
