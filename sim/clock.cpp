// SPDX-License-Identifier: Apache-2.0
#include "sim/clock.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

constexpr std::int64_t kBillion = 1'000'000'000;

/// floor(elapsed * drift_ppb / 1e9), for elapsed >= 0.
std::int64_t drift_over(std::int64_t elapsed, std::int64_t drift_ppb) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(elapsed, drift_ppb, &product)) {
    return product / kBillion - (product % kBillion < 0 ? 1 : 0);
  }
  const Int128 wide = static_cast<Int128>(elapsed) * drift_ppb;
  return static_cast<std::int64_t>(wide / kBillion - (wide % kBillion < 0 ? 1 : 0));
}

}  // namespace

Clock::Clock(Nanoseconds offset, std::int64_t drift_ppb)
    : base_local_(offset), drift_ppb_(drift_ppb) {
  SHARDPROOF_CHECK(drift_ppb > -kBillion, "drift {} ppb", drift_ppb);
}

Instant Clock::steady(Instant now) const {
  const Nanoseconds elapsed = now - base_true_;
  SHARDPROOF_CHECK(elapsed.count() >= 0, "{} is before {}", now, base_true_);
  if (drift_ppb_ == 0) return base_local_ + elapsed;
  return base_local_ + elapsed + Nanoseconds(drift_over(elapsed.count(), drift_ppb_));
}

Instant Clock::raw(Instant now) const {
  if (!wobble_.is_on()) return steady(now);
  return steady(now) + wobble_error(wobble_, wobble_seed_, now - wobble_since_);
}

Instant Clock::read(Instant now) {
  last_read_ = std::max(last_read_, raw(now));
  return last_read_;
}

Nanoseconds Clock::true_delay(Instant now, Nanoseconds local_delay) {
  SHARDPROOF_CHECK(local_delay.count() >= 0, "delay {}", local_delay);
  const Int128 target = static_cast<Int128>(read(now).count()) + local_delay.count();
  return wobble_.is_on() ? wobbling_delay(now, target) : steady_delay(now, target);
}

/// The shortest after which `steady` is at least `target`.
Nanoseconds Clock::steady_delay(Instant now, Int128 target) const {
  const Int128 local = target - base_local_.count();
  if (local <= 0) return Nanoseconds(0);
  // The smallest e with e + floor(e * drift / 1e9) >= local.
  const Int128 rate = static_cast<Int128>(kBillion) + drift_ppb_;
  const Int128 elapsed = (local * kBillion + rate - 1) / rate;
  const Int128 delay = elapsed - (now - base_true_).count();
  if (delay <= 0) return Nanoseconds(0);
  if (delay >= Nanoseconds::max().count()) return Nanoseconds::max();
  return Nanoseconds(static_cast<std::int64_t>(delay));
}

/// The error is within an amplitude to either side: the answer is bisected between what a steady
/// clock would take for a target that much lower, and higher.
Nanoseconds Clock::wobbling_delay(Instant now, Int128 target) const {
  const std::int64_t error = wobble_.amplitude.count();
  Nanoseconds low = steady_delay(now, target - error);
  Nanoseconds high = steady_delay(now, target + error);
  if (high == Nanoseconds::max()) return high;
  while (low < high) {
    const Nanoseconds middle = low + (high - low) / 2;
    if (raw(now + middle).count() >= target) {
      high = middle;
    } else {
      low = middle + Nanoseconds(1);
    }
  }
  // Drift and wobble are rounded apart, so that the reading may waver by a nanosecond: the target
  // may have been reached a moment before what the bisection takes for the first time.
  constexpr std::int64_t kWaverMax = 8;
  for (std::int64_t back = std::min(kWaverMax, high.count()); back > 0; --back) {
    const Nanoseconds earlier = high - Nanoseconds(back);
    if (raw(now + earlier).count() >= target) return earlier;
  }
  return high;
}

void Clock::rebase(Instant now, Nanoseconds step) {
  base_local_ = steady(now) + step;
  base_true_ = now;
}

void Clock::step(Instant now, Nanoseconds by) { rebase(now, by); }

void Clock::set_drift(Instant now, std::int64_t drift_ppb) {
  SHARDPROOF_CHECK(drift_ppb > -kBillion, "drift {} ppb", drift_ppb);
  rebase(now, Nanoseconds(0));
  drift_ppb_ = drift_ppb;
}

void Clock::set_wobble(Instant now, const ClockWobble& wobble, std::uint64_t seed) {
  rebase(now, raw(now) - steady(now));
  wobble_ = wobble;
  wobble_seed_ = seed;
  wobble_since_ = now;
}

void Clock::restart(Instant now) { last_read_ = raw(now); }

}  // namespace shardproof::sim
