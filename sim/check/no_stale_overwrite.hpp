// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Follows each copy's positions; the audit compares the version of every document.
class NoStaleOverwrite : public Monitor<NoStaleOverwrite> {
 public:
  static constexpr InvariantInfo kInvariant{
      18, "no_stale_overwrite",
      "what a copy has never gets older: not by an entry, a stream, or a record that comes late"};
  using Monitor::Monitor;

  void on(const fact::EntriesDurable& entries, const At& at);
  void on(const fact::EntryApplied& applied, const At& at);
  void on(const fact::CopyInstalled& installed, const At& at);

 private:
  void complain(ShardId shard, Version now, Version before, const std::string& what,
                const char* had, const At& at);
};

}  // namespace shardproof::sim::check
