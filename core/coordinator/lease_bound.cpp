// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/lease_bound.hpp"

#include <algorithm>

#include "core/coordinator/tenure.hpp"

namespace shardproof {

Nanoseconds grantable_lease(const Step& step) {
  const Timing& timing = step.config.timing;
  if (!step.config.rules.is_on(Rule::NewCoordinatorWaits)) return timing.node_lease;
  const Nanoseconds allowed = step.table.settings().lease_bound - timing.clock_error_bound;
  return std::clamp(allowed, Nanoseconds(0), timing.node_lease);
}

void keep_lease_bound(Tenure& tenure, Step& step) {
  if (!step.config.rules.is_on(Rule::NewCoordinatorWaits)) return;
  ClusterSettings settings = step.table.settings();
  const Nanoseconds own = lease_bound(step.config.timing);
  const bool are_longer_over = step.now - tenure.began >= settings.lease_bound;
  if (own == settings.lease_bound || (own < settings.lease_bound && !are_longer_over)) return;
  if (tenure.proposals.is_busy(key_of(settings))) return;
  settings.lease_bound = own;
  tenure.proposals.propose(std::vector<Record>{settings}, "lease bound", step);
}

}  // namespace shardproof
