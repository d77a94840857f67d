// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/migration_reactions.hpp"

#include <array>

#include <fmt/format.h>

namespace shardproof {
namespace {

using R = MigrationReaction;
using Row = std::array<R, kMigrationPhases>;

constexpr std::array<Row, kMigrationInputs> kReactions = {{
    // Prepare    Copy        Sync        Switch      Cleanup
    {R::Noted, R::Ignored, R::Ignored, R::Ignored, R::Ignored},  // LeaderPrepared
    {R::Noted, R::Noted, R::Ignored, R::Ignored, R::Ignored},    // TargetPrepared
    {R::Ignored, R::Noted, R::Noted, R::Noted, R::Ignored},      // TargetCopied
    {R::Ignored, R::Ignored, R::Ignored, R::Noted, R::Ignored},  // LeaderHolds
    {R::Ignored, R::Noted, R::Ignored, R::Ignored, R::Ignored},  // LeaderReady
    {R::Ignored, R::Ignored, R::Noted, R::Ignored, R::Ignored},  // LeaderSynced
    {R::Ignored, R::Ignored, R::Ignored, R::Ignored, R::Ends},   // SourceDropped
    {R::Aborts, R::Aborts, R::Aborts, R::Ignored, R::Ignored},   // ReportedFailed
    {R::Aborts, R::Aborts, R::Aborts, R::Ignored, R::Ignored},   // TargetLost
    {R::Aborts, R::Aborts, R::Aborts, R::Ignored, R::Ends},      // SourceLost
    {R::Aborts, R::Aborts, R::Aborts, R::Ignored, R::Ignored},   // LeaderLost
    {R::Aborts, R::Aborts, R::Aborts, R::Ignored, R::Ignored},   // TimedOut
    {R::Aborts, R::Aborts, R::Aborts, R::Ignored, R::Ignored},   // AbortOrdered
}};

}  // namespace

MigrationReaction reaction(MigrationPhase phase, MigrationInput input) {
  return kReactions[static_cast<std::size_t>(input)][static_cast<std::size_t>(phase)];
}

const char* to_string(MigrationInput input) {
  switch (input) {
    case MigrationInput::LeaderPrepared: return "leader prepared";
    case MigrationInput::TargetPrepared: return "target prepared";
    case MigrationInput::TargetCopied: return "target copied";
    case MigrationInput::LeaderHolds: return "leader holds";
    case MigrationInput::LeaderReady: return "leader ready";
    case MigrationInput::LeaderSynced: return "leader synced";
    case MigrationInput::SourceDropped: return "source dropped";
    case MigrationInput::ReportedFailed: return "reported failed";
    case MigrationInput::TargetLost: return "target lost";
    case MigrationInput::SourceLost: return "source lost";
    case MigrationInput::LeaderLost: return "leader lost";
    case MigrationInput::TimedOut: return "timed out";
    case MigrationInput::AbortOrdered: return "abort ordered";
  }
  return "?";
}

const char* to_string(MigrationReaction reaction) {
  switch (reaction) {
    case MigrationReaction::Ignored: return "-";
    case MigrationReaction::Noted: return "noted";
    case MigrationReaction::Aborts: return "aborts";
    case MigrationReaction::Ends: return "ends";
  }
  return "?";
}

std::string reaction_table() {
  std::string text = fmt::format("{:<16}", "");
  for (std::size_t phase = 0; phase < kMigrationPhases; ++phase) {
    text += fmt::format(" {:<8}", to_string(static_cast<MigrationPhase>(phase)));
  }
  text += '\n';
  for (std::size_t i = 0; i < kMigrationInputs; ++i) {
    const auto input = static_cast<MigrationInput>(i);
    text += fmt::format("{:<16}", to_string(input));
    for (std::size_t phase = 0; phase < kMigrationPhases; ++phase) {
      text += fmt::format(" {:<8}", to_string(reaction(static_cast<MigrationPhase>(phase), input)));
    }
    text += '\n';
  }
  return text;
}

}  // namespace shardproof
