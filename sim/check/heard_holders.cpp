// SPDX-License-Identifier: Apache-2.0
#include "sim/check/heard_holders.hpp"

#include <string_view>

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {

void HeardHolders::on(const fact::OfficeTaken&, const At& at) {
  if (at.node.value() < heard_.size()) heard_[at.node.value()].clear();
}

void HeardHolders::note(NodeId node, const At& at) {
  if (at.node.value() >= heard_.size()) heard_.resize(at.node.value() + 1);
  std::vector<char>& heard = heard_[at.node.value()];
  if (node.value() >= heard.size()) heard.resize(node.value() + 1);
  heard[node.value()] = 1;
}

bool HeardHolders::has_heard(NodeId author, NodeId node) const {
  if (author.value() >= heard_.size()) return false;
  const std::vector<char>& heard = heard_[author.value()];
  return node.value() < heard.size() && heard[node.value()] != 0;
}

void HeardHolders::on(const hook::Committing& commit, const At& at) {
  if (!oracle_.config().has_cluster_manager || commit.author.is_none()) return;
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    if (before != nullptr) check(*before, *after, commit.author, at);
  }
}

void HeardHolders::check(const ShardInfo& before, const ShardInfo& after, NodeId author,
                         const At& at) {
  const std::string_view intent = oracle_.shard(after.id).proposed_as;
  const bool changes_set = intent == "shrink" || intent == "promote" || intent == "demote";
  const bool changes_leader = intent == "failover" || intent == "offline";
  if (!changes_set && !changes_leader) return;
  evaluated();
  NodeList needed = before.replicas;
  if (changes_set) needed = NodeList{before.leader};
  for (const NodeId node : needed) {
    if (node.is_none() || has_heard(author, node)) continue;
    report(at, {after.id, {author, node}, {after.epoch}},
           fmt::format("{} commits {} at {} (\"{}\", led by {}), and under {} it has neither heard "
                       "{}, which {}, nor taken it for dead",
                       author, after.id, after.epoch, intent, human_node(after.leader),
                       oracle_.table().coordinator().term, node,
                       changes_set ? "led it" : "has a copy in sync"));
    return;
  }
}

}  // namespace shardproof::sim::check
