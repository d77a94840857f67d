// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges reads of leaders twice. Where they are served: a read answers with what was applied last,
/// not older than what anybody was told before (real time order per document), and with its true
/// content. And where they arrive: not older than what was known when the client asked.
class LinearizableReads : public Monitor<LinearizableReads> {
 public:
  static constexpr InvariantInfo kInvariant{
      27, "linearizable_reads",
      "a read at the leader returns the latest acknowledged write of its key or a later one, and "
      "nothing only if there is none; a read at a replica returns what a committed prefix holds, "
      "not "
      "older than the bound or what the client has seen"};
  using Monitor::Monitor;

  void on(const fact::ReadServed& read, const At& at);
  void on(const hook::Invoked& invoked, const At& at);
  void on(const hook::Replied& replied, const At& at);

 private:
  struct Client {
    /// Of the read it waits for: the newest version known when it asked.
    std::uint32_t sequence = 0;
    Version floor;
    ShardId shard;
  };

  /// What is wrong with the answer; empty if nothing is.
  std::string find_fault(const KeyState* known, const fact::ReadServed& read) const;

  std::vector<Client> clients_;
};

}  // namespace shardproof::sim::check
