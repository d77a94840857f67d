// SPDX-License-Identifier: Apache-2.0
#include "sim/clock_wobble.hpp"

#include "core/base/check.hpp"
#include "core/base/mul_div.hpp"
#include "core/base/stable_hash.hpp"

namespace shardproof::sim {
namespace {

std::int64_t error_at_knot(const ClockWobble& wobble, std::uint64_t seed, std::int64_t knot) {
  const std::int64_t amplitude = wobble.amplitude.count();
  if (knot == 0) return 0;
  const auto number = static_cast<std::uint64_t>(knot);
  if (wobble.kind == ClockWobble::Kind::kPeriodic) {
    return ((number ^ seed) & 1) != 0 ? amplitude : -amplitude;
  }
  const std::uint64_t values = static_cast<std::uint64_t>(amplitude) * 2 + 1;
  return static_cast<std::int64_t>(mix64(combine64(seed, number)) % values) - amplitude;
}

}  // namespace

Nanoseconds wobble_error(const ClockWobble& wobble, std::uint64_t seed, Nanoseconds elapsed) {
  if (!wobble.is_on()) return Nanoseconds(0);
  SHARDPROOF_CHECK(elapsed.count() >= 0, "{} before it began", elapsed);
  const bool is_periodic = wobble.kind == ClockWobble::Kind::kPeriodic;
  const std::int64_t gap = (is_periodic ? wobble.period / 2 : wobble.period).count();
  const std::int64_t knot = elapsed.count() / gap;
  const std::int64_t begin = error_at_knot(wobble, seed, knot);
  const std::int64_t end = error_at_knot(wobble, seed, knot + 1);
  return Nanoseconds(begin + mul_div_floor(end - begin, elapsed.count() % gap, gap));
}

}  // namespace shardproof::sim
