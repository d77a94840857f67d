// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/observer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/observe/record_text.hpp"

namespace shardproof::sim {

/// What facts mean for metrics and log. All others mean nothing.
struct Observer::FactVisitor {
  Observer& observer;
  NodeId node;

  template <typename Ignored>
  void operator()(const Ignored&) const {}

  void operator()(const fact::ReadServed& f) const {
    observer.count_request(node, f.shard);
    observer.stores_.on_read(f.result, node);
    observer.flows_.on_read(f.shard, f.result);
  }
  void operator()(const fact::ReplicaReadServed& f) const {
    observer.count_request(node, f.shard);
    observer.stores_.on_read(f.result, node);
    observer.flows_.on_read(f.shard, f.result);
    ++observer.clients_.replica_reads;
  }
  void operator()(const fact::EntryApplied& f) const {
    observer.stores_.on_applied(f, node);
    if (observer.cluster_.shard(f.shard).leader == node) observer.flows_.on_write(f);
    observer.forget_peer_figures();
  }
  void operator()(const fact::WriteAccepted& f) const { observer.count_request(node, f.shard); }
  void operator()(const fact::ScanPartServed& f) const {
    observer.count_request(node, f.shard);
    observer.flows_.on_scan_part(f);
  }
  void operator()(const fact::RetryAnswered& f) const { observer.count_request(node, f.shard); }

  void operator()(const fact::LeadershipTaken& f) const {
    ++observer.leaders_taken_;
    observer.integrals_.on_leadership_taken(f.shard, node, f.epoch, observer.now_);
    log_shard(LogKind::kLeadership, f.shard,
              fmt::format("serves at {} from {} on", f.epoch, f.last));
  }
  void operator()(const fact::LeadershipLeft& f) const {
    observer.integrals_.on_leadership_left(f.shard, node, observer.now_);
    log_shard(LogKind::kLeadership, f.shard, fmt::format("stops serving at {}", f.epoch));
  }
  void operator()(const fact::WritesLocked& f) const {
    observer.integrals_.on_writes_locked(f.shard, node, observer.now_);
    observer.log(LogKind::kMigration, node, f.shard, f.migration, "holds writes back");
  }
  void operator()(const fact::WritesUnlocked& f) const {
    observer.integrals_.on_writes_unlocked(f.shard, node, observer.now_);
    observer.log(LogKind::kMigration, node, f.shard, f.migration, "lets writes go on");
  }
  void operator()(const fact::ChunkSent& f) const {
    observer.ledger_.on_chunk_sent(f, observer.shard_bytes(f.shard));
    observer.traffic_.on_chunk(f, node, observer.ledger_.is_active(f.migration), observer.cluster_);
    observer.stores_.on_chunk(f, node);
    observer.forget_peer_figures();
  }
  void operator()(const fact::RequestRouted& f) const {
    observer.routes_.on_routed(f, observer.cluster_.shard(f.shard));
  }
  void operator()(const fact::PlanMade& f) const {
    observer.plans_.on_plan(f);
    observer.forget_peer_figures();
  }
  void operator()(const fact::CopyCreated& f) const {
    log_shard(LogKind::kCopy, f.shard, "creates an empty copy");
  }
  void operator()(const fact::CopyRecovered& f) const {
    log_shard(LogKind::kCopy, f.shard, fmt::format("finds its copy again, up to {}", f.last));
  }
  void operator()(const fact::CopyInstalled& f) const {
    log_shard(LogKind::kCopy, f.shard,
              fmt::format("has a complete copy of {} up to {}", f.bytes, f.applied));
  }
  void operator()(const fact::CopyDropped& f) const {
    log_shard(LogKind::kCopy, f.shard,
              fmt::format("drops its copy, by {} at {}", f.epoch, f.revision));
  }
  void operator()(const fact::OfficeTaken& f) const {
    observer.cluster_.on_office_taken(node, f.term);
    log_shard(LogKind::kNode, ShardId::none(), fmt::format("is coordinator, term {}", f.term));
  }
  void operator()(const fact::OfficeLeft& f) const {
    observer.cluster_.on_office_left(node);
    log_shard(LogKind::kNode, ShardId::none(),
              fmt::format("is not coordinator any more, term {}", f.term));
  }
  void operator()(const fact::NodeSuspected& f) const {
    log_shard(LogKind::kNode, ShardId::none(), fmt::format("considers {} dead", f.node));
  }
  void operator()(const fact::NodeExpelled& f) const {
    log_shard(LogKind::kNode, ShardId::none(),
              fmt::format("hears {} no more: it is removed by force", f.node));
  }
  void operator()(const fact::NodeTrusted& f) const {
    log_shard(LogKind::kNode, ShardId::none(), fmt::format("considers {} alive", f.node));
  }

