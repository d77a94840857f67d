// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/units.hpp"
#include "sim/observe/named_count.hpp"

namespace shardproof::sim {

/// What failed in a run, without what differs from run to run: two runs with equal fingerprints
/// probably show one bug.
struct FailureText {
  std::string fingerprint;  ///< "invariant 5, phase switch, roles leader source"
  std::string message;      ///< of the first violation, or of the error
  std::string statement{};  ///< what the violated invariant asks for; empty for anything else
};

/// All runs of a campaign that failed alike.
struct CampaignFinding {
  FailureText failure;               ///< the fingerprint, and the message of the first seed
  std::uint64_t count = 0;           ///< runs
  std::vector<std::uint64_t> seeds;  ///< the lowest of them, ascending, at most kSeedsKept
  std::string replay;                ///< the command that runs the lowest again, with its report
  /// The process that ran it died: nothing more is known than that.
  bool is_crash = false;
  std::string scenario;  ///< file with the lowest one's scenario, as small as it got; may be empty
};
inline constexpr std::size_t kSeedsKept = 10;

/// A bug that a campaign must find, or its silence says nothing: a safety rule that was switched
/// off.
struct Canary {
  std::string rule;
  std::optional<std::uint64_t> seed;  ///< the first that noticed; none did
};

/// What many seeds have shown. All but the wall time depends on the seeds and the version only.
struct CampaignResult {
  std::uint64_t first_seed = 0;
  std::string shard;                 ///< "2/3": every third seed from the second on; empty: all
  std::uint64_t seeds_run = 0;       ///< from `first_seed` on, without gaps unless interrupted
  std::uint64_t resumed_seeds = 0;   ///< of `seeds_run`, by earlier processes
  std::uint64_t resumed_events = 0;  ///< of `events`, by earlier processes
  std::uint64_t runs_again = 0;      ///< runs made a second time to compare their digests
  std::uint64_t inconclusive =
      0;  ///< runs that came to no verdict (an event never fired): no finding
  /// Of those the lowest seed, and the first of its reasons.
  std::optional<std::uint64_t> inconclusive_seed;
  std::string inconclusive_reason;
  /// Kinds of reasons with the runs of each, the most frequent first; a run may have several.
  std::vector<NamedCount> inconclusive_kinds;
  std::uint64_t excused = 0;  ///< runs of which some shard's content was not judged to the end
  std::uint64_t events = 0;   ///< delivered, from the first boot on, second runs included
  Nanoseconds simulated;
  std::uint64_t wall_ns = 0;
  std::uint64_t cpu_ns = 0;  ///< of the child processes
  std::uint64_t jobs = 0;    ///< processes
  bool interrupted = false;
  std::vector<CampaignFinding> findings;  ///< by their lowest seeds
  /// Rare places of the protocol, all of the catalogue, with how often all runs came by; of a seed
  /// that was run again the first run only.
  std::vector<NamedCount> probes;

  std::optional<Canary> canary;

  bool has_findings() const { return !findings.empty(); }
};

}  // namespace shardproof::sim
