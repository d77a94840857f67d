// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "sim/run/runner.hpp"
#include "sim/scenario/reader.hpp"

namespace shardproof::testing {

/// A small world of one shard that is moved by a drain while clients write, messages get lost and come
/// twice, and somebody crashes in one phase of the move.
struct MigrationWorld {
  std::string phase = "copy";
  /// Selector of who crashes, as a scenario writes it.
  std::string victim = "\"coordinator\"";
  std::string write_mode = "queue";
  /// Selector of who is drained: the leader or another in-sync holder.
  std::string drained = "leader";
  int loss_per_mille = 5;
};

inline std::string to_toml(const MigrationWorld& world) {
  return fmt::format(R"(schema = 1
name = "migration"
duration = "8s"
tie = "random"
cluster = {{ nodes = 4 }}
network = {{ loss = {:.3f}, duplication = 0.02 }}
migration = {{ write_mode = "{}", chunk = "4KB", chunk_timeout = "100ms" }}
checks = {{ audit_every = 256 }}
[[collection]]
database = "shop"
name = "orders"
shards = 1
replication_factor = 2
documents = {{ count = 40, size = "400B" }}
[[traffic]]
rate = "60/s"
clients = 6
mix = {{ read = 0.4, replace = 0.4, insert = 0.1, remove = 0.1 }}
[[at]]
time = "500ms"
drain = {{ node = {{ {} = "shop.orders", shard = 0 }} }}
[[when]]
condition = 'migration.phase == "{}"'
crash = {{ node = {} }}
restart_after = "1500ms"
)",
                     world.loss_per_mille / 1000.0, world.write_mode, world.drained, world.phase,
                     world.victim);
}

inline sim::ScenarioSpec read_world(const std::string& toml) {
  auto read = sim::read_scenario(toml, "world.toml");
  if (read) return std::move(read->spec);
  std::string reasons;
  for (const auto& problem : read.error().diagnostics) reasons += to_string(problem) + "\n";
  throw std::runtime_error(reasons);
}

inline sim::RunResult run_world(const sim::ScenarioSpec& spec, std::uint64_t seed) {
  sim::RunOptions options;
  options.seed = seed;
  auto result = sim::run(spec, options);
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

/// What was found, for a person; empty if nothing was.
inline std::string findings(const sim::RunResult& result) {
  std::string text;
  for (const sim::ViolationRecord& violation : result.violations) {
    text += fmt::format("seed {}: {}: {}\n", result.seed, violation.name, violation.message);
  }
  return text;
}

}  // namespace shardproof::testing
