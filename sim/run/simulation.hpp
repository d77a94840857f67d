// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "sim/check/core_view.hpp"
#include "sim/cluster/chaos.hpp"
#include "sim/cluster/event_script.hpp"
#include "sim/cluster/loader.hpp"
#include "sim/cluster/workload.hpp"
#include "sim/run/expectations.hpp"
#include "sim/run/quiet_meter.hpp"
#include "sim/run/runner.hpp"
#include "sim/run/stream_ledger.hpp"

namespace shardproof::sim {

/// One run of one scenario, in its parts: setting up (nodes boot, collections are created,
/// documents loaded, all before the scenario's time begins), the scenario itself, and settling
/// (faults end, no new requests come, and what must hold at rest is checked).
class Simulation final : public World {
 public:
  Simulation(const ScenarioSpec& spec, const RunOptions& options);

  RunOutcome run();
  /// What has ended it from inside, and where.
  RunCrash crash(const std::exception& error) const;

  // --- World, for who follows the run ---------------------------------------------------------

  std::uint64_t events() const override { return cluster_.digest().events(); }
  bool has_begun() const override { return cluster_.has_begun(); }
  Instant time() const override { return cluster_.scenario_time(); }
  Instant origin() const override { return cluster_.origin(); }
  WorldState state() const override;
  void reseed(std::uint64_t seed) override;

  /// Shows every random stream that the run keeps, in an order of its own.
  void visit_streams(StreamVisitor& visitor);

 private:
  Result<void> set_up();
  Result<void> wait_until_ready();
  Result<void> open_traces();
  bool is_ready() const;
  bool begins_as_told() const;
  void create_collections();
  void make_key_spaces();
  void begin();
  /// False if the run was told to stop.
  bool advance_to(Instant limit);
  /// What the documents of the copies on a node occupy, on average and without what the storage
  /// engine adds.
  Bytes documents_of(NodeId node) const;
  /// What to say if the documents do not fit on some disk; empty if none has refused a write.
  std::string full_disk_text();
  std::string missing_text() const;
  /// False if the run was told to stop.
  bool settle(Observer& aftermath);
  /// Ends the faults, but for those of whoever is to stay broken for good.
  void heal();
  /// False if the run was told to stop.
  bool come_to_rest();
  /// `counted`: for how long the events of the rest were counted.
  void on_rest(Nanoseconds counted);
  /// The table goes on changing.
  PendingItem unrest(Revision before) const;
  /// How long coming to rest may take.
  Nanoseconds copying_time() const;
  Nanoseconds patience() const;
  void note_unserved();
  /// Whether an operator's command can never be done: by somebody who is broken for good, or with
  /// what is.
  bool is_hopeless(const message::AdminRequest& command) const;
  /// The world of those who are not broken for good.
  check::CoreView view() const;
  /// Judges what clients asked and were told. O(n log n) for n operations.
  void judge_history();
  /// Whether some shard that the document can have been in may have lost it.
  bool is_excused(const History::Key& key) const;
  /// What keeps the world from being at rest.
  std::vector<PendingItem> unfinished() const;
  std::vector<ShardId> lost_shards() const;
  /// The same, with who waits for what: for people.
  std::vector<PendingItem> pending() const;
  NodeStanding standing(NodeId node) const;
  void count_draws();
  void sample();
  RunResult finish(bool interrupted);

  const ScenarioSpec& spec_;
  const RunOptions& options_;
  std::uint64_t seed_ = 0;
  Streams streams_;
  check::CheckConfig check_config_;
  Observer observer_;
  check::CheckSuite checks_;
  DomainNames domains_;
  Cluster cluster_;
  OperatorConsole console_;
  FaultInjector injector_;
  ActiveEffects effects_;
  EventScript script_;
  Chaos chaos_;
  History history_;
  ClientHub clients_;
  Expectations expectations_;
  std::vector<std::optional<TraceReader>> traces_;
  std::vector<CollectionConfig> collections_;
  std::vector<std::unique_ptr<KeySpace>> key_spaces_;
  LoadPace load_pace_;
  std::vector<std::unique_ptr<Loader>> loaders_;
  std::vector<std::unique_ptr<Workload>> workloads_;
  std::size_t created_ = 0;
  std::string setup_trouble_;
  std::vector<NodeId> outside_;
  RunPlace own_place_;
  RunPlace& place_;
  QuietMeter quiet_;
  std::optional<SettlingFigures> settling_;
  /// Events since the caller was last asked whether to go on, whatever part of the run they are of.
  std::uint64_t since_progress_ = 0;
  /// The caller said no.
  bool is_stopped_ = false;
  /// In the scenario's time.
  Instant next_sample_;
  /// None unless draws are counted.
  std::optional<StreamLedger> ledger_;
  /// The number of events after which draws are counted next.
  std::uint64_t next_mark_ = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace shardproof::sim
