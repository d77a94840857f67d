// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges each copy that leaves a disk: what was acknowledged is on the in-sync copies, as many of
/// them as the write concern asks for. With a lowered one only as far as this copy had it.
class CopyBeforeDrop : public Monitor<CopyBeforeDrop> {
 public:
  static constexpr InvariantInfo kInvariant{15, "copy_before_drop",
                                            "a copy is dropped only after the commit that names "
                                            "its successor, by a node that knows it, and "
                                            "after the in-sync copies durably have everything"};
  using Monitor::Monitor;

  void on(const fact::CopyDropped& dropped, const At& at);
};

}  // namespace shardproof::sim::check
