// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "sim/kernel/scheduler.hpp"
#include "sim/kernel/trace_digest.hpp"

namespace {
std::uint64_t allocations = 0;
}

// Counts every allocation of this program. Out of line, so that the compiler doesn't compare an
// inlined free with the standard's operator new.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto unit = static_cast<std::size_t>(alignment);
  void* memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace shardproof::sim {
namespace {

struct Payload {
  std::uint64_t words[5] = {};
};

/// The hold model with a long timer per event that is set and cancelled, digest on.
class Steady {
 public:
  Steady() {
    for (int i = 0; i < 2'000; ++i) scheduler_.schedule_after(delay(), Payload{});
  }

  void run(int events) {
    for (int i = 0; i < events; ++i) {
      ASSERT_TRUE(scheduler_.next(event_));
      digest_.fold(event_.time, event_.sequence, 0, 0);
      scheduler_.schedule_after(delay(), event_.payload);
      scheduler_.cancel(scheduler_.schedule_after(hours(1), Payload{}));
    }
  }

 private:
  Nanoseconds delay() { return Nanoseconds(multiply_q32(random_.exponential_q32(), 1'000'000)); }

  Scheduler<Payload> scheduler_;
  TraceDigest digest_;
  Random random_{1};
  Event<Payload> event_;
};

TEST(SchedulerAllocation, SteadyStateAllocatesNothing) {
  Steady steady;
  const std::uint64_t before_warm_up = allocations;
  steady.run(300'000);
  EXPECT_GT(allocations, before_warm_up);
  const std::uint64_t after_warm_up = allocations;
  steady.run(300'000);
  EXPECT_EQ(allocations, after_warm_up);
}

}  // namespace
}  // namespace shardproof::sim
