// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/random.hpp"
#include "sim/scenario/traffic_spec.hpp"

namespace shardproof::sim {

/// When requests of one `[[traffic]]` come. Poisson arrivals are drawn at the shape's highest rate
/// and thinned to the present one (Lewis, Shedler 1979), which is exact for every shape; regular
/// ones come at the reciprocal of the present rate. The diurnal cosine is Bhaskara's rational
/// approximation (error below 0.17 % of the amplitude).
class Arrivals {
 public:
  Arrivals(const TrafficSpec& spec, Random random);

  /// The first arrival after `elapsed` (since the traffic's start); Nanoseconds::max() if there is
  /// none within 2^53 ns. Draws one or more numbers for Poisson, none for regular.
  Nanoseconds next(Nanoseconds elapsed);
  /// Requests in 10^6 seconds at `elapsed`.
  std::uint64_t rate(Nanoseconds elapsed) const;
  Random& stream() { return random_; }

 private:
  RateShape shape_;
  TrafficSpec::Arrivals kind_;
  Random random_;
  std::uint64_t highest_ = 0;
};

}  // namespace shardproof::sim
