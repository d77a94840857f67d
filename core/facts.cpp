// SPDX-License-Identifier: Apache-2.0
#include "core/facts.hpp"

#include <array>

#include <fmt/format.h>

namespace shardproof {
namespace {

constexpr std::array<const char*, kFactKinds> kFactNames = {
    "TableAdopted",   "LeaseTaken",     "CopyRecovered",     "LeadershipTaken",   "LeadershipLeft",
    "WriteAccepted",  "EntriesDurable", "EntryApplied",      "WriteAcknowledged", "RetryAnswered",
    "TailTruncated",  "ReadServed",     "ReplicaReadServed", "ScanPartServed",    "ScanCompleted",
    "RequestRefused", "RequestRouted",  "WritesLocked",      "WritesUnlocked",    "WriteQueued",
    "WriteDequeued",  "CopyCreated",    "CopyReported",      "CopyMissed",        "ChunkStaged",
    "CopyInstalled",  "CopyDropped",    "ChunkSent",         "OfficeTaken",       "OfficeLeft",
    "ChangeProposed", "ChangeSettled",  "MigrationVerified", "NodeSuspected",     "NodeTrusted",
    "NodeExpelled",   "LeaderChosen",   "PlanMade",          "PlannedMoveTaken",  "AdminEnded"};

std::string list(const NodeList& nodes) {
  std::string text = "{";
  for (const NodeId node : nodes) {
    if (text.size() > 1) text += ' ';
    text += fmt::format("{}", node);
  }
  return text + "}";
}

std::string key_of(const OperationRef& operation) {
  if (!operation) return "-";
  if (!operation->document) return to_string(operation->kind);
  return fmt::format("{} \"{}\"", to_string(operation->kind), operation->document->key);
}

const char* outcome_name(message::AdminOutcome outcome) {
  switch (outcome) {
    case message::AdminOutcome::Accepted: return "accepted";
    case message::AdminOutcome::Done: return "done";
    case message::AdminOutcome::Refused: return "refused";
    case message::AdminOutcome::NotCoordinator: return "not the coordinator";
    case message::AdminOutcome::Unknown: return "unknown";
  }
  return "?";
}

/// What follows the name, for each kind.
struct Details {
  std::string operator()(const fact::TableAdopted& f) const {
    return fmt::format("{} digest {:016x}", f.revision, f.digest);
  }
  std::string operator()(const fact::LeaseTaken& f) const {
    return fmt::format("asked at {} for {} {}", f.asked_at, f.duration, f.term);
  }
  std::string operator()(const fact::CopyRecovered& f) const {
    return fmt::format("{} applied {} last {} digest {:016x}", f.shard, f.applied, f.last,
                       f.digest);
  }
  std::string operator()(const fact::LeadershipTaken& f) const {
    return fmt::format("{} {} last {}", f.shard, f.epoch, f.last);
  }
  std::string operator()(const fact::LeadershipLeft& f) const {
    return fmt::format("{} {}", f.shard, f.epoch);
  }
  std::string operator()(const fact::WriteAccepted& f) const {
    return fmt::format("{} {} {} {} after {}", f.shard, f.epoch, f.entry->version, f.entry->request,
                       f.previous);
  }
  std::string operator()(const fact::EntriesDurable& f) const {
    return fmt::format("{} up to {}", f.shard, f.last);
  }
  std::string operator()(const fact::EntryApplied& f) const {
    return fmt::format("{} {}", f.shard, f.entry->version);
  }
  std::string operator()(const fact::WriteAcknowledged& f) const {
    return fmt::format("{} {} {} {} on {}", f.shard, f.epoch, f.entry->version, f.entry->request,
                       list(f.required));
  }
  std::string operator()(const fact::RetryAnswered& f) const {
    return fmt::format("{} {} {} was {} at {}", f.shard, f.epoch, f.request, to_string(f.outcome),
                       f.version);
  }
  std::string operator()(const fact::TailTruncated& f) const {
    return fmt::format("{} behind {}", f.shard, f.last_kept);
  }
  std::string operator()(const fact::ReadServed& f) const {
    return fmt::format("{} {} {} -> {} {}", f.shard, f.epoch, key_of(f.operation), f.result.version,
                       f.result.document ? "document" : "nothing");
  }
  std::string operator()(const fact::ReplicaReadServed& f) const {
    return fmt::format("{} {} {} -> {} {} of {}, confirmed at {}", f.shard, f.epoch,
                       key_of(f.operation), f.result.version,
                       f.result.document ? "document" : "nothing", f.applied, f.confirmed_at);
  }
  std::string operator()(const fact::ScanPartServed& f) const {
    return fmt::format("{} {} {} documents", f.shard, f.epoch, f.part->count);
  }
  std::string operator()(const fact::ScanCompleted& f) const {
    return fmt::format("{} {} {} documents at {}", f.request, f.collection, f.result->count,
                       f.result->revision);
  }
  std::string operator()(const fact::RequestRefused& f) const {
    return fmt::format("{} {} {}", f.request, key_of(f.operation), to_string(f.status));
  }
  std::string operator()(const fact::RequestRouted& f) const {
    return fmt::format("{} {} {} to {} at {}", f.shard, f.request, key_of(f.operation), f.target,
                       f.revision);
  }
  std::string operator()(const fact::WritesLocked& f) const {
    return fmt::format("{} {} {}", f.shard, f.epoch, f.migration);
  }
  std::string operator()(const fact::WritesUnlocked& f) const {
    return fmt::format("{} {} {}", f.shard, f.epoch, f.migration);
  }
  std::string operator()(const fact::WriteQueued& f) const {
    return fmt::format("{} {} depth {}", f.shard, f.request, f.depth);
  }
  std::string operator()(const fact::WriteDequeued& f) const {
    return fmt::format("{} {}{}", f.shard, f.request, f.refused ? " refused" : "");
  }
  std::string operator()(const fact::CopyCreated& f) const {
    return fmt::format("{} {}", f.shard, f.epoch);
  }
  std::string operator()(const fact::ChunkStaged& f) const {
    return fmt::format("{} stream {} number {} {}", f.shard, f.stream, f.number, f.bytes);
  }
  std::string operator()(const fact::CopyInstalled& f) const {
    return fmt::format("{} {} applied {} digest {:016x} {}", f.shard, f.epoch, f.applied, f.digest,
                       f.bytes);
  }
  std::string operator()(const fact::CopyDropped& f) const {
    return fmt::format("{} {} {} last {} digest {:016x}", f.shard, f.epoch, f.revision, f.last,
                       f.digest);
  }
  std::string operator()(const fact::ChunkSent& f) const {
    return fmt::format("{} {} to {} {}{}", f.shard, f.migration, f.target, f.bytes,
                       f.again ? " again" : "");
  }
  std::string operator()(const fact::OfficeTaken& f) const { return fmt::format("{}", f.term); }
  std::string operator()(const fact::OfficeLeft& f) const { return fmt::format("{}", f.term); }
  std::string operator()(const fact::ChangeProposed& f) const {
    return fmt::format("{} {} {} {}", f.shard, f.epoch, f.term, f.intent);
  }
  std::string operator()(const fact::ChangeSettled& f) const {
    return fmt::format("{} {} {} {}", f.shard, f.epoch, f.term,
                       f.committed ? "committed" : "failed");
  }
  std::string operator()(const fact::CopyMissed& f) const {
    return fmt::format("{} {} at {}", f.shard, f.epoch, f.node);
  }
  std::string operator()(const fact::CopyReported& f) const {
    return fmt::format("{} {} {} at {} digest {:016x}", f.shard, f.epoch, f.migration, f.position,
                       f.digest);
  }
  std::string operator()(const fact::MigrationVerified& f) const {
    return fmt::format("{} {} {} at {} source {:016x} target {:016x}", f.shard, f.migration,
                       f.epoch, f.position, f.source_digest, f.target_digest);
  }
  std::string operator()(const fact::NodeSuspected& f) const { return fmt::format("{}", f.node); }
  std::string operator()(const fact::NodeTrusted& f) const { return fmt::format("{}", f.node); }
  std::string operator()(const fact::NodeExpelled& f) const { return fmt::format("{}", f.node); }
  std::string operator()(const fact::LeaderChosen& f) const {
    return fmt::format("{} {} {} at {}", f.shard, f.epoch, f.leader, f.position);
  }
  std::string operator()(const fact::PlanMade& f) const {
    return fmt::format("{} {} moves for evenness, {} others, {} transfers, by r{}",
                       to_string(f.cause), f.balance_moves, f.other_moves, f.transfers,
                       f.revision.value());
  }
  std::string operator()(const fact::PlannedMoveTaken& f) const {
    const char* what = f.moves_data ? "move" : "transfer";
    const std::string outcome =
        f.obstacle.empty() ? std::string("begins") : "given up: " + f.obstacle;
    return fmt::format("{} {} {}{} {}", f.shard, f.term, what,
                       f.for_evenness ? " for evenness" : "", outcome);
  }
  std::string operator()(const fact::AdminEnded& f) const {
    return fmt::format("request {} {}", f.request, outcome_name(f.outcome));
  }
};

}  // namespace

const char* fact_name(std::size_t kind) { return kind < kFactKinds ? kFactNames[kind] : "?"; }

const char* fact::to_string(PlanCause cause) {
  switch (cause) {
    case PlanCause::Command: return "command";
    case PlanCause::Membership: return "membership";
    case PlanCause::Drain: return "drain";
    case PlanCause::Period: return "period";
    case PlanCause::Threshold: return "threshold";
  }
  return "";
}

std::string describe(const Fact& fact) {
  return fmt::format("{} {}", fact_name(fact.index()), std::visit(Details{}, fact));
}

}  // namespace shardproof
