// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/facts.hpp"

namespace shardproof::sim {

/// How many plans a coordinator needed. O(1) each.
class PlanTally {
 public:
  void on_plan(const fact::PlanMade& plan);
  /// Somebody joined, left, or changed state.
  void on_membership();

  std::uint64_t made() const { return made_; }
  /// Movements of data that plans asked for; one that is asked for again counts again.
  std::uint64_t moves() const { return moves_; }
  /// Plans with moves since membership last changed, if a plan for evenness has found nothing to do
  /// since: rounds to convergence. Nothing before.
  std::optional<std::uint64_t> rounds() const {
    return is_quiet_ ? std::optional(rounds_) : std::nullopt;
  }

 private:
  std::uint64_t made_ = 0;
  std::uint64_t moves_ = 0;
  std::uint64_t rounds_ = 0;
  bool is_quiet_ = false;
};

}  // namespace shardproof::sim
