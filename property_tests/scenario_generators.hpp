// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/spec.hpp"

namespace shardproof::testing {

/// A scenario that the reader accepts, of any shape and with any values that can be written: to be
/// called within a RapidCheck property, from whose generator it draws. Traces are of a file of the
/// test corpus, so the program has to run in the repository's root.
sim::ScenarioSpec any_scenario();

/// No documents where a single one would take too long to write, as the reader refuses them.
void leave_out_what_is_too_large(sim::ScenarioSpec& spec);

}  // namespace shardproof::testing
