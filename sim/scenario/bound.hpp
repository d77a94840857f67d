// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "sim/observe/metric_catalogue.hpp"
#include "sim/scenario/text_error.hpp"

namespace shardproof::sim {

/// A number that a metric of this unit is compared with: plain, or with a unit where the metric has
/// one ("2m" for nanoseconds, "10MB" for bytes, "5%" for ratios). Metrics that count take whole
/// numbers only, times need their unit unless they are 0. Not for kChoice.
Result<Ratio, TextError> parse_bound(MetricUnit unit, std::string_view text);

/// The text that is read back as the same bound; without blanks.
std::string bound_text(MetricUnit unit, Ratio bound);

}  // namespace shardproof::sim
