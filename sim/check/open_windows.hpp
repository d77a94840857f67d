// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/distribution/schedule.hpp"

namespace shardproof::sim::check {

/// Since when moves for evenness may begin at `now` of a clock, by the windows of `limits`: since a
/// year before the start if there are none, and nothing if none is open. Worked out day by day, not
/// as the coordinator does it. O(windows).
std::optional<Instant> open_since(const distribution::MoveLimits& limits, Instant now);

}  // namespace shardproof::sim::check
