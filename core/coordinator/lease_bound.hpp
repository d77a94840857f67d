// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/step.hpp"

namespace shardproof {

struct Tenure;

/// How long leases may be out that somebody else has granted.
///
/// Whoever takes the office waits until a silent node can hold no lease of a predecessor's any
/// more. How long those are is no constant: the predecessor may have been another version of the
/// software, or this node before it was restarted with other settings, and neither can be asked. So
/// the length is handed on with the office, in the table, by the rule that nobody grants a lease
/// beyond `ClusterSettings::lease_bound` as it is committed. Who wants to grant longer ones raises
/// it first; who grants shorter ones lowers it when it has been in office for as long as the
/// longest lease of before may last. Whoever succeeds has read the table as of its own term, which
/// is later than all that its predecessors could commit, and grant.

/// For how long a node may act on a lease, by any clock, that this node grants: the lease, and what
/// the clocks of the two may differ by over it.
inline Nanoseconds lease_bound(const Timing& timing) {
  return timing.node_lease + timing.clock_error_bound;
}

/// The lease that a coordinator may grant now: its own, or as much as the table allows. Never
/// negative; zero is none.
Nanoseconds grantable_lease(const Step& step);

/// Proposes another bound if the table's is not what this coordinator's leases need.
void keep_lease_bound(Tenure& tenure, Step& step);

}  // namespace shardproof
