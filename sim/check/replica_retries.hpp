// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "sim/check/progress.hpp"

namespace shardproof::sim::check {

/// Judges whether a router that has asked a replica goes to the leader when that refuses or is
/// silent. While the shard's record does not change, one request goes to a replica once. One that
/// has come several times, and waited for the same, goes on several times, at the same moments.
/// What the router forgets with a restart does not count. A part of invariant 35. O(log requests)
/// per request that goes to a replica.
class ReplicaRetries : public Monitor<ReplicaRetries> {
 public:
  static constexpr InvariantInfo kInvariant = Progress::kInvariant;
  using Monitor::Monitor;

  void on(const fact::RequestRouted& routed, const At& at);
  void on(const hook::Replied& replied, const At& at);

 private:
  /// At how many moments a router has sent a request to replicas, by the record of that revision.
  struct Asked {
    std::uint64_t incarnation = 0;
    Instant asked_at;
    Revision record;
    std::uint32_t times = 0;
    Instant last = Instant::never();

    bool is_same(const Asked& other) const {
      return incarnation == other.incarnation && asked_at == other.asked_at &&
             record == other.record;
    }
  };

  std::map<std::tuple<RequestId, NodeId, ShardId>, Asked> asked_;
};

}  // namespace shardproof::sim::check
