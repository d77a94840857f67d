// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "sim/check/acknowledged_window.hpp"
#include "sim/check/former_states.hpp"
#include "sim/check/linearizable_reads.hpp"

namespace shardproof::sim::check {

/// How old a replica's answer may be in true time, whichever version it runs. Clocks drift by at
/// most `clock_error_bound` over a lease, so over the bound by as many times that.
Nanoseconds age_max(const CheckConfig& config);

/// Judges the reads that replicas serve. Where they are served: by an in-sync copy, from a prefix
/// of the shard's writes that is committed, with the last write of the key in that prefix, not
/// older than the session asks for, and not older than the bound allows. Where they arrive: not
/// older than anything that the client was told before, by whichever copy.
///
/// What it needs to know of the past it keeps only in runs where replicas are read from: elsewhere
/// each fact costs a compare.
class ReplicaReads : public Monitor<ReplicaReads> {
 public:
  static constexpr InvariantInfo kInvariant = LinearizableReads::kInvariant;
  ReplicaReads(Oracle& oracle, Findings& findings);

  void on(const fact::ReplicaReadServed& read, const At& at);
  void on(const fact::EntryApplied& applied, const At& at);
  void on(const fact::WriteAcknowledged& write, const At& at);
  void on(const hook::Invoked& invoked, const At& at);
  void on(const hook::Replied& replied, const At& at);

 private:
  /// What a client was told of the shards that it asked last, by shard id modulo their number.
  struct Client {
    static constexpr std::size_t kMarks = 16;
    std::uint32_t sequence = 0;
    bool reads_replica = false;
    std::array<SessionMark, kMarks> seen;
  };

  /// What is wrong with a read; empty if nothing is.
  std::string find_fault(const fact::ReplicaReadServed& read, const At& at) const;
  std::string find_wrong_place(const fact::ReplicaReadServed& read, const At& at) const;
  std::string find_uncommitted(const fact::ReplicaReadServed& read) const;
  std::string find_staleness(const fact::ReplicaReadServed& read, const At& at) const;
  /// What has become of the read document since: "; "a" was last written at e1/i7".
  std::string newest_text(const fact::ReplicaReadServed& read) const;
  std::string find_wrong_content(const fact::ReplicaReadServed& read) const;
  std::uint64_t slice_of(Instant time) const;

  const bool is_enabled_;
  /// How old, in true time, a read may be: the bound, and what clocks may add to it.
  const Nanoseconds slice_;
  /// By shard id.
  std::vector<AcknowledgedWindow> acknowledged_;
  FormerStates former_;
  std::vector<Client> clients_;
};

}  // namespace shardproof::sim::check
