// SPDX-License-Identifier: Apache-2.0
#include "sim/check/verified_switch.hpp"

namespace shardproof::sim::check {

VerifiedSwitch::Shard& VerifiedSwitch::state(ShardId shard) {
  if (shard.value() >= shards_.size()) shards_.resize(shard.value() + 1);
  return shards_[shard.value()];
}

std::string VerifiedSwitch::answer_text(const Answer& answer) {
  if (answer.from.is_none()) return "no target has reported anything";
  return fmt::format("the last report is of {} in {}, digest {:016x}", answer.from,
                     answer.migration, answer.digest);
}

void VerifiedSwitch::on(const fact::CopyReported& reported, const At& at) {
  Shard& known = state(reported.shard);
  const Answer answer{reported.migration, at.node, reported.digest};
  const bool same = known.last.migration == answer.migration && known.last.from == answer.from &&
                    known.last.digest == answer.digest;
  if (same) return;
  known.before_last = known.last;
  known.last = answer;
}

void VerifiedSwitch::on(const fact::MigrationVerified& verified, const At& at) {
  evaluated();
  Shard& known = state(verified.shard);
  const Subject subject{verified.shard, {at.node}, {verified.epoch}};
  if (verified.source_digest != verified.target_digest) {
    report(
        at, subject,
        fmt::format("{} counts migration {} of {} as verified at {} with source digest {:016x} and "
                    "target digest {:016x}",
                    at.node, verified.migration, verified.shard, verified.position,
                    verified.source_digest, verified.target_digest));
    return;
  }
  const auto fits = [&](const Answer& answer) {
    return answer.migration == verified.migration && answer.digest == verified.target_digest;
  };
  if (!fits(known.last) && !fits(known.before_last)) {
    report(
        at, subject,
        fmt::format("{} counts migration {} of {} as verified at {} with digest {:016x}, which its "
                    "target never reported: {}",
                    at.node, verified.migration, verified.shard, verified.position,
                    verified.target_digest, answer_text(known.last)));
  }
  known.verified = verified.migration;
}

void VerifiedSwitch::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr || !after->migration) continue;
    if (after->migration->phase != MigrationPhase::Switch) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    const bool was = before != nullptr && before->migration &&
                     before->migration->phase == MigrationPhase::Switch;
    if (was) continue;
    evaluated();
    if (state(after->id).verified == after->migration->id) continue;
    report(
        at,
        {after->id,
         {commit.author, after->migration->source, after->migration->target},
         {after->epoch}},
        fmt::format("{} switched migration {} of {} from {} to {} at {}, and nobody found the two "
                    "equal: {}",
                    commit.author, after->migration->id, after->id, after->migration->source,
                    after->migration->target, after->epoch, answer_text(state(after->id).last)));
  }
}

}  // namespace shardproof::sim::check
