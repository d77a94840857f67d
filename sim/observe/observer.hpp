// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/facts.hpp"
#include "core/shard_table.hpp"
#include "sim/observe/cluster_tally.hpp"
#include "sim/observe/copy_traffic.hpp"
#include "sim/observe/event_log.hpp"
#include "sim/observe/fault_tally.hpp"
#include "sim/observe/flow_tally.hpp"
#include "sim/observe/integrals.hpp"
#include "sim/observe/latency.hpp"
#include "sim/observe/load_history.hpp"
#include "sim/observe/load_tally.hpp"
#include "sim/observe/metric_catalogue.hpp"
#include "sim/observe/migration_ledger.hpp"
#include "sim/observe/move_tally.hpp"
#include "sim/observe/peers/peer_state.hpp"
#include "sim/observe/plan_tally.hpp"
#include "sim/observe/route_tally.hpp"
#include "sim/observe/run_result.hpp"
#include "sim/observe/scope_history.hpp"
#include "sim/observe/scope_series.hpp"
#include "sim/observe/skew_readings.hpp"
#include "sim/observe/space_tally.hpp"
#include "sim/observe/store_series.hpp"
#include "sim/observe/store_tally.hpp"

namespace shardproof::sim {

/// Watches a run: the one source of every metric of the catalogue. The cluster calls the hooks in
/// the order in which things happen, times never decreasing; nothing here changes the run. A hook
/// is O(1) unless it says otherwise, and a fact that counts for nothing costs one switch.
///
/// A run begins with the initial table, given to `on_commit` before the first event, and with every
/// process down until `on_process` says otherwise.
class Observer {
 public:
  /// An event is about to be delivered: counts it and sets the time of what follows.
  void on_event(Instant now) {
    set_time(now);
    ++events_;
  }
  /// The same while the cluster is set up, at that time of the world. For metrics and series no
  /// time passes then, and the log's times are known only when the scenario begins.
  void on_setup_event(Instant world_now) {
    log_time_ = world_now;
    ++events_;
  }
  /// What migrations may use, for the bound on their makespan.
  void set_limits(const distribution::MoveLimits& limits) { traffic_.set_limits(limits); }
  /// The scenario's time begins at that time of the world: from it on the log counts.
  void begin_scenario(Instant origin);
  /// The time of what follows, without an event: for the end of the run.
  void set_time(Instant now) { now_ = log_time_ = now; }

  /// Node `node` stated a fact.
  void on_fact(const Fact& fact, NodeId node);
  /// A node's process handled an input, which kept its processor busy for so long; `shard` is what
  /// it was about, or none. What is known of processors is as of the last other change, or sample.
  /// O(1).
  void on_input(NodeId node, ShardId shard, Nanoseconds busy);
  /// A node's interface has sent a message, about a shard or none, to somebody else. What is known
  /// of networks is as of the last other change, or sample. O(1).
  void on_message_sent(NodeId from, ShardId shard, Bytes size) {
    const bool by_leader = shard.has_value() && cluster_.shard(shard).leader == from;
    flows_.on_sent(from, shard, by_leader, size);
  }
  /// A node's interface has received a message of somebody else's, whatever becomes of it. O(1).
  void on_message_received(NodeId to, Bytes size) { flows_.on_received(to, size); }
  /// The metadata store applied a commit; `delta` holds the records as they are now. In the
  /// single-node mode: the node's own table changed. O(records).
  void on_commit(const TableDelta& delta);
  /// The node's process came up, went down, stood still or went on. O(shards).
  void on_process(NodeId node, ProcessState state);
  /// The node's process, which has just come up, runs that version of the software, and ran another
  /// one before, if only the one that all begin with.
  void on_version(NodeId node, std::string_view version);
  /// The node's lease lasts until `until` in true time, as far as its clock tells now. In the
  /// single-node mode: at each boot, `Instant::never()`.
  void on_lease(NodeId node, Instant until) { integrals_.on_lease(node, until, now_); }

  /// A client has a new request to issue; once for each, later attempts are retries.
  void on_client_request() { ++clients_.requests; }
  void on_client_retry() { ++clients_.retries; }
  /// The final outcome of a request that was due at `intended`: latency counts from there, also if
  /// the client was busy and issued it later, so that a stall is seen by all requests it delayed.
  /// `is_write`: it was to change a document.
  void on_client_reply(ReplyStatus status, bool is_write, Instant intended) {
    clients_.on_reply(status, is_write, now_ - intended);
    forget_peer_figures();
  }

