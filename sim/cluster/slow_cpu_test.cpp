// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/slow_cpu.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

WorldEvent timer(TimerKind kind) {
  WorldEvent event;
  event.kind = EventKind::Timer;
  event.detail = static_cast<std::uint8_t>(kind);
  return event;
}

TEST(SlowCpu, TheSlowestOfWhatHoldsItUpCounts) {
  SlowCpu cpu;
  EXPECT_FALSE(cpu.is_slow());
  const FaultId first = cpu.add(Ratio(3, 1));
  const FaultId second = cpu.add(Ratio(5, 1));
  EXPECT_EQ(cpu.delay(microseconds(20)), microseconds(80));
  cpu.heal(second);
  EXPECT_EQ(cpu.delay(microseconds(20)), microseconds(40));
  cpu.heal(first);
  EXPECT_EQ(cpu.delay(microseconds(20)), Nanoseconds(0));
  EXPECT_FALSE(cpu.is_slow());
}

TEST(SlowCpu, InputsTakeTurnsInTheirOrderAndACrashForgetsThem) {
  SlowCpu cpu;
  WorldEvent message;
  message.kind = EventKind::Message;
  cpu.push(timer(TimerKind::Heartbeat), {});
  cpu.push(message, {});
  EXPECT_EQ(cpu.pop().event.kind, EventKind::Timer);
  EXPECT_EQ(cpu.pop().event.kind, EventKind::Message);
  cpu.push(message, {});
  cpu.forget();
  EXPECT_TRUE(cpu.waiting().empty());
}

TEST(SlowCpu, ATimerThatIsCancelledWhileItWaitsIsVoidAndOthersAreNot) {
  SlowCpu cpu;
  cpu.push(timer(TimerKind::Heartbeat), {});
  cpu.push(timer(TimerKind::Router), {});
  cpu.cancel_timer(TimerKind::Heartbeat);
  cpu.push(timer(TimerKind::Heartbeat), {});
  EXPECT_TRUE(cpu.pop().is_void);
  EXPECT_FALSE(cpu.pop().is_void);
  EXPECT_FALSE(cpu.pop().is_void) << "this one ran out after it had been set anew";
}

}  // namespace
}  // namespace shardproof::sim
