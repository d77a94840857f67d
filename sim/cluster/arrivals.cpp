// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/arrivals.hpp"

#include <algorithm>

#include "core/base/fixed_math.hpp"

namespace shardproof::sim {
namespace {

constexpr std::int64_t kNanosecondsPerMillionSeconds = 1'000'000'000'000'000;
constexpr Nanoseconds kHorizon{std::int64_t{1} << 53};

std::uint64_t per_million_seconds(const Rate& rate) {
  const auto scaled = static_cast<UInt128>(rate.count) * kNanosecondsPerMillionSeconds;
  return static_cast<std::uint64_t>(scaled / static_cast<UInt128>(rate.per.count()));
}

std::uint64_t blend(std::uint64_t low, std::uint64_t high, UInt128 part, UInt128 whole) {
  if (high >= low) return low + static_cast<std::uint64_t>((high - low) * part / whole);
  return low - static_cast<std::uint64_t>((low - high) * part / whole);
}

/// (1 - cos(2 pi p)) / 2 = sin^2(pi p), with sin(pi p) ~ 16 p (1-p) / (5 - 4 p (1-p)).
std::uint64_t diurnal(std::uint64_t low, std::uint64_t high, Nanoseconds elapsed,
                      Nanoseconds period) {
  constexpr UInt128 kOne = 1u << 20;
  const auto position = static_cast<UInt128>(elapsed.count() % period.count());
  const UInt128 p = position * kOne / static_cast<UInt128>(period.count());
  const UInt128 product = p * (kOne - p) / kOne;
  const UInt128 sine = 16 * product * kOne / (5 * kOne - 4 * product);
  return blend(low, high, sine * sine, kOne * kOne);
}

}  // namespace

Arrivals::Arrivals(const TrafficSpec& spec, Random random)
    : shape_(spec.rate), kind_(spec.arrivals), random_(random) {
  highest_ = per_million_seconds(shape_.low);
  if (shape_.kind != RateShape::Kind::kConstant) {
    highest_ = std::max(highest_, per_million_seconds(shape_.high));
  }
}

std::uint64_t Arrivals::rate(Nanoseconds elapsed) const {
  const std::uint64_t low = per_million_seconds(shape_.low);
  const std::uint64_t high = per_million_seconds(shape_.high);
  switch (shape_.kind) {
    case RateShape::Kind::kConstant: return low;
    case RateShape::Kind::kDiurnal: return diurnal(low, high, elapsed, shape_.period);
    case RateShape::Kind::kRamp:
      if (elapsed >= shape_.period) return high;
      return blend(low, high, static_cast<UInt128>(elapsed.count()),
                   static_cast<UInt128>(shape_.period.count()));
    case RateShape::Kind::kBurst:
      return elapsed.count() % shape_.period.count() < shape_.width.count() ? high : low;
  }
  return low;
}

Nanoseconds Arrivals::next(Nanoseconds elapsed) {
  if (highest_ == 0) return Nanoseconds::max();
  if (kind_ == TrafficSpec::Arrivals::kRegular) {
    const std::uint64_t present = rate(elapsed);
    // At a rate of zero, look again a thousandth of a period later.
    if (present == 0) return elapsed + std::max(shape_.period / 1000, Nanoseconds(1));
    return elapsed +
           Nanoseconds(kNanosecondsPerMillionSeconds / static_cast<std::int64_t>(present));
  }
  while (elapsed < kHorizon) {
    const auto mean_gap = kNanosecondsPerMillionSeconds / static_cast<std::int64_t>(highest_);
    elapsed += Nanoseconds(multiply_q32(random_.exponential_q32(), mean_gap) + 1);
    if (shape_.kind == RateShape::Kind::kConstant) return elapsed;
    const std::uint64_t present = rate(elapsed);
    if (random_.chance(Ratio(present, highest_))) return elapsed;
  }
  return Nanoseconds::max();
}

}  // namespace shardproof::sim