  void log_shard(LogKind kind, ShardId shard, std::string text) const {
    observer.log(kind, node, shard, MigrationId::none(), std::move(text));
  }
};

void Observer::on_fact(const Fact& fact, NodeId node) {
  std::visit(FactVisitor{*this, node}, fact);
}

void Observer::log(LogKind kind, NodeId node, ShardId shard, MigrationId migration,
                   std::string text) {
  log_.add({log_time_, events_, kind, node, shard, migration, std::move(text)});
}

void Observer::count_request(NodeId node, ShardId shard) {
  const CollectionId collection = cluster_.shard(shard).collection;
  if (!collection.has_value()) return;
  loads_.on_request(node, collection);
  forget_readings();
}

void Observer::on_input(NodeId node, ShardId shard, Nanoseconds busy) {
  const CollectionId none = CollectionId::none();
  loads_.on_input(node, shard.has_value() ? cluster_.shard(shard).collection : none, busy);
}

void Observer::on_commit(const TableDelta& delta) {
  forget_readings();
  skews_.forget_table();
  cluster_.set_revision(delta.revision);
  // Shards need their collections' replication factors and their nodes.
  for (const Record& record : delta.records) {
    if (const auto* collection = std::get_if<CollectionConfig>(&record)) {
      on_collection_record(*collection);
    } else if (const auto* settings = std::get_if<ClusterSettings>(&record)) {
      traffic_.on_order(settings->limits);
    } else if (const auto* node = std::get_if<NodeRecord>(&record)) {
      on_node_record(*node);
    }
  }
  for (const Record& record : delta.records) {
    if (const auto* shard = std::get_if<ShardInfo>(&record)) on_shard_record(*shard);
  }
}

void Observer::on_collection_record(const CollectionConfig& record) {
  cluster_.apply(record);
  log(LogKind::kCollection, NodeId::none(), ShardId::none(), MigrationId::none(), text_of(record));
  for (std::uint32_t i = 0; i < record.num_shards; ++i) {
    const ShardInfo& shard = cluster_.shard(ShardId(record.first_shard.value() + i));
    if (shard.id.is_none()) continue;
    integrals_.on_shard(shard, record.replication_factor, cluster_, now_);
  }
}

void Observer::on_node_record(const NodeRecord& record) {
  cluster_.apply(record, events_ == 0);
  integrals_.on_membership(cluster_, now_);
  plans_.on_membership();
  log(LogKind::kNode, record.id, ShardId::none(), MigrationId::none(), text_of(record));
}

void Observer::on_shard_record(const ShardInfo& after) {
  const ShardInfo& before = cluster_.shard(after.id);
  const std::optional<MigrationStep> step = ledger_.on_shard(before, after, now_);
  if (step) moves_.on_step(*step, now_);
  stores_.on_shard(before, after, step);
  if (before.leader.has_value() && after.leader.has_value() && before.leader != after.leader) {
    ++leader_transfers_;
  }
  cluster_.apply(after);
  const CollectionConfig* collection = cluster_.collection_of(after.id);
  integrals_.on_shard(after, collection == nullptr ? 1 : collection->replication_factor, cluster_,
                      now_);
  log(LogKind::kShard, after.leader, after.id,
      after.migration ? after.migration->id : MigrationId::none(), text_of(after));
  if (!step) return;
  const Migration& migration = step->entry.migration;
  log(LogKind::kMigration, migration.source, after.id, migration.id, text_of(*step, now_));
}

void Observer::on_process(NodeId node, ProcessState state) {
  integrals_.on_process(node, state, now_);
  cluster_.on_process(node, state);
  log(LogKind::kProcess, node, ShardId::none(), MigrationId::none(), text_of(state));
}

void Observer::on_version(NodeId node, std::string_view version) {
  versions_.push_back({now_, node, std::string(version)});
  log(LogKind::kProcess, node, ShardId::none(), MigrationId::none(),
      fmt::format("runs version \"{}\"", version));
}

void Observer::on_fault(FaultKind kind, NodeId node, std::string_view text) {
  faults_.count(kind);
  if (text.empty()) return;
  log(LogKind::kFault, node, ShardId::none(), MigrationId::none(),
      fmt::format("{}: {}", to_string(kind), text));
}

void Observer::on_chaos(NodeId node, std::string_view text) {
  log(LogKind::kFault, node, ShardId::none(), MigrationId::none(), std::string(text));
}

void Observer::on_command(NodeId node, ShardId shard, std::string_view command) {
  ++operator_.commands;
  log(LogKind::kOperator, node, shard, MigrationId::none(), std::string(command));
}

void Observer::on_command_end(NodeId node, ShardId shard, std::string_view command, bool is_done,
                              std::string_view answer) {
  ++(is_done ? operator_.done : operator_.refused);
  if (!is_done && operator_.refusals.size() < kRefusalsKept) {
    operator_.refusals.push_back(fmt::format("{}: {}", command, answer));
  }
  log(LogKind::kOperator, node, shard, MigrationId::none(),
      fmt::format("{}: {}{}{}", command, is_done ? "done" : "refused", answer.empty() ? "" : ": ",
                  answer));
}

void Observer::on_violation(ShardId shard, NodeId node, std::string_view text, Instant time) {
  log_.add(
      {time, events_, LogKind::kViolation, node, shard, MigrationId::none(), std::string(text)});
}

Bytes Observer::shard_bytes(ShardId shard) const {
  const std::vector<Bytes>& sizes = loads_.shard_bytes();
  return shard.value() < sizes.size() ? sizes[shard.value()] : Bytes();
}

const MoveMinimum& Observer::minimum() const {
  if (minimum_version_ != cluster_.placement_version()) {
    minimum_version_ = cluster_.placement_version();
    minimum_ = ledger_.minimum(cluster_, loads_.shard_bytes());
  }
  return minimum_;
}

void Observer::begin_scenario(Instant origin) {
  log_.move_back(origin.since_start());
  flows_.begin(now_);
  log_time_ = now_;
}

void Observer::begin_sample(const std::vector<NodeSample>& nodes) {
  loads_.on_sample(nodes);
  space_.on_sample(nodes, now_);
  forget_readings();
}

void Observer::end_sample() {
  moves_.on_interval();
  traffic_.on_interval(cluster_, now_);
  load_history_.on_sample(skews_, cluster_, loads_, now_);
  scope_history_.on_sample(scope_samples(), skews_.worst(cluster_, loads_), now_);
  scope_series_.add(scope_samples(), cluster_, now_);
  store_series_.add(store_series_.wants_next() ? stores() : std::vector<StoreFigures>(), now_);
  std::vector<double> row;  // lint: reporting only
  if (series_.wants_next()) {
    safety_of_row_ = integrals_.figures(now_);
    row.reserve(series_.columns().size());
    for (const MetricIndex metric : series_.columns()) {
      const std::optional<ExactValue> known = value(metric);
      row.push_back(known ? known->to_double()
                          : std::numeric_limits<double>::quiet_NaN());  // lint: reporting only
    }
  }
  safety_of_row_.reset();
  series_.add(now_, std::move(row));
  loads_.next_interval(now_);
  stores_.on_interval();
  flows_.on_interval(now_);
  clients_.on_interval();
  forget_readings();
}

std::vector<ScopedSkew> Observer::skew_of_the_run() const {
  std::vector<ScopedSkew> scopes = scoped_skew();
  for (ScopedSkew& scope : scopes) {
    if (scope.key.kind == SkewScope::kCluster) {
      for (std::size_t i = 0; i < kSkewDimensions; ++i) {
        scope.over_time[i] = load_history_.times(static_cast<SkewDimension>(i));
      }
    } else if (const auto* times = scope_history_.times(scope.key)) {
      scope.over_time = *times;
    }
  }
  return scopes;
}

void Observer::finish(RunResult& result) {
  minimum_version_.reset();
  result.events = events_;
  result.simulated = now_.since_start();
  const auto catalogue = metric_catalogue();
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    if (!catalogue[i].in_result) continue;
    result.metrics.push_back(
        {std::string(catalogue[i].name), catalogue[i].unit, value(static_cast<MetricIndex>(i))});
  }
  result.skew = skew_of_the_run();
  result.stores = stores();
  result.safety = integrals_.figures(now_);
  result.ledger = {ledger_.moved(),        ledger_.moved_completed(),  ledger_.moved_aborted(),
                   ledger_.moved_active(), ledger_.moved_for_repair(), ledger_.moved_again()};
  for (std::size_t i = 0; i < kFaultKinds; ++i) {
    const auto kind = static_cast<FaultKind>(i);
    if (faults_.of(kind) > 0)
      result.faults.push_back({std::string(to_string(kind)), faults_.of(kind)});
  }
  const auto by_name = [](const FaultCount& a, const FaultCount& b) { return a.name < b.name; };
  std::sort(result.faults.begin(), result.faults.end(), by_name);
  result.operators = std::move(operator_);
  result.versions = std::move(versions_);
  result.series = std::move(series_);
  result.scope_series = std::move(scope_series_);
  result.store_series = std::move(store_series_);
  result.log = std::move(log_);
}

}  // namespace shardproof::sim
