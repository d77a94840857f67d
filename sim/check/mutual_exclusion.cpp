// SPDX-License-Identifier: Apache-2.0
#include "sim/check/mutual_exclusion.hpp"

#include <algorithm>

namespace shardproof::sim::check {

void MutualExclusion::on(const hook::Committing& commit, const At& at) {
  const bool from_the_start = commit.author.is_none() && commit.term == Term();
  if (!oracle_.config().has_cluster_manager || from_the_start) return;
  const auto& records = commit.delta.records;
  const bool is_grant = std::any_of(records.begin(), records.end(), [](const Record& record) {
    return std::holds_alternative<CoordinatorRecord>(record);
  });
  if (is_grant) return;
  evaluated();
  const CoordinatorRecord& office = oracle_.table().coordinator();
  if (office.node == commit.author && office.term == commit.term) return;
  Subject subject{ShardId::none(), {commit.author, office.node}, {}};
  std::string what;
  if (const auto* shard = records.empty() ? nullptr : std::get_if<ShardInfo>(&records.front())) {
    subject.shard = shard->id;
    subject.epochs.push_back(shard->epoch);
    what = fmt::format(" ({} at {})", shard->id, shard->epoch);
  }
  report(at, std::move(subject),
         fmt::format("{} committed {}{} under {}, and the office is held by {} under {}",
                     commit.author, commit.delta.revision, what, commit.term, office.node,
                     office.term));
}

void MutualExclusion::on(const fact::ChangeProposed& change, const At& at) {
  evaluated();
  if (change.shard.value() >= open_.size()) open_.resize(change.shard.value() + 1);
  Open& open = open_[change.shard.value()];
  if (open.node == at.node && open.term == change.term) {
    report(at, {change.shard, {at.node}, {change.epoch, open.epoch}},
           fmt::format("{} proposes \"{}\" for {} to be at {} under {} while its \"{}\" for {} "
                       "under {} is not settled",
                       at.node, change.intent, change.shard, change.epoch, change.term, open.intent,
                       open.epoch, open.term));
  }
  if (open.node.has_value() && change.term < open.term) return;
  open = {at.node, change.term, change.epoch, change.intent};
}

void MutualExclusion::on(const fact::ChangeSettled& change, const At& at) {
  if (change.shard.value() >= open_.size()) return;
  Open& open = open_[change.shard.value()];
  if (open.node == at.node && open.term == change.term) open = Open{};
}

}  // namespace shardproof::sim::check
