// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/progress.hpp"

namespace shardproof::sim::check {

/// Judges, while nothing is broken, whether a router gives an answer, if only that it knows none,
/// when a request has had its time: it does not go on trying. Something may have to be sent before
/// it looks at the time, so a request counts when it is sent late twice, some time apart. One that
/// the router forgets is not seen. O(1) per fact.
class RequestLimits : public Monitor<RequestLimits> {
 public:
  static constexpr InvariantInfo kInvariant = Progress::kInvariant;
  using Monitor::Monitor;

  void on(const fact::RequestRouted& routed, const At& at);

 private:
  /// A late request of a node, and when it was first sent late; another one is not looked at for as
  /// long as a request has.
  struct Late {
    RequestId request;
    std::uint64_t incarnation = 0;
    Instant at = Instant::never();
  };

  /// By node.
  std::vector<Late> late_;
};

}  // namespace shardproof::sim::check
