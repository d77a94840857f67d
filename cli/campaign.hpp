// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/journal.hpp"
#include "cli/options.hpp"
#include "core/base/units.hpp"
#include "sim/observe/campaign_result.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::cli {

struct CampaignOptions {
  SeedRange seeds;
  SeedShard shard;  ///< of `seeds`
  /// Where what is done is written, and what was done before is taken from; null: nowhere.
  Journal* journal = nullptr;
  /// Real time after which no further seed is begun.
  std::optional<Nanoseconds> time_limit;
  std::size_t jobs = 1;  ///< processes, > 0
  bool stops_at_finding = false;
  bool is_quiet = false;
  /// What the progress is about.
  std::string label = "fuzz";
  /// The scenario of a seed. Called in the child processes.
  std::function<sim::ScenarioSpec(std::uint64_t seed)> make;
  /// As `make`, if there is one: a seed whose control fails too is no finding.
  std::function<sim::ScenarioSpec(std::uint64_t seed)> make_control;
  /// The scenario's file as the user gave it, for the line that runs a seed again; may be empty.
  std::string file;
  /// Further options of that line.
  std::vector<std::string> arguments;
};

/// The number of processes that was asked for, or one per processor for 0.
std::size_t jobs_of(std::size_t wanted);

/// Of real time for one seed, second run and control included; a normal one takes a few hundredths
/// of a second.
inline constexpr Nanoseconds kSeedLimit = minutes(2);

/// Every how many seeds a run is made twice and compared.
inline constexpr std::uint64_t kRunAgainEvery = 20;

/// Runs one seed after the other in child processes until all are done, time is up, the first
/// finding is there (if that is wanted) or an interrupt comes. Which process does which seed
/// changes nothing: findings are sorted by their seeds.
/// With a journal, seeds that it has are counted and not run. An error if it cannot be written.
Result<sim::CampaignResult> run_campaign(const CampaignOptions& options);

/// What these seeds have shown, as a campaign that has run them says it. `options` is what it was;
/// nothing is run.
sim::CampaignResult count_campaign(const CampaignOptions& options,
                                   const std::vector<SeedOutcome>& done);

}  // namespace shardproof::cli
