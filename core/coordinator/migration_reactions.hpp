// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/messages.hpp"

namespace shardproof {

/// What can happen to a migration, as the coordinator sees it.
enum class MigrationInput : std::uint8_t {
  LeaderPrepared,
  TargetPrepared,  ///< in Copy a sign of progress, if its digest is another than before
  TargetCopied,    ///< in Switch: it still has the copy
  LeaderHolds,     ///< Copied: it has the copy, if the target should not have it any more
  LeaderReady,     ///< SourceReady: the digest at the lock point
  LeaderSynced,
  SourceDropped,
  ReportedFailed,
  TargetLost,  ///< dead, or too slow to stay a learner
  SourceLost,
  LeaderLost,  ///< another node is going to lead
  TimedOut,
  AbortOrdered,
};
inline constexpr std::size_t kMigrationInputs = 13;
inline constexpr std::size_t kMigrationPhases = 5;

enum class MigrationReaction : std::uint8_t {
  Ignored,
  Noted,   ///< kept until everything that the next phase needs is there
  Aborts,  ///< back to how it was before Prepare, in one commit
  Ends,    ///< nothing is left to be done
};

/// The whole driver in one table, total over both enums. No phase from Switch on can be aborted:
/// the new owner may have served already.
MigrationReaction reaction(MigrationPhase phase, MigrationInput input);
inline bool aborts(MigrationPhase phase, MigrationInput input) {
  return reaction(phase, input) == MigrationReaction::Aborts;
}

const char* to_string(MigrationInput input);
const char* to_string(MigrationReaction reaction);
/// The table for a person: a line for each input, a column for each phase.
std::string reaction_table();

}  // namespace shardproof
