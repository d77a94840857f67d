// SPDX-License-Identifier: Apache-2.0
#include "sim/check/restart_equivalence.hpp"

#include <utility>
#include <vector>

#include "sim/check/key_names.hpp"

namespace shardproof::sim::check {

namespace {

/// Whether a stream may have put a newer snapshot, whatever it is of, in the place of the log that
/// was there, and the crash have come before that could be stated.
bool is_installed(const fact::CopyRecovered& copy, const HeldCopy& known) {
  return known.staging && copy.last == copy.applied && copy.last > known.durable;
}

}  // namespace

Findings::Explain RestartEquivalence::lost_documents(ShardId id, Version before,
                                                     Version after) const {
  const ShardFacts& shard = oracle_.shard(id);
  std::vector<std::uint64_t> keys;
  std::uint32_t index = shard.first_key;
  for (; index != KeyState::kNoKey; index = oracle_.keys().at(index).next) {
    const KeyState& key = oracle_.keys().at(index);
    const bool was_there = shard.lineage.contains(before, key.applied);
    if (was_there && !shard.lineage.contains(after, key.applied)) keys.push_back(key.tag.hash);
  }
  return [this, id, keys = std::move(keys)](const AuditView& view) {
    const std::string documents = documents_text(oracle_, view, id, keys);
    return documents.empty() ? documents : "it lacks the last write of " + documents;
  };
}

void RestartEquivalence::on(const fact::CopyRecovered& copy, const At& at) {
  evaluated();
  const ShardFacts& shard = oracle_.shard(copy.shard);
  const Subject subject{copy.shard, {at.node}, {copy.last.epoch}};
  if (!shard.lineage.knows(copy.last) || !shard.lineage.contains(copy.last, copy.applied)) {
    report(at, subject,
           fmt::format("{} recovered a copy of {} up to {}, applied to {}: no leader ever accepted "
                       "that",
                       at.node, copy.shard, copy.last, copy.applied));
    return;
  }
  const HeldCopy* known = shard.find(at.node);
  const bool is_kept = known == nullptr || known->destroyed || is_installed(copy, *known) ||
                       shard.lineage.contains(copy.last, known->durable);
  if (!is_kept) {
    report(at, subject,
           fmt::format("{} recovered its copy of {} up to {}, and {} was durable before the crash",
                       at.node, copy.shard, copy.last, known->durable),
           lost_documents(copy.shard, known->durable, copy.last));
  }
  // What is committed is known to be so only up to what the disk says: an older digest is not
  // judged.
  if (shard.excused || copy.applied != shard.applied || copy.digest == shard.digest) return;
  report(at, subject,
         fmt::format("{} recovered its copy of {} as of {} with digest {:016x}, and the content is "
                     "{:016x} there",
                     at.node, copy.shard, copy.applied, copy.digest, shard.digest));
}

void RestartEquivalence::on(const hook::Booted&, const At& at) {
  // To have lost a copy to damage, and to say so, is honest.
  if (oracle_.node(at.node).was_disk_rotten) return;
  for (std::uint32_t i = 0; i < oracle_.shard_count(); ++i) {
    ShardFacts& shard = oracle_.shard(ShardId(i));
    const HeldCopy* copy = shard.find(at.node);
    if (copy == nullptr || !copy->awaits_recovery) continue;
    evaluated();
    // A copy that was only just begun need not have reached the disk.
    if (copy->durable == Version::zero()) continue;
    report(
        at, {ShardId(i), {at.node}, {copy->durable.epoch}},
        fmt::format("{} booted without its copy of s{}, which was durable up to {}, and nothing on "
                    "its disk was damaged",
                    at.node, i, copy->durable),
        lost_documents(ShardId(i), copy->durable, Version::zero()));
  }
}

}  // namespace shardproof::sim::check
