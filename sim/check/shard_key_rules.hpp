// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges writes where they are accepted and refusals where they are stated.
class ShardKeyRules : public Monitor<ShardKeyRules> {
 public:
  static constexpr InvariantInfo kInvariant{31, "shard_key_rules",
                                            "a document without a usable shard key, a changed "
                                            "shard key and a transaction across shards are "
                                            "refused before any effect, and nothing else is"};
  using Monitor::Monitor;

  void on(const fact::WriteAccepted& write, const At& at);
  void on(const fact::EntryApplied& applied, const At& at);
  void on(const fact::RequestRefused& refused, const At& at);

 private:
  void check_document(const fact::WriteAccepted& write, const Mutation& mutation, const At& at);

  /// By client: its last request that took effect, and the last that was refused.
  std::vector<std::uint32_t> applied_;
  std::vector<std::uint32_t> refused_;
};

}  // namespace shardproof::sim::check
