// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges every document that a read or scan returns; the audit judges every document stored.
class NoResurrection : public Monitor<NoResurrection> {
 public:
  static constexpr InvariantInfo kInvariant{
      17, "no_resurrection", "after an acknowledged delete nothing older is ever readable again"};
  using Monitor::Monitor;

  void on(const fact::ReadServed& read, const At& at);
  void on(const fact::ScanPartServed& part, const At& at);

 private:
  void check(ShardId shard, Epoch epoch, const VersionedDocument& found, const KeyState* known,
             const At& at);
};

}  // namespace shardproof::sim::check
