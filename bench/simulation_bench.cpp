// SPDX-License-Identifier: Apache-2.0
//
// What a whole run delivers on one core: five nodes, three copies of real documents, a fifth of the
// traffic's writes replicated, with and without checks, so that their ratio is what all checks
// together cost. Setting up and settling are part of a run and of its time.

#include <benchmark/benchmark.h>

#include "sim/run/runner.hpp"
#include "sim/scenario/reader.hpp"

namespace shardproof::sim {
namespace {

constexpr const char* kUnderLoad = R"toml(
schema   = 1
name     = "five nodes under load"
duration = "20s"
[cluster]
nodes = 5
[[collection]]
database = "shop"
name     = "orders"
shards   = 16
replication_factor = 3
documents = { count = 20_000, size = "lognormal(1KB, 4KB)" }
[[traffic]]
rate    = "10000/s"
clients = 128
mix     = { read = 0.5, replace = 0.4, insert = 0.05, remove = 0.04, cas = 0.01 }
keys    = "zipf(0.99)"
[[at]]
time  = "8s"
crash = { node = 1 }
restart_after = "3s"
)toml";

void run_under_load(benchmark::State& state, bool with_checks, bool with_history) {
  auto scenario = read_scenario(kUnderLoad, "bench.toml");
  SHARDPROOF_CHECK(scenario.has_value());
  scenario->spec.checks.history = with_history;
  RunOptions options;
  options.with_checks = with_checks;
  std::uint64_t events = 0;
  for (auto _ : state) {
    const auto result = run(scenario->spec, options);
    SHARDPROOF_CHECK(result.has_value() && result->violations_total == 0);
    events += result->events;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}

BENCHMARK_CAPTURE(run_under_load, all_checks, true, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_under_load, no_history, true, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_under_load, no_checks, false, false)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace shardproof::sim
