// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/style.hpp"
#include "sim/observe/odds_result.hpp"

namespace shardproof::reports {

/// A part of a whole with its interval of 95 % confidence (Wilson 1927), all in [0, 1].
struct Share {
  double value = 0;
  double low = 0;
  double high = 1;
};
/// `part` <= `whole`; of nothing nothing is known.
Share wilson_share(std::uint64_t part, std::uint64_t whole);

/// The chart: a line for each point with time, event, share of failing courses and its interval,
/// and from where on the failure could not be escaped; at most 100 columns.
std::string odds_text(const sim::OddsResult& odds, const Style& style);
/// One object.
std::string odds_json(const sim::OddsResult& odds);

}  // namespace shardproof::reports
