// SPDX-License-Identifier: Apache-2.0
#include "sim/check/suite.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <type_traits>

#include "sim/check/ack_honesty.hpp"
#include "sim/check/anti_affinity.hpp"
#include "sim/check/audit.hpp"
#include "sim/check/balance.hpp"
#include "sim/check/bounded_movement.hpp"
#include "sim/check/capacity.hpp"
#include "sim/check/complete_drain.hpp"
#include "sim/check/conditional_outcomes.hpp"
#include "sim/check/copies_ahead.hpp"
#include "sim/check/copy_before_drop.hpp"
#include "sim/check/core_view.hpp"
#include "sim/check/data_backed_promotion.hpp"
#include "sim/check/detector_sanity.hpp"
#include "sim/check/determinism.hpp"
#include "sim/check/even_at_rest.hpp"
#include "sim/check/former_leaders.hpp"
#include "sim/check/heard_holders.hpp"
#include "sim/check/identity.hpp"
#include "sim/check/initial_spread.hpp"
#include "sim/check/kept_orders.hpp"
#include "sim/check/lease_safety.hpp"
#include "sim/check/linearizable_reads.hpp"
#include "sim/check/load_reports.hpp"
#include "sim/check/log_growth.hpp"
#include "sim/check/move_limits.hpp"
#include "sim/check/mutual_exclusion.hpp"
#include "sim/check/no_bypass.hpp"
#include "sim/check/no_lost_write.hpp"
#include "sim/check/no_resurrection.hpp"
#include "sim/check/no_stale_overwrite.hpp"
#include "sim/check/one_history.hpp"
#include "sim/check/phase_legality.hpp"
#include "sim/check/phase_limits.hpp"
#include "sim/check/planned_moves.hpp"
#include "sim/check/progress.hpp"
#include "sim/check/queue_completeness.hpp"
#include "sim/check/quiet.hpp"
#include "sim/check/repair_never_shrinks.hpp"
#include "sim/check/replica_reads.hpp"
#include "sim/check/replica_retries.hpp"
#include "sim/check/request_limits.hpp"
#include "sim/check/restart_equivalence.hpp"
#include "sim/check/routing_determinism.hpp"
#include "sim/check/routing_soundness.hpp"
#include "sim/check/scan_completeness.hpp"
#include "sim/check/shard_key_rules.hpp"
#include "sim/check/single_owner.hpp"
#include "sim/check/standing_orders.hpp"
#include "sim/check/stream_claims.hpp"
#include "sim/check/table_agreement.hpp"
#include "sim/check/verified_switch.hpp"
#include "sim/check/well_formed_table.hpp"

namespace shardproof::sim::check {
namespace {

using Monitors = std::tuple<
    RoutingSoundness, NoLostWrite, TableAgreement, SingleOwner, LeaseSafety, FormerLeaders,
    HeardHolders, WellFormedTable, DataBackedPromotion, RoutingDeterminism, Identity, NoBypass,
    AntiAffinity, InitialSpread, CopyBeforeDrop, CompleteDrain, NoResurrection, NoStaleOverwrite,
    OneHistory, QueueCompleteness, RestartEquivalence, PhaseLegality, VerifiedSwitch,
    MutualExclusion, MoveLimits, AckHonesty, StreamClaims, LinearizableReads, ReplicaReads,
    ReplicaRetries, ScanCompleteness, ShardKeyRules, Capacity, LoadReports, LogGrowth, Progress,
    PhaseLimits, RequestLimits, RepairNeverShrinks, DetectorSanity, ConditionalOutcomes, KeptOrders,
    StandingOrders, BoundedMovement, Balance, EvenAtRest, PlannedMoves, Quiet>;

template <typename... Ms>
Monitors make_monitors(std::type_identity<std::tuple<Ms...>>, Oracle& oracle, Findings& findings) {
  return Monitors(Ms(oracle, findings)...);
}

template <typename... Ms>
std::vector<InvariantInfo> make_catalogue(std::type_identity<std::tuple<Ms...>>) {
  std::vector<InvariantInfo> all{Ms::kInvariant...,    kUniqueKeys, kContainment,
                                 kReplicationRestored, kCountTruth, kDeterminism};
  std::sort(all.begin(), all.end(),
            [](const InvariantInfo& a, const InvariantInfo& b) { return a.number < b.number; });
  // Two monitors may judge one invariant.
  const auto is_same = [](const InvariantInfo& a, const InvariantInfo& b) {
    return a.number == b.number;
  };
  all.erase(std::unique(all.begin(), all.end(), is_same), all.end());
  return all;
}

/// An audit may look at one document for this many events.
constexpr std::uint64_t kEventsPerDocument = 16;

}  // namespace

struct CheckSuite::State {
  struct Promotion {
    ShardId shard;
    NodeId leader;
  };

