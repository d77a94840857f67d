// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/shard_table.hpp"
#include "sim/kernel/trace_digest.hpp"
#include "sim/observe/event_log.hpp"
#include "sim/observe/exact_value.hpp"
#include "sim/observe/integrals.hpp"
#include "sim/observe/metric_catalogue.hpp"
#include "sim/observe/named_count.hpp"
#include "sim/observe/pending.hpp"
#include "sim/observe/scope_series.hpp"
#include "sim/observe/series.hpp"
#include "sim/observe/skew.hpp"
#include "sim/observe/store_figures.hpp"
#include "sim/observe/store_series.hpp"

namespace shardproof::sim {

enum class Verdict : std::uint8_t {
  kPass,          ///< every check and expectation held
  kFail,          ///< a violation, or an expectation that did not hold
  kInconclusive,  ///< neither: something that should have been judged was not
};

/// One invariant of the catalogue in this run.
struct CheckSummary {
  std::uint32_t number = 0;  ///< as in the catalogue of invariants
  std::string name;
  std::uint64_t evaluations = 0;
  std::uint64_t violations = 0;
};

/// What happened before a finding. Times as everywhere in a result: since the scenario's start,
/// negative while the cluster was set up.
struct PastEvent {
  Instant time;
  std::uint64_t event = 0;  ///< delivered events until then, this one included
  std::string text;         ///< who, what: "n1 LeadershipTaken e2"
};
/// `13.500000000s #1234 n1 LeadershipTaken e2`
std::string to_string(const PastEvent& event);

/// What a node is to a shard, by the shard's committed record: the first of these that fits.
enum class NodeRole : std::uint8_t {
  kSource,       ///< of the shard's migration
  kTarget,       ///< of the shard's migration
  kLeader,       ///< of the shard
  kReplica,      ///< an in-sync copy that does not lead
  kLearner,      ///< a copy that catches up
  kCoordinator,  ///< holds the office, and has no other part in it
  kNone,
};
/// "source", "target", "leader", "replica", "learner", "coordinator", "none".
std::string_view to_string(NodeRole role);

/// "prepare", "copy", "sync", "switch", "cleanup", or "none".
std::string_view phase_text(const std::optional<MigrationPhase>& phase);

/// One operation of a client on a document. Contents are called `#1`, `#2`, ... in the order in
/// which they were asked to be written.
struct ClientOperation {
  ClientId client;
  std::string question;  ///< "replace #7", "read", "swap #5 for #7", ...
  std::string answer;    ///< "ok", "-> #5", "-> nothing", "refused", "unknown", "no answer"
  Instant asked_at;
  std::optional<Instant> answered_at;  ///< none: it was not answered
  bool is_contradictory = false;       ///< belongs to what cannot all be true
};

/// What clients asked and were told of one document, around a contradiction.
struct ClientLanes {
  std::string document;                     ///< its key
  std::vector<ClientOperation> operations;  ///< in the order in which they were asked; or none
};

/// An invariant that was violated: a finding.
struct ViolationRecord {
  std::uint32_t invariant = 0;
  std::string name;       ///< of the invariant
  std::string message;    ///< what was seen, and what should have been instead
  std::string statement;  ///< what the invariant asks for, in general
  Instant time;
  std::uint64_t event = 0;    ///< delivered events until then, this one included
  ShardId shard;              ///< or none
  std::vector<NodeId> nodes;  ///< involved, the offender first
  /// By the table as committed just before the event: the phase of the shard's migration, or none,
  /// and what each of `nodes` was, in their order.
  std::optional<MigrationPhase> phase;
  std::vector<NodeRole> roles;
  std::vector<Epoch> epochs;           ///< involved, in the order of the message
  std::vector<PastEvent> last_events;  ///< of the shard or nodes before it, oldest first
  ClientLanes lanes;                   ///< of a judgement by what clients were told
};

/// What became of one `[[expect]]`.
struct ExpectationResult {
  std::string metric;
  std::string text;     ///< the claim: "skew.bytes.max_over_mean <= 1.25 after 8min"
  std::string because;  ///< the scenario's reason, may be empty
  Ratio bound;          ///< the one that was broken, else the (upper) one
  std::optional<ExactValue>
      value;                      ///< of the failed evaluation, else the last; none: not computable
  std::uint64_t evaluations = 0;  ///< zero makes the run inconclusive
  bool held = false;
  bool held_at_first = false;  ///< the first of the evaluations
  Instant evaluated_at;        ///< when `value` was read
};

/// One metric at the end of the run.
struct MetricResult {
  std::string name;  ///< of the catalogue
  MetricUnit unit = MetricUnit::kCount;
  std::optional<ExactValue> value;  ///< none: it cannot be computed, e.g. a ratio to nothing
};

/// How often a scripted event fired. Never is a reason for an inconclusive verdict.
struct FiredEvent {
  std::string text;  ///< as `describe(EventSpec)` prints it
  std::uint64_t fired = 0;
  /// Why it did not fire when it was due: "n3 was down already"; empty if it never was due.
  std::string why_not;
};

/// How often a kind of fault struck.
struct FaultCount {
  std::string name;  ///< "crash", "message_lost", ...
  std::uint64_t count = 0;
};

/// A node began to run another version of the software, which it does until it takes another one.
struct VersionTaken {
  Instant time;
  NodeId node;
  std::string version;  ///< as the scenario calls it; "first" for what all nodes begin with
};

/// A shard whose content was not judged to the end: it had lost more than it is to survive, or what
/// nobody had been told of; or a violation had told of the loss.
struct ExcusedShard {
  ShardId shard;
  Instant time;
  std::string reason;
};

/// What became of the random faults of one family. `due` is the sum of the others.
struct ChaosCount {
  std::string family;         ///< "crash", "metadata_outage", ...
  std::uint64_t due = 0;      ///< arrivals
  std::uint64_t struck = 0;   ///< that changed something
  std::uint64_t refused = 0;  ///< by the budget
  std::uint64_t idle = 0;     ///< that found nobody to strike, or nothing to change
};
struct ChaosFigures {
  std::string budget;                ///< "redundancy" or "unlimited"
  std::vector<ChaosCount> families;  ///< that the scenario asks for
};

/// How a run came to rest, or not.
struct SettlingFigures {
  struct Broken {
    NodeId node;
    std::string how;  ///< "down", "paused", "cut off"
  };
  /// A shard that nobody among those who are there serves.
  struct Unserved {
    ShardId shard;
    bool is_possible = false;  ///< somebody could: it is stuck
    std::string reason;        ///< what the matter is with each of its in-sync copies
  };
  std::string heal;            ///< "all" or "core"
  std::vector<NodeId> core;    ///< who came back, ascending; empty with "all"
  std::vector<Broken> broken;  ///< for good, ascending
  std::vector<Unserved> unserved;
  bool came_to_rest = false;
};

/// What operators asked for since the scenario began. A refusal decides no verdict.
struct OperatorFigures {
  std::uint64_t commands = 0;
  std::uint64_t done = 0;
  std::uint64_t refused = 0;
  std::vector<std::string> refusals;  ///< the first kRefusalsKept: "remove n3: n3 is alive and ..."
};
inline constexpr std::size_t kRefusalsKept = 100;

/// Bytes sent to copy shards: `moved` is the sum of the next four.
struct LedgerFigures {
  Bytes moved;
  Bytes completed;  ///< for migrations that completed
  Bytes aborted;    ///< for migrations that were aborted
  Bytes active;     ///< for migrations that had not ended
  Bytes repair;     ///< for replicas that were repaired
  Bytes again;      ///< of all of them, sent more than once
};

/// Everything that a run hands over; reports and the command line read nothing else. All of it but
/// `wall_ns` depends on scenario, seed and version only.
struct RunResult {
  Verdict verdict = Verdict::kInconclusive;
  std::string scenario;         ///< the name
  std::string command = "run";  ///< of the command line, for the replay line
  std::string file;             ///< the path as given; empty for a scenario made of the seed alone
  /// Further options of the command line that change the run, for the replay line; filled in there.
  std::vector<std::string> arguments;
  std::vector<std::string> rules_off;  ///< safety rules switched off, ascending
  std::uint64_t seed = 0;
  std::uint64_t digest = 0;
  std::uint64_t events = 0;   ///< delivered
  Nanoseconds simulated;      ///< less than `duration` if interrupted or ended by a violation
  Nanoseconds duration;       ///< the scenario's
  std::uint64_t wall_ns = 0;  ///< real time of the run; filled in by the command line
  bool interrupted = false;   ///< stopped from outside: the rest is what was known until then

