// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace shardproof {

/// Rare places of the protocol: whoever passes one says so (Effects::hit). A campaign that never
/// comes by has not tested it, whatever its silence says of the rest (FoundationDB's TEST macro:
/// Zhou et al., SIGMOD 2021, section 4.2).
///
/// Ordered by the part of the node that states them. Names are what results use.
enum class Probe : std::uint8_t {
  // The office of the coordinator.
  OfficeHandedOver,
  OfficeLeaseRanOut,
  OfficeLeftUnheard,
  OfficeLastResort,
  OfficeAnswerTooLate,
  CommitDeposed,
  CutOffCoordinatorWaits,
  LeaseWithheld,
  // Its commits.
  CommitReadBack,
  CommitSentAgain,
  CommitGuardFailed,
  ChangeOvertaken,
  // Failover and the in-sync set.
  FailoverWaitsForUnheard,
  FailoverWithoutAllAnswers,
  FailoverOfRestartedLeader,
  ShardTakenOffline,
  OfflineShardRevived,
  ShardBegunAnew,
  SwitchTurnedBack,
  ReplicaLeftSet,
  LearnerPromoted,
  SurplusLearnerDropped,
  SurplusReplicaDemoted,
  SettledCommandIgnored,
  CommandOfAnotherTerm,
  // Migrations, at the coordinator.
  MigrationResumedInPrepare,
  MigrationResumedInCopy,
  MigrationResumedInSync,
  MigrationResumedInSwitch,
  MigrationResumedInCleanup,
  MigrationReportedFailed,
  MigrationTimedOut,
  MigrationDigestsDiffer,
  SwitchWaitsForFencing,
  CleanupWithoutSource,
  // A shard's leader.
  StaleEpochRefused,
  NewerEpochAwaited,
  LeaseMissingForRequest,
  LeaseExpiredWhileWriteWaited,
  WriteQueueRefused,
  QueueRefusedAtStepDown,
  RetryAnsweredFromSession,
  OvertakenRequestIgnored,
  FullDiskRefusesWrite,
  LockOverdue,
  LockPointLost,
  FollowerNeedsCopy,
  // A replica.
  TailReconciled,
  EarlyEntriesKept,
  LostCopyReported,
  TargetWithoutCopy,
  StaleLeaderRefused,
  LeaderDeposedByMessage,
  ReplicaReadUnconfirmed,
  // Copy streams.
  ChunkDigestMismatch,
  ChunkOutOfOrder,
  ChunkSentAgain,
  StreamWithoutStage,
  StreamOlderThanCopy,
  CopyRefusedByFullDisk,
  // The router.
  ReplicaRefusesRead,
  WriteOutcomeUnknown,
  ScanPartOutdated,
  RequestRedirectedToSuccessor,
  CollectionNotKnownYet,
  // The node's lease and table.
  LeaseLapsed,
  DeadDiskAsksForNoLease,
  DeposedCoordinatorsLeaseIgnored,
  TableUpdateMissed,
  TableReadRepeated,
  TableAnswerTooLate,
  // The store.
  TornTailDropped,
  DamagedLogGivenUp,
  UnfinishedCheckpointFound,
  ForeignDiskFound,
  CompactionBegun,
  CompactionGivenUp,
  DiskOperationRepeated,
};
inline constexpr std::size_t kProbes = static_cast<std::size_t>(Probe::DiskOperationRepeated) + 1;

/// How often each was hit, by its place in the enumeration.
using ProbeHits = std::array<std::uint64_t, kProbes>;

struct ProbeInfo {
  Probe probe;
  std::string_view name;       ///< as results write it: "tail_reconciled"
  std::string_view statement;  ///< what has happened, a sentence without a full stop
};

/// All probes, in the order of the enumeration.
const std::vector<ProbeInfo>& probe_catalogue();

}  // namespace shardproof
