// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "sim/distribution.hpp"
#include "sim/scenario/spec.hpp"
#include "sim/scenario/text_error.hpp"

namespace shardproof::sim {

/// Texts of the form `name(argument, ...)`; a bare amount is a constant. `to_text` prints what the
/// parser of the same type reads back; docs/scenario.md defines each.

/// `200us`, `uniform(a, b)`, `exponential(mean)`, `exponential(min, mean)`, `lognormal(median,
/// p99)`, `pareto(min, shape)`, `tailed(usual, rare, chance)`.
Result<DelayDistribution, TextError> parse_delay(std::string_view text);
Result<SizeDistribution, TextError> parse_size(std::string_view text);
/// `2000/s`, `diurnal(low, high, period)`, `ramp(from, to, over)`, `burst(base, peak, every,
/// lasts)`.
Result<RateShape, TextError> parse_rate_shape(std::string_view text);
/// `uniform`, `zipf(exponent)`, `hotspot(keys, requests[, moves every])`, `latest(exponent)`.
Result<KeyChoice, TextError> parse_keys(std::string_view text);
/// `kept`, `lost`, `torn`, `mixed(kept, lost, torn)`.
Result<UnsyncedOutcome, TextError> parse_unsynced(std::string_view text);
/// `none`, `periodic(amplitude, period)`, `noise(amplitude, period)`.
Result<ClockWobble, TextError> parse_wobble(std::string_view text);
/// `01:00-05:00` (every day) or `2m-4m` (since the start).
Result<distribution::MoveWindow, TextError> parse_window(std::string_view text);

std::string to_text(const DelayDistribution& distribution);
std::string to_text(const SizeDistribution& distribution);
std::string to_text(const RateShape& shape);
std::string to_text(const KeyChoice& keys);
std::string to_text(const UnsyncedOutcome& outcome);
std::string to_text(const ClockWobble& wobble);
std::string to_text(const distribution::MoveWindow& window);

}  // namespace shardproof::sim
