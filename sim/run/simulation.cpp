// SPDX-License-Identifier: Apache-2.0
#include "sim/run/simulation.hpp"

#include <algorithm>

#include "core/base/contains.hpp"
#include "sim/check/progress.hpp"
#include "sim/run/check_config.hpp"
#include "sim/run/node_config.hpp"

namespace shardproof::sim {
namespace {

Topology make_topology(const ScenarioSpec& spec, const DomainNames& domains) {
  Topology topology(spec.network);
  for (const LinkSpec& link : spec.network.links) {
    topology.link_zones(domains.zone_path(link.zone), domains.zone_path(link.other_zone),
                        Link{link.latency, link.bandwidth});
  }
  return topology;
}

std::vector<NamedCount> named(const ProbeHits& hits) {
  std::vector<NamedCount> counts;
  for (const ProbeInfo& info : probe_catalogue()) {
    counts.push_back({std::string(info.name), hits[static_cast<std::size_t>(info.probe)]});
  }
  return counts;
}

std::vector<NamedCount> named(const FaultPointFirings& firings, const ScenarioSpec& spec) {
  std::vector<NamedCount> counts;
  for (const FaultPointInfo& info : fault_point_catalogue()) {
    const auto place = static_cast<std::size_t>(info.point);
    if (!spec.fault_points[place]) continue;
    counts.push_back({std::string(info.name), firings[place]});
  }
  return counts;
}

/// Of random faults that were due and all refused, so that the run shows nothing of them.
void warn_of_refusals(RunResult& result) {
  if (!result.chaos) return;
  for (const ChaosCount& family : result.chaos->families) {
    if (family.due == 0 || family.refused < family.due) continue;
    result.warnings.push_back(
        fmt::format("chaos: the budget \"{}\" refused every \"{}\" that was due ({})",
                    result.chaos->budget, family.family, family.due));
  }
}

std::uint64_t counted(const RunResult& result, std::string_view name) {
  const MetricResult* metric = result.find_metric(name);
  const bool is_known = metric != nullptr && metric->value;
  return is_known ? static_cast<std::uint64_t>(metric->value->to_double()) : 0;
}

}  // namespace

Simulation::Simulation(const ScenarioSpec& spec, const RunOptions& options)
    : spec_(spec),
      options_(options),
      seed_(options.seed.value_or(spec.seed)),
      streams_(seed_),
      check_config_(make_check_config(spec, make_node_configs(spec), options.with_checks)),
      checks_(check_config_),
      domains_(spec.cluster),
      cluster_(spec, make_node_configs(spec), make_topology(spec, domains_), streams_, checks_,
               observer_),
      console_(cluster_, streams_),
      injector_(spec, cluster_, console_, domains_, streams_),
      effects_(cluster_),
      script_(spec, cluster_, injector_, effects_, [this] { sample(); }),
      chaos_(spec, cluster_, injector_, effects_, streams_),
      history_(spec.checks.history),
      clients_(cluster_, spec.client, streams_, history_),
      expectations_(spec.expectations),
      load_pace_(spec,
                 [this](ShardId id) {
                   const ShardInfo* shard = cluster_.committed().find_shard(id);
                   return shard == nullptr ? NodeList() : shard->replicas;
                 }),
      place_(options.place == nullptr ? own_place_ : *options.place) {
  place_ = RunPlace();
  cluster_.note_place_in(place_);
  observer_.set_limits(check_config_.limits);
  cluster_.set_clients(&clients_);
  cluster_.set_operator(&console_);
  cluster_.set_script(&script_);
  cluster_.set_chaos(&chaos_);
  cluster_.watch_events(options.watch);
  if (options.draws == nullptr) return;
  ledger_.emplace(seed_);
  next_mark_ = ledger_->next_mark();
}

// --- Chance -------------------------------------------------------------------------------------

void Simulation::visit_streams(StreamVisitor& visitor) {
  visitor.on_source(streams_);
  cluster_.visit_streams(visitor);
  console_.visit_streams(visitor);
  injector_.visit_streams(visitor);
  chaos_.visit_streams(visitor);
  clients_.visit_streams(visitor);
  for (const auto& workload : workloads_) workload->visit_streams(visitor);
}

void Simulation::reseed(std::uint64_t seed) {
  SHARDPROOF_CHECK(!ledger_, "what is drawn after another seed cannot be counted");
  Reseeding reseeding(seed);
  visit_streams(reseeding);
}

void Simulation::count_draws() {
  ledger_->begin_mark(cluster_.digest().events());
  visit_streams(*ledger_);
  next_mark_ = ledger_->next_mark();
}

// --- The scenario -------------------------------------------------------------------------------

void Simulation::begin() {
  for (std::uint32_t i = 0; i < spec_.traffic.size(); ++i) {
    const TrafficSpec& traffic = spec_.traffic[i];
    workloads_.push_back(std::make_unique<Workload>(
        i, traffic, spec_.collections[traffic.collection], *key_spaces_[traffic.collection],
        cluster_, clients_, streams_, std::move(traces_[i])));
    workloads_.back()->begin();
  }
  cluster_.arm_fault_points(true);
  script_.begin();
  chaos_.begin();
  sample();
}

void Simulation::sample() {
  observer_.begin_sample(cluster_.sample_nodes());
  expectations_.at_sample(cluster_.scenario_time(),
                          [this](MetricIndex metric) { return observer_.value(metric); });
  observer_.end_sample();
  WorldEvent event;
  event.kind = EventKind::Sample;
  cluster_.schedule(cluster_.origin() + next_sample_.since_start(), event);
  next_sample_ = next_sample_ + spec_.sample_every;
}

bool Simulation::advance_to(Instant limit) {
  while (cluster_.run_one(limit)) {
    script_.after_event();
    if (checks_.audit_due(cluster_.digest().events())) {
      checks_.audit(cluster_, cluster_.at(NodeId::none()));
    }
    if (cluster_.digest().events() == next_mark_) count_draws();
    if (options_.watch != nullptr && !options_.watch->after_event(*this)) {
      is_stopped_ = true;
      return false;
    }
    if (checks_.violations_total() > 0) return true;
    if (++since_progress_ < options_.progress_every || !options_.on_progress) continue;
    since_progress_ = 0;
    const Progress progress{cluster_.scenario_time().since_start(), spec_.duration,
                            cluster_.digest().events(), checks_.violations_total()};
    if (options_.on_progress(progress)) continue;
    is_stopped_ = true;
    return false;
  }
  return true;
}

// --- The result ---------------------------------------------------------------------------------

RunResult Simulation::finish(bool interrupted) {
  RunResult result;
  result.scenario = spec_.name;
  result.file = options_.file;
  result.seed = seed_;
  result.rules_off = spec_.rules_off;
  for (const VersionSpec& version : spec_.versions) {
    for (const std::string& rule : version.rules_off) {
      if (contains(spec_.rules_off, rule)) continue;
      result.rules_off.push_back(fmt::format("{} of version \"{}\"", rule, version.name));
    }
  }
  result.duration = spec_.duration;
  result.interrupted = interrupted;
  const Nanoseconds late = cluster_.origin().since_start() - kSetupTime;
  if (late > Nanoseconds(0) && !spec_.policy.limits.windows.empty()) {
    result.warnings.push_back(
        fmt::format("the cluster took {} longer to set up than its nodes were told: move windows "
                    "are that early",
                    late));
  }
  observer_.finish(result);
  result.digest = cluster_.digest().value();
  result.expectations = expectations_.results();
  result.chaos = chaos_.figures();
  warn_of_refusals(result);
  const std::string circles = circles_warning(counted(result, "migration.bounces"),
                                              counted(result, "migrations.completed"));
  if (!circles.empty()) result.warnings.push_back(circles);
  for (std::size_t i = 0; i < spec_.events.size(); ++i) {
    const EventScript::Outcome& outcome = script_.outcomes()[i];
    result.fired.push_back(
        {describe(spec_.events[i], spec_.collection_names()), outcome.fired, outcome.why_not});
  }
  return result;
}

RunOutcome Simulation::run() {
  if (auto opened = open_traces(); !opened) return Unexpected<RunError>{{opened.error(), false}};
  if (auto ready = set_up(); !ready) return Unexpected<RunError>{{ready.error(), true}};
  if (checks_.violations_total() == 0 && !is_stopped_) begin();
  const bool completed = !is_stopped_ && advance_to(cluster_.origin() + spec_.duration);
  const bool clean = completed && checks_.violations_total() == 0;
  const Instant end = clean ? Instant(spec_.duration) : cluster_.scenario_time();
  observer_.set_time(end);
  observer_.begin_sample(cluster_.sample_nodes());
  if (clean) {
    expectations_.at_end(end, [this](MetricIndex metric) { return observer_.value(metric); });
  }
  observer_.end_sample();
  for (const ViolationRecord& violation : checks_.violations()) {
    const NodeId node = violation.nodes.empty() ? NodeId::none() : violation.nodes.front();
    observer_.on_violation(violation.shard, node, violation.message, violation.time);
  }
  // What happens while the world comes to rest is checked, but no part of the experiment's figures.
  Observer aftermath = observer_;
  RunResult result = finish(!completed);
  if (clean && !settle(aftermath)) result.interrupted = true;
  result.settling = settling_;
  if (!result.interrupted) judge_history();
  result.checks = checks_.summaries();
  result.violations = checks_.violations();
  result.violations_total = checks_.violations_total();
  result.excused = checks_.excused();
  const auto hangs = [](const ViolationRecord& violation) {
    return violation.invariant == check::Progress::kInvariant.number;
  };
  if (std::any_of(result.violations.begin(), result.violations.end(), hangs)) {
    result.pending = pending();
  }
  result.digest = cluster_.digest().value();
  const auto checkpoints = cluster_.digest().checkpoints();
  result.checkpoints.assign(checkpoints.begin(), checkpoints.end());
  if (result.checkpoints.back().events != cluster_.digest().events()) {
    result.checkpoints.push_back(cluster_.digest().current());
  }
  if (ledger_) {
    if (cluster_.digest().events() > ledger_->last_mark()) count_draws();
    *options_.draws = ledger_->uses();
  }
  result.probes = named(cluster_.probe_hits());
  result.fault_points = named(cluster_.fault_point_firings(), spec_);
  judge(result);
  return result;
}

RunCrash Simulation::crash(const std::exception& error) const {
  const bool is_of_node = place_.event > 0 && place_.what.to.is_node();
  const NodeId node = is_of_node ? place_.what.to.as_node() : NodeId::none();
  return {error.what(), place_, checks_.last_events(place_.shard, node)};
}

RunOutcome run(const ScenarioSpec& spec, const RunOptions& options) {
  Simulation simulation(spec, options);
  try {
    return simulation.run();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw simulation.crash(error);
  }
}

}  // namespace shardproof::sim