  explicit State(const CheckConfig& config)
      : is_watching(config.is_watching),
        oracle(config),
        findings(config, oracle.table()),
        monitors(make_monitors(std::type_identity<Monitors>{}, oracle, findings)),
        audit(oracle, findings),
        copies_ahead(findings) {}

  /// To every monitor that wants it, and then to the oracle.
  template <typename X>
  void tell(const X& what, const At& at) {
    if (!is_watching) return;
    std::apply([&](auto&... monitor) { (tell_one(monitor, what, at), ...); }, monitors);
    if constexpr (requires { oracle.take(what, at); }) oracle.take(what, at);
  }
  template <typename M, typename X>
  static void tell_one(M& monitor, const X& what, const At& at) {
    if constexpr (requires { monitor.on(what, at); }) monitor.on(what, at);
  }

  template <typename F>
  void on_fact(const F& fact, const At& at) {
    if (!is_watching) return;
    findings.recent().note(fact, at);
    if constexpr (requires { fact.shard; }) {
      if (!oracle.knows(fact.shard)) {
        // Whoever creates a shard proposes it first.
        constexpr bool is_proposal =
            std::is_same_v<F, fact::ChangeProposed> || std::is_same_v<F, fact::ChangeSettled>;
        if (is_proposal) return;
        std::get<NoBypass>(monitors).on_unknown_shard(fact.shard, fact_name(index_of<F>()), at);
        return;
      }
    }
    tell(fact, at);
    if constexpr (requires { copies_ahead.on(fact, at); }) copies_ahead.on(fact, at);
  }

  std::uint64_t audit_round(const AuditView& view, const At& at, std::uint64_t budget);
  std::uint64_t audit_promotions(const AuditView& view, const At& at, std::uint64_t budget);

