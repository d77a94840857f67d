// SPDX-License-Identifier: Apache-2.0
#include "sim/check/complete_drain.hpp"

#include "sim/check/turned_back.hpp"

namespace shardproof::sim::check {

void CompleteDrain::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    if (after->migration) check_driver(*after, commit, at);
    const bool ends = before != nullptr && before->migration && !after->migration &&
                      before->migration->phase >= MigrationPhase::Switch &&
                      !is_turned_back(*before, *after);
    if (ends) check_end(*before, *after, commit.author, at);
  }
}

void CompleteDrain::check_driver(const ShardInfo& after, const hook::Committing& commit,
                                 const At& at) {
  evaluated();
  if (after.id.value() >= drivers_.size()) drivers_.resize(after.id.value() + 1);
  Driver& driver = drivers_[after.id.value()];
  const bool same = driver.migration == after.migration->id;
  if (same && commit.term <= driver.term && commit.author != driver.node) {
    report(at, {after.id, {commit.author, driver.node}, {after.epoch}},
           fmt::format("{} drives migration {} of {} in {} under {}, and {} does under {}",
                       commit.author, after.migration->id, after.id,
                       to_string(after.migration->phase), commit.term, driver.node, driver.term));
  }
  driver = {after.migration->id, commit.term, commit.author};
}

bool CompleteDrain::is_leased(NodeId node, const At& at) const {
  const NodeFacts& facts = oracle_.node(node);
  return facts.up && at.true_time < facts.leased_until;
}

void CompleteDrain::check_end(const ShardInfo& before, const ShardInfo& after, NodeId author,
                              const At& at) {
  evaluated();
  const ShardFacts& shard = oracle_.shard(after.id);
  const Migration& migration = *before.migration;
  const Subject subject{
      after.id, {author, migration.source, migration.target}, {after.epoch, before.epoch}};
  const HeldCopy* left = shard.find(migration.source);
  const bool still_there = left != nullptr && !left->destroyed &&
                           !contains(after.replicas, migration.source) &&
                           !contains(after.learners, migration.source);
  // A dead source is not waited for: it cleans up when it returns. If it returns before the commit
  // is done, it gets no lease until then.
  if (still_there && is_leased(migration.source, at)) {
    report(
        at, subject,
        fmt::format("{} ended migration {} of {} from {} to {} at {}, and its source {}, which is "
                    "up and has a lease, still has its copy (up to {})",
                    author, migration.id, after.id, migration.source, migration.target, after.epoch,
                    migration.source, left->durable));
  }
  if (shard.excused || !contains(after.replicas, migration.target)) return;
  const HeldCopy* moved = shard.find(migration.target);
  if (moved != nullptr && shard.lineage.contains(moved->durable, shard.acknowledged)) return;
  if (oracle_.collection_of(after.id).write_concern != 0) return;
  report(
      at, subject,
      fmt::format("{} ended migration {} of {} from {} to {} at {}, and its target {} lacks the "
                  "acknowledged {}: it has {}",
                  author, migration.id, after.id, migration.source, migration.target, after.epoch,
                  migration.target, shard.acknowledged,
                  moved == nullptr ? "no copy" : fmt::format("no more than {}", moved->durable)));
}

}  // namespace shardproof::sim::check
