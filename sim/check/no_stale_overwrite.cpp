// SPDX-License-Identifier: Apache-2.0
#include "sim/check/no_stale_overwrite.hpp"

namespace shardproof::sim::check {

void NoStaleOverwrite::on(const fact::EntriesDurable& entries, const At& at) {
  evaluated();
  const HeldCopy* copy = oracle_.shard(entries.shard).find(at.node);
  if (copy == nullptr || copy->destroyed || entries.last >= copy->durable) return;
  complain(entries.shard, entries.last, copy->durable, "has its log on disk up to", at);
}

void NoStaleOverwrite::on(const fact::EntryApplied& applied, const At& at) {
  evaluated();
  const HeldCopy* copy = oracle_.shard(applied.shard).find(at.node);
  if (copy == nullptr || copy->staging || applied.entry->version > copy->applied) return;
  complain(applied.shard, applied.entry->version, copy->applied, "applied", at);
}

void NoStaleOverwrite::on(const fact::CopyInstalled& installed, const At& at) {
  evaluated();
  const ShardFacts& shard = oracle_.shard(installed.shard);
  const HeldCopy* copy = shard.find(at.node);
  if (copy == nullptr || copy->destroyed || shard.excused) return;
  // What was applied but not on the disk may have come with this very copy.
  if (installed.applied < copy->applied && installed.applied < copy->durable) {
    complain(installed.shard, installed.applied, copy->applied, "installed a copy of", at);
  }
}

void NoStaleOverwrite::complain(ShardId shard, Version now, Version before, const char* what,
                                const At& at) {
  report(at, {shard, {at.node}, {now.epoch, before.epoch}},
         fmt::format("{} {} {} of {} after {}", at.node, what, now, shard, before));
}

}  // namespace shardproof::sim::check
