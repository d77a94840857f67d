// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/base/random.hpp"
#include "sim/kernel/scheduler.hpp"
#include "sim/kernel/trace_digest.hpp"

namespace shardproof::sim {
namespace {

/// As large as the events of the cluster's world.
struct Payload {
  std::uint64_t words[5] = {};
};

Nanoseconds exponential(Random& random, std::int64_t mean_ns) {
  return Nanoseconds(multiply_q32(random.exponential_q32(), mean_ns));
}

/// A scheduler with `pending` events, digest on, in the steady state of the hold model.
class Hold {
 public:
  Hold(std::size_t pending, TiePolicy tie_policy) : scheduler_(tie_policy) {
    for (std::size_t i = 0; i < pending; ++i) {
      scheduler_.schedule_after(exponential(random_, kMeanNs), Payload{{i}});
    }
    for (std::size_t i = 0; i < 2 * pending; ++i) step();
  }

  void step() {
    scheduler_.next(event_);
    digest_.fold(event_.time, event_.payload.words[0], 0, 0);
    scheduler_.schedule_after(exponential(random_, kMeanNs), event_.payload);
  }

  std::uint64_t digest() const { return digest_.value(); }

 private:
  static constexpr std::int64_t kMeanNs = 1'000'000'000;

  Scheduler<Payload> scheduler_;
  TraceDigest digest_;
  Random random_{1};
  Event<Payload> event_;
};

void BM_Hold(benchmark::State& state) {
  Hold hold(static_cast<std::size_t>(state.range(0)), TiePolicy::fifo());
  for (auto _ : state) hold.step();
  benchmark::DoNotOptimize(hold.digest());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Hold)->RangeMultiplier(10)->Range(10, 1'000'000);

void BM_HoldWithRandomTies(benchmark::State& state) {
  Hold hold(static_cast<std::size_t>(state.range(0)), TiePolicy::random(Random(2)));
  for (auto _ : state) hold.step();
  benchmark::DoNotOptimize(hold.digest());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_HoldWithRandomTies)->Arg(1'000)->Arg(100'000);

/// Requests with a timeout that is nearly always cancelled: a short delay beside a long one.
void BM_TimerSetAndCancelled(benchmark::State& state) {
  Scheduler<Payload> scheduler;
  Random random(1);
  std::vector<TimerHandle> timeouts(static_cast<std::size_t>(state.range(0)));
  for (std::uint64_t i = 0; i < timeouts.size(); ++i) {
    timeouts[i] = scheduler.schedule_after(seconds(1), Payload{{i, 1}});
    scheduler.schedule_after(exponential(random, 200'000), Payload{{i, 0}});
  }
  Event<Payload> event;
  for (auto _ : state) {
    scheduler.next(event);
    const std::uint64_t i = event.payload.words[0];
    if (event.payload.words[1] == 0) scheduler.cancel(timeouts[i]);
    timeouts[i] = scheduler.schedule_after(seconds(1), Payload{{i, 1}});
    scheduler.schedule_after(exponential(random, 200'000), Payload{{i, 0}});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TimerSetAndCancelled)->Arg(100)->Arg(10'000);

/// All nodes tick at the same instants.
void BM_EqualTimes(benchmark::State& state) {
  Scheduler<Payload> scheduler;
  const auto nodes = static_cast<std::uint64_t>(state.range(0));
  for (std::uint64_t i = 0; i < nodes; ++i) scheduler.schedule_after(seconds(1), Payload{{i}});
  Event<Payload> event;
  for (auto _ : state) {
    scheduler.next(event);
    scheduler.schedule_after(seconds(1), event.payload);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_EqualTimes)->Arg(10)->Arg(1'000)->Arg(100'000);

void BM_DigestFold(benchmark::State& state) {
  TraceDigest digest;
  std::int64_t time = 0;
  for (auto _ : state) digest.fold(Instant(Nanoseconds(++time)), 1, 2, 3);
  benchmark::DoNotOptimize(digest.value());
}
BENCHMARK(BM_DigestFold);

void BM_ExponentialDraw(benchmark::State& state) {
  Random random(1);
  for (auto _ : state) benchmark::DoNotOptimize(random.exponential_q32());
}
BENCHMARK(BM_ExponentialDraw);

}  // namespace
}  // namespace shardproof::sim
