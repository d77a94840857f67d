// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/spec.hpp"

namespace shardproof::testing {

/// An `[[at]]`, or a `[[when]]` if `is_when`, that the reader accepts in this scenario, whose
/// cluster, collections and duration are there already. To be drawn within a RapidCheck property.
sim::EventSpec any_event(const sim::ScenarioSpec& spec, bool is_when);

/// Random faults that the reader accepts in a cluster of several nodes.
sim::ChaosSpec any_chaos(Nanoseconds duration);

}  // namespace shardproof::testing
