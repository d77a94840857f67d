// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"
#include "sim/check/single_owner.hpp"

namespace shardproof::sim::check {

/// That leases mean what a takeover counts on: nobody in office takes a node for dead that may yet
/// act on a lease, whoever granted it; no lease is longer than what the committed table tells the
/// next coordinator to wait for; none was asked for when the office had been given to the next, or
/// is taken from somebody who is known not to hold it. O(log offices).
class LeaseSafety : public Monitor<LeaseSafety> {
 public:
  static constexpr InvariantInfo kInvariant = SingleOwner::kInvariant;
  using Monitor::Monitor;

  void on(const fact::NodeSuspected& suspected, const At& at);
  void on(const fact::LeaseTaken& lease, const At& at);
  void on(const hook::Committing& commit, const At& at);

 private:
  void check_length(const fact::LeaseTaken& lease, const At& at);
  void check_office(const fact::LeaseTaken& lease, const At& at);

  struct Office {
    Term term;
    NodeId node;
    Revision revision;
    Instant begun;
  };
  /// In the order of their terms. A node that has given its office up, and has it again before it
  /// hears of that, is one holder.
  std::vector<Office> offices_;
};

}  // namespace shardproof::sim::check
