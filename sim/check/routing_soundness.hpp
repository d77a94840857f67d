// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Every accepted write is routed anew; the audit routes every stored document.
class RoutingSoundness : public Monitor<RoutingSoundness> {
 public:
  static constexpr InvariantInfo kInvariant{
      1, "routing_soundness", "every document is in the shard that its shard key routes to"};
  using Monitor::Monitor;

  void on(const fact::WriteAccepted& write, const At& at);
};

}  // namespace shardproof::sim::check