  bool is_watching = true;
  Oracle oracle;
  Findings findings;
  Monitors monitors;
  Audit audit;
  CopiesAhead copies_ahead;
  /// Who has begun to lead, in order, and how many of them were looked at in short already.
  std::vector<Promotion> promotions;
  std::size_t promotions_seen = 0;
  /// The next turn over the shards, by number of event.
  std::uint64_t next_round = 0;
  /// The next shard to audit, and the number of events that have paid for the audits so far.
  std::uint32_t next_shard = 0;
  std::uint64_t paid_until = 0;
};

CheckSuite::CheckSuite(const CheckConfig& config)
    : state_(std::make_unique<State>(config)),
      next_audit_(config.is_watching ? std::uint64_t{1} << config.audit_interval_log2
                                     : std::numeric_limits<std::uint64_t>::max()) {
  state_->next_round = next_audit_;
}

CheckSuite::~CheckSuite() = default;

std::span<const InvariantInfo> CheckSuite::catalogue() {
  static const std::vector<InvariantInfo> kAll = make_catalogue(std::type_identity<Monitors>{});
  return kAll;
}

void CheckSuite::begin_scenario(Instant origin) { state_->findings.begin_scenario(origin); }

// --- What happens -----------------------------------------------------------------------------

void CheckSuite::on_fact(const Fact& fact, const At& at) {
  const auto* taken = std::get_if<fact::LeadershipTaken>(&fact);
  if (taken != nullptr && state_->is_watching && state_->oracle.knows(taken->shard)) {
    state_->promotions.push_back({taken->shard, at.node});
    next_audit_ = std::min(next_audit_, at.event);
  }
  std::visit([&](const auto& stated) { state_->on_fact(stated, at); }, fact);
  if (state_->copies_ahead.wants_to_look()) next_audit_ = std::min(next_audit_, at.event);
  explain_after(at);
}

void CheckSuite::explain_after(const At& at) {
  if (state_->findings.wants_to_explain()) next_audit_ = std::min(next_audit_, at.event);
}

void CheckSuite::on_commit(const TableDelta& delta, NodeId author, Term term, const At& at) {
  for (const Record& record : delta.records) {
    const auto* shard = std::get_if<ShardInfo>(&record);
    if (shard != nullptr) state_->findings.recent().note_commit(*shard, delta.revision, at);
  }
  state_->tell(hook::Committing{delta, author, term}, at);
  state_->tell(hook::Committed{delta}, at);
  explain_after(at);
}

void CheckSuite::on_command(const message::AdminRequestRef& request, const At& at) {
  state_->tell(hook::Commanded{request}, at);
}

void CheckSuite::on_invoke(RequestId request, const OperationRef& operation, const At& at) {
  state_->tell(hook::Invoked{request, operation}, at);
}

void CheckSuite::on_reply(const message::ClientReply& reply, const At& at) {
  state_->tell(hook::Replied{reply}, at);
}

void CheckSuite::on_crash(const At& at) {
  state_->findings.recent().note_node(RecentFacts::Happening::Crash, at);
  state_->tell(hook::Crashed{}, at);
  state_->copies_ahead.forget(at.node);
}

void CheckSuite::on_boot(const At& at, bool is_disk_rotten, std::uint32_t version) {
  state_->findings.recent().note_node(RecentFacts::Happening::Boot, at);
  state_->tell(hook::Booting{is_disk_rotten, version}, at);
}

void CheckSuite::on_booted(const At& at) {
  state_->tell(hook::Booted{}, at);
  explain_after(at);
}

void CheckSuite::on_disk_destroyed(const At& at) {
  state_->findings.recent().note_node(RecentFacts::Happening::DiskDestroyed, at);
  state_->tell(hook::DiskDestroyed{}, at);
  explain_after(at);
}

void CheckSuite::on_disk_usage(Bytes used, Bytes capacity, const At& at) {
  state_->tell(hook::DiskUsed{used, capacity}, at);
}

void CheckSuite::on_faults_active(std::uint32_t count, const At& at) {
  state_->oracle.set_faults(count, at);
}

void CheckSuite::on_held_up(Instant until) { state_->oracle.note_disturbance(until); }

void CheckSuite::on_broken_for_good(std::vector<NodeId> nodes) {
  std::sort(nodes.begin(), nodes.end());
  state_->oracle.set_broken_for_good(std::move(nodes));
}

void CheckSuite::on_durability_told(ShardId shard, Epoch epoch, Version last, const At& at) {
  if (!state_->oracle.knows(shard)) return;
  state_->tell(hook::DurabilityTold{shard, epoch, last}, at);
}

void CheckSuite::on_position_told(const message::PositionReply& reply, const At& at) {
  if (!state_->oracle.knows(reply.shard)) return;
  state_->tell(hook::PositionTold{reply}, at);
}

void CheckSuite::on_read_index_told(ShardId shard, Epoch epoch, const At& at) {
  if (!state_->oracle.knows(shard)) return;
  state_->tell(hook::ReadIndexTold{shard, epoch}, at);
}

void CheckSuite::on_pieces_told(ShardId shard, std::uint64_t stream, std::uint32_t pieces,
                                const At& at) {
  if (!state_->oracle.knows(shard)) return;
  state_->tell(hook::PiecesTold{shard, stream, pieces}, at);
}

void CheckSuite::on_load_told(const message::NodeReport& report, const At& at) {
  state_->tell(hook::LoadTold{report}, at);
}

void CheckSuite::on_up_to_date_told(ShardId shard, Epoch epoch, NodeId node, const At& at) {
  if (!state_->oracle.knows(shard)) return;
  state_->tell(hook::UpToDateTold{shard, epoch, node}, at);
}

// --- Audits -----------------------------------------------------------------------------------

std::uint64_t CheckSuite::State::audit_round(const AuditView& view, const At& at,
                                             std::uint64_t budget) {
  const std::uint32_t shards = oracle.shard_count();
  std::uint64_t work = audit.audit_nodes(view, at) + shards / 8;
  tell(hook::Ticked{CoreView(view, oracle.broken_for_good())}, at);
  // At least one, or a large cluster would never come round.
  for (std::uint32_t i = 0; i < shards && (i == 0 || work < budget); ++i) {
    if (next_shard >= shards) next_shard = 0;
    work += audit.audit_shard(view, ShardId(next_shard++), at);
  }
  return work;
}

/// Their logs at once, their contents as far as the budget goes: at least one.
std::uint64_t CheckSuite::State::audit_promotions(const AuditView& view, const At& at,
                                                  std::uint64_t budget) {
  for (; promotions_seen < promotions.size(); ++promotions_seen) {
    const Promotion& one = promotions[promotions_seen];
    audit.audit_new_log(view, one.shard, one.leader, at);
  }
  std::uint64_t work = 0;
  std::size_t done = 0;
  for (; done < promotions.size() && (done == 0 || work < budget); ++done) {
    work += audit.audit_new_content(view, promotions[done].shard, promotions[done].leader, at);
  }
  promotions.erase(promotions.begin(), promotions.begin() + static_cast<std::ptrdiff_t>(done));
  promotions_seen = promotions.size();
  return work;
}

void CheckSuite::request_audit(std::uint64_t event) {
  if (!state_->is_watching) return;
  state_->next_round = std::min(state_->next_round, std::max(event, state_->paid_until));
  next_audit_ = std::min(next_audit_, state_->next_round);
}

void CheckSuite::audit(const AuditView& view, const At& at) {
  const std::uint64_t interval = std::uint64_t{1} << state_->oracle.config().audit_interval_log2;
  const std::uint64_t budget = interval / kEventsPerDocument;
  State& state = *state_;
  state.findings.explain(view);
  const std::uint64_t seen = state.copies_ahead.look(view, at);
  state.paid_until = std::max(state.paid_until, at.event) + seen * kEventsPerDocument;
  if (!state.promotions.empty()) {
    const std::uint64_t work = state.audit_promotions(view, at, budget);
    state.paid_until = std::max(state.paid_until, at.event) + work * kEventsPerDocument;
    state.next_round = std::max(state.next_round, state.paid_until);
  }
  if (at.event >= state.next_round) {
    const std::uint64_t work = state.audit_round(view, at, budget);
    state.paid_until = at.event + work * kEventsPerDocument;
    state.next_round = std::max(at.event + interval, state.paid_until);
  }
  next_audit_ =
      state.promotions.empty() ? state.next_round : std::min(state.next_round, state.paid_until);
}

void CheckSuite::audit_everything(const AuditView& view, const At& at) {
  state_->audit_round(view, at, ~std::uint64_t{0});
}

void CheckSuite::on_settled(const AuditView& view, const At& at) {
  audit_everything(view, at);
  state_->tell(hook::Settled{view}, at);
  state_->audit.audit_settled(view, at);
}

void CheckSuite::on_rested(Nanoseconds span, std::uint64_t events, std::uint64_t events_max,
                           std::string most_sent, const At& at) {
  state_->tell(hook::Rested{span, events, events_max, std::move(most_sent)}, at);
}

void CheckSuite::on_unsettled(const AuditView& view, std::span<const PendingItem> unfinished,
                              Nanoseconds limit, const At& at) {
  audit_everything(view, at);
  state_->tell(hook::Unsettled{unfinished, limit}, at);
}

void CheckSuite::on_judged(std::uint64_t documents, std::vector<ViolationRecord> violations) {
  const InvariantInfo& invariant = LinearizableReads::kInvariant;
  state_->findings.evaluated(invariant.number, documents);
  for (ViolationRecord& violation : violations) {
    state_->findings.report_late(invariant, std::move(violation));
  }
}

// --- What was found ---------------------------------------------------------------------------

const std::vector<ViolationRecord>& CheckSuite::violations() const {
  return state_->findings.violations();
}

std::uint64_t CheckSuite::violations_total() const { return state_->findings.total(); }

std::vector<CheckSummary> CheckSuite::summaries() const {
  std::vector<CheckSummary> all;
  for (const InvariantInfo& invariant : catalogue()) {
    if (invariant.number == kDeterminism.number) continue;
    all.push_back({invariant.number, invariant.name, state_->findings.evaluations(invariant.number),
                   state_->findings.violations(invariant.number)});
  }
  return all;
}

std::vector<ExcusedShard> CheckSuite::excused() const {
  std::vector<ExcusedShard> shards = state_->oracle.excused();
  for (ExcusedShard& shard : shards) shard.time = state_->findings.scenario_time(shard.time);
  return shards;
}

std::vector<PastEvent> CheckSuite::last_events(ShardId shard, NodeId node) const {
  return state_->findings.last_events(shard, {node});
}

}  // namespace shardproof::sim::check
