// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>

#include "core/base/check.hpp"
#include "core/base/random.hpp"

namespace shardproof::sim {

/// How events of equal time are ordered. Part of a scenario: schedules that differ only in ties are
/// equally legal, and a bug may hide in some of them.
enum class TieOrder : std::uint8_t {
  kFifo,    ///< in the order in which they were scheduled
  kRandom,  ///< in an order drawn from the run's seed
  kPct,     ///< by priorities of those whom they befall
};

/// The largest number of priorities that kPct changes, plus one.
inline constexpr std::uint32_t kTieDepthMax = 16;
/// The changes of kPct are spread evenly over so many events from the run's first on.
inline constexpr std::uint64_t kTieHorizon = 1 << 15;

/// Gives each scheduled event its tie value, the second part of the order (time, tie, sequence).
/// FIFO gives 0 to all and draws nothing; random draws 32 bits for each event, in the order of
/// scheduling.
///
/// PCT (Burckhardt et al., "A randomized scheduler with probabilistic guarantees of finding bugs",
/// ASPLOS 2010) gives everybody whom events befall a priority, drawn; among events of equal time
/// those of the highest come first, each one's own in the order of scheduling. At `depth` - 1
/// events, drawn as well, the one who is concerned falls below all others for good. A bug that
/// takes `depth` ties in a certain order shows with a probability that does not shrink with the
/// number of events in between, as it does where each tie is drawn for itself. Draws `depth` times
/// at the beginning, none for an event; O(depth) for each.
class TiePolicy {
 public:
  static TiePolicy fifo() { return TiePolicy(TieOrder::kFifo, Random(0)); }
  /// `stream` is the policy's own, by convention ("scheduler", 0, "tie").
  static TiePolicy random(Random stream) { return TiePolicy(TieOrder::kRandom, stream); }

  /// `depth` from 1 (priorities never change) to kTieDepthMax.
  static TiePolicy pct(Random stream, std::uint32_t depth) {
    SHARDPROOF_CHECK(depth >= 1 && depth <= kTieDepthMax, "depth={}", depth);
    TiePolicy policy(TieOrder::kPct, stream);
    policy.key_ = policy.stream_.next();
    policy.changes_left_ = depth - 1;
    for (std::uint32_t i = 0; i < policy.changes_left_; ++i) {
      policy.changes_[i] = policy.stream_.below(kTieHorizon);
    }
    std::sort(policy.changes_.begin(), policy.changes_.begin() + policy.changes_left_,
              std::greater<>());
    return policy;
  }

  TieOrder order() const { return order_; }

  /// Of the next event, which befalls `actor`.
  std::uint32_t draw(std::uint64_t actor) {
    if (order_ == TieOrder::kFifo) return 0;
    if (order_ == TieOrder::kRandom) return static_cast<std::uint32_t>(stream_.next() >> 32);
    const std::uint64_t event = events_++;
    while (changes_left_ > 0 && changes_[changes_left_ - 1] <= event) {
      changes_left_ -= 1;
      fallen_[fallen_count_++] = actor;
    }
    return priority(actor);
  }

 private:
  TiePolicy(TieOrder order, Random stream) : order_(order), stream_(stream) {}

  /// Who fell last comes last; all who fell are behind those who did not.
  std::uint32_t priority(std::uint64_t actor) const {
    constexpr std::uint32_t kFallen = std::uint32_t{1} << 31;
    for (std::uint32_t i = fallen_count_; i-- > 0;) {
      if (fallen_[i] == actor) return kFallen + i;
    }
    // The finaliser of splitmix64 (Steele, Lea, Flood 2014).
    std::uint64_t word = key_ ^ (actor + 1) * 0x9e3779b97f4a7c15;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::uint32_t>((word ^ (word >> 31)) >> 33);
  }

  TieOrder order_;
  Random stream_;
  std::uint64_t key_ = 0;
  std::uint64_t events_ = 0;
  /// Events at which a priority changes, the next one last.
  std::array<std::uint64_t, kTieDepthMax> changes_{};
  std::uint32_t changes_left_ = 0;
  std::array<std::uint64_t, kTieDepthMax> fallen_{};
  std::uint32_t fallen_count_ = 0;
};

}  // namespace shardproof::sim
