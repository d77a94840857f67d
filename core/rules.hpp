// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace shardproof {

/// Every rule by which the protocol is safe. Each can be switched off: what is left is the system
/// as somebody would have written it who did not know the rule. The harness has to find that out.
///
/// The order is that of the catalogue and of nothing else: names are what scenarios and results
/// use.
enum class Rule : std::uint8_t {
  CleanupAfterSwitch,
  AssignmentKeepsHolder,
  FresherCopyRepairs,
  VerificationNeedsAnswer,
  MoveWithoutCap,
  OneRoutingFunction,
  VersionsGuardApply,
  TombstonesTravel,
  ReplicasBeforeAck,
  TableIsCommitted,
  StaleTableRefused,
  RemovedNodeReturns,
  DigestsNotCounts,
  StagingBeforeTruncation,
  RetriesBackOff,
  OneChangePerShard,
  ReplicaListTrimmed,
  AppliedAtMostOnce,
  ScanNeedsEveryShard,
  TransactionsChecked,
  AckAfterSync,
  LeaseFromAsk,
  TakeoverWaitsForLease,
  NewCoordinatorWaits,
  TermGuardsCommit,
  UnknownOutcomeReadBack,
  MigrationResumes,
  QueueIsBounded,
  QueueBeforeSwitch,
  LockReleased,
  ChunksChecked,
  LearnerNotCounted,
  LaggingLeavesFirst,
  TailsReconciled,
  LogKeptForReplicas,
  TornTailDropped,
  OwnRecordsOnly,
  DomainSpreadInMoves,
  LastCopyStays,
  MovesInFlightCount,
  PlannedMovesCount,
  PlanHasHysteresis,
  FullDiskNoTarget,
  CommandsOfOwnTerm,
};
inline constexpr std::size_t kRules = 44;

/// Which rules hold: all of them, but for those that were switched off. One word, so that asking is
/// one test of one bit.
class RuleSet {
 public:
  constexpr bool is_on(Rule rule) const { return (off_ & bit(rule)) == 0; }
  constexpr bool all_on() const { return off_ == 0; }
  constexpr void switch_off(Rule rule) { off_ |= bit(rule); }

  friend constexpr bool operator==(RuleSet, RuleSet) = default;

 private:
  static constexpr std::uint64_t bit(Rule rule) {
    return std::uint64_t{1} << static_cast<unsigned>(rule);
  }
  static_assert(kRules <= 64);

  std::uint64_t off_ = 0;
};

struct RuleInfo {
  Rule rule;
  std::string_view name;       ///< as scenarios write it: "ack_after_sync"
  std::string_view statement;  ///< what the rule says, a sentence without a full stop
  std::string_view without;    ///< what goes wrong without it
  std::vector<int> falls;      ///< numbers of the invariants that fall first; none: only costs rise
};

/// All rules, in the order of the enumeration.
const std::vector<RuleInfo>& rule_catalogue();
/// The rule of that name, or null. O(rules).
const RuleInfo* find_rule(std::string_view name);

}  // namespace shardproof
