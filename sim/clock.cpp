// SPDX-License-Identifier: Apache-2.0
#include "sim/clock.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/mul_div.hpp"

namespace shardproof::sim {
namespace {

constexpr std::int64_t kBillion = 1'000'000'000;

}  // namespace

Clock::Clock(Nanoseconds offset, std::int64_t drift_ppb)
    : base_local_(offset), drift_ppb_(drift_ppb) {
  SHARDPROOF_CHECK(drift_ppb > -kBillion, "drift {} ppb", drift_ppb);
}

Instant Clock::steady(Instant now) const {
  const Nanoseconds elapsed = now - base_true_;
  SHARDPROOF_CHECK(elapsed.count() >= 0, "{} is before {}", now, base_true_);
  if (drift_ppb_ == 0) return base_local_ + elapsed;
  return base_local_ + elapsed + Nanoseconds(mul_div_floor(elapsed.count(), drift_ppb_, kBillion));
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
  Int128 elapsed = local;
  if (drift_ppb_ != 0) {
    const Int128 rate = static_cast<Int128>(kBillion) + drift_ppb_;
    elapsed = (local * kBillion + rate - 1) / rate;
  }
  const Int128 delay = elapsed - (now - base_true_).count();
  if (delay <= 0) return Nanoseconds(0);
  if (delay >= Nanoseconds::max().count()) return Nanoseconds::max();
  return Nanoseconds(static_cast<std::int64_t>(delay));
}

/// The error is within an amplitude to either side: the answer lies between what a steady clock
/// would take for a target that much lower, and higher. It is looked for where a straight line
/// between the readings at both ends meets the target, which finds it in two steps if no knot lies
/// between, and by bisection every third time, so that no shape of the wobble takes long.
Nanoseconds Clock::wobbling_delay(Instant now, Int128 target) const {
  const std::int64_t error = wobble_.amplitude.count();
  std::int64_t low = steady_delay(now, target - error).count();
  std::int64_t high = steady_delay(now, target + error).count();
  if (high == Nanoseconds::max().count()) return Nanoseconds::max();
  // How much the reading lacks then: at most what two amplitudes make.
  const auto lack = [&](std::int64_t delay) {
    return static_cast<std::int64_t>(target - raw(now + Nanoseconds(delay)).count());
  };
  std::int64_t low_lack = lack(low);
  std::int64_t high_lack = lack(high);
  if (low_lack <= 0) high = low;
  for (int step = 1; high - low > 1; ++step) {
    std::int64_t middle = low + (high - low) / 2;
    if (step % 3 != 0) {
      middle = low + mul_div_floor(high - low, low_lack, low_lack - high_lack);
      middle = std::clamp(middle, low + 1, high - 1);
    }
    const std::int64_t middle_lack = lack(middle);
    (middle_lack > 0 ? low : high) = middle;
    (middle_lack > 0 ? low_lack : high_lack) = middle_lack;
  }
  // In a nanosecond the wobble takes back one at most: a clock that is not slow never wavers.
  if (drift_ppb_ >= 0) return Nanoseconds(high);
  // Drift and wobble are rounded apart, so that the reading of a slow one may waver by a
  // nanosecond: the target may have been reached a moment before what the search takes for the
  // first time.
  constexpr std::int64_t kWaverMax = 8;
  for (std::int64_t back = std::min(kWaverMax, high); back > 0; --back) {
    if (lack(high - back) <= 0) return Nanoseconds(high - back);
  }
  return Nanoseconds(high);
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
