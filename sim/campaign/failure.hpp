// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "sim/observe/run_result.hpp"

namespace shardproof::sim::campaign {

/// What kind of failure a run showed, without where and when. Two failures are the same when their
/// fingerprints are equal.
struct Fingerprint {
  enum class Kind : std::uint8_t {
    kViolation,    ///< of `invariant`, in `phase`, by nodes with these `roles`
    kExpectation,  ///< `text` is the claim that did not hold
    kInternal,     ///< `text` is where one of our own checks failed: "file:line"
    kSetUp,        ///< the cluster did not come so far that the scenario could begin
  };
  Kind kind = Kind::kViolation;
  std::uint32_t invariant = 0;
  std::optional<MigrationPhase> phase;  ///< of the shard's migration
  std::vector<NodeRole> roles;          ///< of the nodes involved, the offender first
  std::string text;

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// `invariant 5, phase switch, roles leader source`; `expectation client.failed == 0 at the end`.
std::string to_string(const Fingerprint& fingerprint);

/// Whether a smaller scenario that fails like `smaller` still shows the bug that made `original`:
/// the same invariant, in the same phase, by an offender of the same role; or the same text. Who
/// else was involved does not count: a bug that shows between a leader and two replicas shows as
/// well with one, and that is the scenario one wants. With less than this (the invariant alone),
/// shrinking slips from one bug to another that is easier to provoke.
bool is_same_bug(const Fingerprint& smaller, const Fingerprint& original);

/// How an expectation failed.
struct BrokenClaim {
  bool held_at_first = false;  ///< it held when it was first looked at
  bool is_too_low = false;     ///< the value was below the bound, else above
  ExactValue value;
};

/// The first thing that went wrong in a run.
struct Failure {
  Fingerprint fingerprint;
  std::string title;  ///< "invariant 5, single owner, is violated"
  std::string detail;
  std::string statement;  ///< what the violated invariant asks for; empty for anything else
  /// Since the scenario's start, negative while the cluster was set up; absent if it is not known.
  std::optional<Nanoseconds> time;
  std::uint64_t event = 0;  ///< delivered until then, this one included; zero if not known
  std::optional<BrokenClaim> broken_claim;  ///< of an expectation
};

/// The same bug, by fingerprint; and of an expectation, it is broken in the same direction, not
/// from the start unless it was so in the original, and a value that is too low is no lower: one
/// that nothing raises any more breaks every lower bound.
bool shows_the_same(const Failure& smaller, const Failure& original);

/// The first violation, or else the first expectation that did not hold; nothing if the run did not
/// fail.
std::optional<Failure> failure_of(const RunResult& result);
/// Of a run that could not begin: `message` says why.
Failure failure_of_set_up(const std::string& message);
/// What a run threw: a failed check of our own (RunCrash), or no memory.
Failure failure_of(const std::exception& error);

}  // namespace shardproof::sim::campaign