  /// A fault struck. `text` is for the log; without one it is only counted. Crash, restart and
  /// pause are logged by `on_process` already.
  void on_fault(FaultKind kind, NodeId node = NodeId::none(), std::string_view text = {});
  /// A random fault was due; `text` is for the log and says what became of it.
  void on_chaos(NodeId node, std::string_view text);
  /// An operator asked for something, about a node or a shard or neither.
  void on_command(NodeId node, ShardId shard, std::string_view command);
  /// It was done, or else refused; `answer` is the reason, or what was asked for.
  void on_command_end(NodeId node, ShardId shard, std::string_view command, bool is_done,
                      std::string_view answer);
  /// A check found something at that time; the runner records it in full.
  void on_violation(ShardId shard, NodeId node, std::string_view text, Instant time);

  /// A metric that conditions may use, exact as of now. O(1).
  MetricValue condition_value(MetricIndex metric) const;
  /// Any metric but choices; nothing if it cannot be computed (a ratio to nothing, a percentile of
  /// no request). What nodes hold is as of the last sample. Safety integrals are O(shards), skew is
  /// O(nodes log nodes), `migration.*.minimum` O(copies log copies) after a change, else O(1).
  std::optional<ExactValue> value(MetricIndex metric) const;

  /// Every sampling interval and at the end, before expectations are judged: takes in what nodes
  /// hold. Then `end_sample` once they are judged, which writes a row of the series.
  void begin_sample(const std::vector<NodeSample>& nodes);
  void end_sample();

  /// Fills in the parts of the result that are known here: times, events, metrics, skew, safety,
  /// ledger, faults, series and log. The observer is done then.
  void finish(RunResult& result);

  /// Of the whole cluster, without logarithms. O(1) but for the first time after a change.
  const std::optional<Skew>& skew(SkewDimension dimension) const {
    return skews_.of(dimension, cluster_, loads_);
  }
  /// Of every scope but the cluster, what is followed over time. O(1) but for the first time after
  /// a change.
  const std::vector<ScopeSample>& scope_samples() const { return skews_.samples(cluster_, loads_); }
  /// Of every scope, the cluster first. O(1) but for the first time after a change.
  const std::vector<ScopedSkew>& scoped_skew() const { return skews_.scopes(cluster_, loads_); }
  /// Those of other systems, by the metric's name. O(copies), and what the figures take, after a
  /// change, else O(1).
  const peers::PeerFigures& peer_figures() const;
  SafetyFigures safety() const {
    return safety_of_row_ ? *safety_of_row_ : integrals_.figures(now_);
  }
  const ClientTally& clients() const { return clients_; }

  Instant now() const { return now_; }
  std::uint64_t events() const { return events_; }

 private:
  struct FactVisitor;
  friend struct MetricReaders;

  /// Something that readings were made of has changed.
  void forget_readings() {
    skews_.forget();
    forget_peer_figures();
  }
  void forget_peer_figures() {
    if (peer_figures_) peer_figures_.reset();
  }
  void log(LogKind kind, NodeId node, ShardId shard, MigrationId migration, std::string text);
  void on_shard_record(const ShardInfo& after);
  void on_node_record(const NodeRecord& record);
  void on_collection_record(const CollectionConfig& record);
  void count_request(NodeId node, ShardId shard);
  Bytes shard_bytes(ShardId shard) const;
  const MoveMinimum& minimum() const;
  std::vector<ScopedSkew> skew_of_the_run() const;
  std::vector<StoreFigures> stores() const {
    return store_figures(cluster_, loads_, stores_, now_);
  }

  Instant now_;
  Instant log_time_;  ///< now_, but for the time of setting up
  std::uint64_t events_ = 0;
  ClusterTally cluster_;
  SafetyIntegrals integrals_;
  MigrationLedger ledger_;
  MoveTally moves_;
  CopyTraffic traffic_;
  SpaceTally space_;
  PlanTally plans_;
  RouteTally routes_;
  StoreTally stores_;
  FlowTally flows_;
  LoadHistory load_history_;
  ScopeHistory scope_history_;
  std::uint64_t leader_transfers_ = 0;
  LoadTally loads_;
  ClientTally clients_;
  FaultTally faults_;
  std::uint64_t leaders_taken_ = 0;
  OperatorFigures operator_;
  std::vector<VersionTaken> versions_;
  Series series_;
  /// While a row of the series is made, which reads them once for each kind: they are O(shards).
  std::optional<SafetyFigures> safety_of_row_;
  ScopeSeries scope_series_;
  StoreSeries store_series_;
  EventLog log_;
  /// `migration.*.minimum` as of one placement: computing it at each sample would be too dear.
  mutable std::optional<std::uint64_t> minimum_version_;
  mutable MoveMinimum minimum_;
  mutable SkewReadings skews_;
  mutable std::optional<peers::PeerFigures> peer_figures_;
};

}  // namespace shardproof::sim
