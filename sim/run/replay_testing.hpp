// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/check.hpp"
#include "sim/run/runner.hpp"
#include "sim/scenario/scenario_testing.hpp"

/// A short run to look at, for the tests of those who follow runs.
namespace shardproof::sim::testing {

/// Three nodes, of which one crashes and comes back; traffic all the time; random ties, losses and
/// delays, so that every kind of stream is drawn from.
inline ScenarioSpec lively_scenario() {
  return scenario_of(R"toml(
schema = 1
name = "lively"
seed = 5
duration = "4s"
tie = "random"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
shards = 4
replication_factor = 2
documents = { count = 100 }
[[traffic]]
rate = "100/s"
clients = 4
mix = { read = 0.5, replace = 0.5 }
[network]
latency = "exponential(200us, 500us)"
loss = "0.1%"
[[at]]
time = "1s"
crash = { node = "n1" }
restart_after = "1s"
)toml");
}

inline RunResult run_of(const ScenarioSpec& spec, const RunOptions& options) {
  auto result = run(spec, options);
  SHARDPROOF_CHECK(result.has_value(), "{}", result.error().message);
  return std::move(*result);
}

/// A fault of the simulator: what a run draws after an event depends on something else than its
/// seed.
class HiddenChance final : public RunWatch {
 public:
  /// `next`: who follows the run beside it, or null.
  HiddenChance(std::uint64_t event, std::uint64_t seed, RunWatch* next)
      : event_(event), seed_(seed), next_(next) {}

  void on_delivery(const Delivery& delivery) override {
    if (next_ != nullptr) next_->on_delivery(delivery);
  }
  void on_fact(NodeId node, const Fact& fact) override {
    if (next_ != nullptr) next_->on_fact(node, fact);
  }
  bool after_event(World& world) override {
    if (world.events() == event_) world.reseed(seed_);
    return next_ == nullptr || next_->after_event(world);
  }

 private:
  std::uint64_t event_;
  std::uint64_t seed_;
  RunWatch* next_;
};

}  // namespace shardproof::sim::testing
