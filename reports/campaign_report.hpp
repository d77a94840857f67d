// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/style.hpp"
#include "sim/observe/campaign_result.hpp"

namespace shardproof::reports {

/// What a campaign has found, each kind of finding with its count and the line that replays it, and
/// what its silence is worth: with no finding in n seeds, at 95 % confidence fewer than one seed in
/// n/3 fails (the rule of three: Hanley and Lippman-Hand, JAMA 1983; exactly 1 - 0.05^(1/n)).
std::string campaign_text(const sim::CampaignResult& result, const Style& style);

/// The same as one JSON document with a final newline: {verdict, first_seed, shard, seeds_run,
/// runs_again, inconclusive, excused, events, simulated_ns, failure_rate_upper_bound, probes:
/// {name: hits}, canary: {rule, seed}, findings: [{fingerprint, message, count, seeds, scenario,
/// replay}]}. Nothing in it depends on the machine or on time, but how far a campaign with a time
/// limit gets.
std::string campaign_json(const sim::CampaignResult& result);

}  // namespace shardproof::reports
