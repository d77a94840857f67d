// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/units.hpp"

namespace shardproof::sim {

/// What became of the courses that begin at one point of a run and go on by other chance.
struct OddsPoint {
  std::uint64_t event = 0;      ///< delivered events at the point
  Instant time;                 ///< since the scenario's start; zero while the cluster is set up
  std::uint64_t failing = 0;    ///< fail as the run does
  std::uint64_t otherwise = 0;  ///< fail in another way
  std::uint64_t passing = 0;    ///< do not fail
  std::uint64_t unknown = 0;    ///< ended from outside, or at the bound, and count for nothing

  std::uint64_t judged() const { return failing + otherwise + passing; }
};

/// How likely a run was to fail, over its time.
struct OddsResult {
  std::string scenario;
  std::uint64_t seed = 0;       ///< the run's
  std::uint64_t odds_seed = 0;  ///< the courses'
  std::uint64_t branches = 0;   ///< at each point
  std::string failure;          ///< its fingerprint
  std::string title;            ///< "invariant 5, single owner, is violated"
  std::uint64_t failure_event = 0;
  Instant failure_time;
  std::vector<OddsPoint> points;  ///< ascending
  /// Of the event log behind the point before `inevitable_from`, up to it: "13.5s #1234 n1 ...".
  std::vector<std::string> what_happened;

  /// The first point from which on at least 19 in 20 judged courses fail as the run does, at each
  /// point; none if the last is not such a point.
  std::optional<std::size_t> inevitable_from() const;
};

}  // namespace shardproof::sim
