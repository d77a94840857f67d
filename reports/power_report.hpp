// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/style.hpp"
#include "sim/observe/power_result.hpp"

namespace shardproof::reports {

/// The table "rule, what fell, seeds, events and CPU seconds to the first finding, size of the
/// scenario before and after shrinking", and the figures over all rules.
std::string power_text(const sim::PowerResult& result, const Style& style);
/// The same table in Markdown, for a README or a pull request.
std::string power_markdown(const sim::PowerResult& result);
/// {rules: [{rule, found, seed, seeds, events, cpu_ns, fingerprint, message, expected, entries:
/// {before, after}, events_planned: {before, after}, nodes: {before, after}, shrink_ns}], found,
/// seeds_median, seeds_max}, with a final newline. What is not there is null.
std::string power_json(const sim::PowerResult& result);

}  // namespace shardproof::reports
