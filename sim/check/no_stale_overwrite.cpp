// SPDX-License-Identifier: Apache-2.0
#include "sim/check/no_stale_overwrite.hpp"

#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

void NoStaleOverwrite::on(const fact::EntriesDurable& entries, const At& at) {
  evaluated();
  const HeldCopy* copy = oracle_.shard(entries.shard).find(at.node);
  if (copy == nullptr || copy->destroyed || entries.last >= copy->durable) return;
  complain(entries.shard, entries.last, copy->durable,
           fmt::format("has its log of {} on disk up to {}", entries.shard, entries.last),
           "it reached", at);
}

void NoStaleOverwrite::on(const fact::EntryApplied& applied, const At& at) {
  evaluated();
  const HeldCopy* copy = oracle_.shard(applied.shard).find(at.node);
  if (copy == nullptr || copy->staging || applied.entry->version > copy->applied) return;
  complain(applied.shard, applied.entry->version, copy->applied,
           fmt::format("applied {} of {}, which {}", applied.entry->version, applied.shard,
                       effect_text(*applied.entry)),
           "its content was of", at);
}

void NoStaleOverwrite::on(const fact::CopyInstalled& installed, const At& at) {
  evaluated();
  const ShardFacts& shard = oracle_.shard(installed.shard);
  const HeldCopy* copy = shard.find(at.node);
  if (copy == nullptr || copy->destroyed || shard.excused) return;
  // What was applied but not on the disk may have come with this very copy.
  if (installed.applied < copy->applied && installed.applied < copy->durable) {
    complain(installed.shard, installed.applied, copy->applied,
             fmt::format("installed a copy of {} as of {}", installed.shard, installed.applied),
             "its own was of", at);
  }
}

void NoStaleOverwrite::complain(ShardId shard, Version now, Version before, const std::string& what,
                                const char* had, const At& at) {
  report(at, {shard, {at.node}, {now.epoch, before.epoch}},
         fmt::format("{} {}, although {} {} already", at.node, what, had, before));
}

}  // namespace shardproof::sim::check
