// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/run/runner.hpp"
#include "sim/scenario/reader.hpp"

namespace shardproof::testing {

/// Somebody crashes when a migration comes into a phase.
struct MigrationCrash {
  std::string phase = "copy";
  /// Selector of who, as a scenario writes it.
  std::string victim = "\"coordinator\"";
  /// What becomes of sectors that were not synced.
  std::string unsynced = "lost";
};

/// A small world whose shards are moved by a drain while clients write, messages get lost and come
/// twice, the metadata store loses answers or is gone, nodes crash, stand still or are cut off, and
/// an operator calls a migration off. All of it heals in time.
struct MigrationWorld {
  std::vector<MigrationCrash> crashes = {{}};
  std::string write_mode = "queue";
  /// Selector of who is drained: the leader of the first shard or another in-sync holder.
  std::string drained = "leader";
  int loss_per_mille = 5;
  int shards = 1;
  int lost_answers_per_mille = 0;
  /// The phase in which the metadata store is gone for a while; empty for none.
  std::string outage_phase;
  /// The phase in which an operator calls the first shard's migration off; empty for none.
  std::string abort_phase;
  /// The phase in which the coordinator stands still for longer than its lease; empty for none.
  std::string pause_phase;
  /// The phase in which source and target don't hear each other for a while; empty for none.
  std::string cut_phase;
};

inline std::string to_toml(const MigrationCrash& crash) {
  return fmt::format(R"([[when]]
condition = 'migration.phase == "{}"'
crash = {{ node = {}, unsynced = "{}" }}
restart_after = "1500ms"
)",
                     crash.phase, crash.victim, crash.unsynced);
}

/// An event that happens once, when a migration is in the phase; nothing without one.
inline std::string in_phase(const std::string& phase, const std::string& action) {
  if (phase.empty()) return {};
  return fmt::format("[[when]]\ncondition = 'migration.phase == \"{}\"'\n{}\n", phase, action);
}

inline std::string to_toml(const MigrationWorld& world) {
  std::string text = fmt::format(R"(schema = 1
name = "migration"
duration = "12s"
tie = "random"
cluster = {{ nodes = 4 }}
network = {{ duplication = 0.02 }}
migration = {{ write_mode = "{}", chunk = "4KB", chunk_timeout = "100ms", phase_timeout = "2s" }}
checks = {{ audit_every = 256 }}
[[collection]]
database = "shop"
name = "orders"
shards = {}
replication_factor = 2
documents = {{ count = 40, size = "400B" }}
[[traffic]]
rate = "60/s"
clients = 6
mix = {{ read = 0.4, replace = 0.4, insert = 0.1, remove = 0.1 }}
stop = "8s"
[[at]]
time = "100ms"
network = {{ loss = {:.3f}, duplication = 0.02 }}
until = "6s"
[[at]]
time = "100ms"
metadata = {{ lost_answers = {:.3f} }}
until = "6s"
[[at]]
time = "500ms"
drain = {{ node = {{ {} = "shop.orders", shard = 0 }} }}
)",
                                 world.write_mode, world.shards, world.loss_per_mille / 1000.0,
                                 world.lost_answers_per_mille / 1000.0, world.drained);
  for (const MigrationCrash& crash : world.crashes) text += to_toml(crash);
  text += in_phase(world.outage_phase, "metadata = { outage = true }\nlasts = \"1s\"");
  text += in_phase(world.abort_phase, "abort = { collection = \"shop.orders\", shard = 0 }");
  text += in_phase(world.pause_phase, "pause = { node = \"coordinator\" }\nlasts = \"1300ms\"");
  text += in_phase(world.cut_phase,
                   "partition = { from = \"migration.source\", to = \"migration.target\" }\n"
                   "lasts = \"800ms\"");
  return text + R"([[expect]]
metric = "migrations.active"
equals = 0
[[expect]]
metric = "nodes.draining"
equals = 0
)";
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
  for (const sim::ExpectationResult& expected : result.expectations) {
    if (!expected.held) text += fmt::format("seed {}: not so: {}\n", result.seed, expected.text);
  }
  return text;
}

}  // namespace shardproof::testing