  std::vector<CheckSummary> checks;  ///< ascending by number
  std::vector<ViolationRecord>
      violations;  ///< as they were found; the first ones if there are many
  std::uint64_t violations_total = 0;
  std::vector<ExpectationResult> expectations;  ///< in the scenario's order
  std::vector<FiredEvent> fired;                ///< in the scenario's order
  std::vector<FaultCount> faults;               ///< ascending by name, without zeros
  std::vector<VersionTaken> versions;           ///< by time; what all nodes begin with is not told
  std::optional<ChaosFigures> chaos;            ///< nothing if the scenario has no random faults
  std::optional<SettlingFigures> settling;      ///< nothing if the run ended before
  std::vector<ExcusedShard> excused;            ///< in the order in which it happened
  std::vector<NamedCount> probes;  ///< rare places of the protocol, all of the catalogue, as there
  std::vector<NamedCount> fault_points;  ///< that the scenario asks for, with their firings
  OperatorFigures operators;
  std::vector<MetricResult> metrics;  ///< all of the catalogue's `in_result`, ascending
  std::vector<ScopedSkew> skew;       ///< as of `scoped_skews`, and over time
  std::vector<StoreFigures> stores;   ///< of every member, in order of id
  SafetyFigures safety;               ///< the integrals, with the shard that suffered longest
  LedgerFigures ledger;
  Series series;
  ScopeSeries scope_series;
  StoreSeries store_series;
  EventLog log;
  std::vector<std::string> warnings;  ///< of the linter and of the run
  /// What was unfinished at the end of a run that violated invariant 35: who waits for what.
  std::vector<PendingItem> pending;
  std::vector<std::string> undecided;   ///< why the verdict is inconclusive, one line each
  std::vector<Checkpoint> checkpoints;  ///< of the digest, for bisection

  /// The command line that does this run again: "shardproof run FILE --seed N", and `arguments`.
  std::string replay_line() const;
  /// The metric of that name, or null. O(log n).
  const MetricResult* find_metric(std::string_view name) const;
};

/// Sets `verdict` and `undecided` from the rest: fail beats inconclusive beats pass. Inconclusive
/// is a run that was interrupted, that had no check evaluated, or that came to its end with an
/// expectation never evaluated or an event never fired.
void judge(RunResult& result);

/// "pass", "fail", "inconclusive".
std::string_view to_string(Verdict verdict);

}  // namespace shardproof::sim
