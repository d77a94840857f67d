// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/random.hpp"

namespace shardproof::sim {

/// How events of equal time are ordered. Part of a scenario: schedules that differ only in ties are
/// equally legal, and a bug may hide in some of them.
enum class TieOrder : std::uint8_t {
  kFifo,    ///< in the order in which they were scheduled
  kRandom,  ///< in an order drawn from the run's seed
};

/// Gives each scheduled event its tie value, the second part of the order (time, tie, sequence).
/// FIFO gives 0 to all and draws nothing; random draws 32 bits for each event, in the order of
/// scheduling.
class TiePolicy {
 public:
  static TiePolicy fifo() { return TiePolicy(TieOrder::kFifo, Random(0)); }
  /// `stream` is the policy's own, by convention ("scheduler", 0, "tie").
  static TiePolicy random(Random stream) { return TiePolicy(TieOrder::kRandom, stream); }

  TieOrder order() const { return order_; }

  std::uint32_t draw() {
    if (order_ == TieOrder::kFifo) return 0;
    return static_cast<std::uint32_t>(stream_.next() >> 32);
  }

 private:
  TiePolicy(TieOrder order, Random stream) : order_(order), stream_(stream) {}

  TieOrder order_;
  Random stream_;
};

}  // namespace shardproof::sim
