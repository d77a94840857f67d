// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/input/input_error.hpp"
#include "sim/network_latency.hpp"

namespace shardproof::sim {

/// So many delays at most, and none longer than a day.
inline constexpr std::size_t kMeasuredDelaysMax = 1'000'000;

/// Reads the delays of a file, in its order: decimal numbers of units, none negative, fractions of
/// a nanosecond dropped. A file without any is an error, and so is one with too many.
Result<std::vector<Nanoseconds>, InputError> read_delays(const MeasuredDelays& wanted);

}  // namespace shardproof::sim
