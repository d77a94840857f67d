// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "sim/run/runner.hpp"

namespace shardproof::sim {

/// Where two runs of one scenario and seed part.
struct FirstDifference {
  std::uint64_t event = 0;          ///< the number of the first event that differs
  std::optional<TraceLine> before;  ///< the event before it, the same in both; with its facts
  std::optional<TraceLine> first;   ///< none: the first run had ended
  std::optional<TraceLine> second;  ///< none: the second run had ended
};

/// Makes the run once more with these options; `is_second` says as which of the two.
using RunAgain = std::function<RunOutcome(const RunOptions& options, bool is_second)>;

/// Finds the first event in which two runs of `spec` differ, of which the checkpoints tell that it
/// is in `where`: makes both again and writes down the events in between. What makes them differ
/// may strike elsewhere then; it is followed there, a few times. Nothing if it does not come again.
/// Errors are those of `again`. O(two runs).
Result<std::optional<FirstDifference>> find_first_difference(const ScenarioSpec& spec,
                                                             Divergence where,
                                                             const RunAgain& again);

/// "event 1234 is at first timer n1 Replication at 13.5s, then ...", what came before and all
/// facts, in one line.
std::string to_string(const FirstDifference& difference);

}  // namespace shardproof::sim
