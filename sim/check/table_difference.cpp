// SPDX-License-Identifier: Apache-2.0
#include "sim/check/table_difference.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "core/coordinator/cluster_settings.hpp"
#include "sim/observe/record_text.hpp"

namespace shardproof::sim::check {
namespace {

std::string record_text(const CoordinatorRecord& record) {
  return fmt::format("{} under {}", human_node(record.node), record.term);
}

std::string record_text(const ClusterSettings& record) {
  const std::string limits = describe(record.limits);
  return fmt::format("balancing {}, leases of at most {}{}{}",
                     record.balancing_enabled ? "on" : "off", human_duration(record.lease_bound),
                     limits.empty() ? "" : ", " + limits,
                     record.rebalance.empty() ? "" : ", policy " + record.rebalance);
}

template <typename Record>
std::string record_text(const Record& record) {
  return sim::text_of(record);
}

class Differences {
 public:
  Differences(const ShardTable& own, NodeId node, const ShardTable& committed)
      : own_(own), node_(node), committed_(committed) {}

  template <typename Record>
  std::string of(const std::string& name, RecordKey key, const Record* one, const Record* other) {
    if (committed_.modified(key) > own_.revision()) return {};
    const bool is_here = one != nullptr && own_.modified(key) != Revision();
    const bool is_there = other != nullptr && committed_.modified(key) != Revision();
    if (!is_here && !is_there) return {};
    if (!is_there)
      return fmt::format("{} is in {}'s table and not in the committed one", name, node_);
    if (!is_here) return fmt::format("{} is in the committed table and not in {}'s", name, node_);
    if (*one == *other) return {};
    const std::string mine = record_text(*one);
    const std::string theirs = record_text(*other);
    if (mine == theirs) {
      return fmt::format("{} is \"{}\" in both, and differs in what that does not tell", name,
                         mine);
    }
    return fmt::format("{} is \"{}\" in {}'s table and \"{}\" in the committed one", name, mine,
                       node_, theirs);
  }

  template <typename Records>
  std::string of_all(RecordKind kind, const Records& mine, const Records& theirs) {
    for (std::size_t i = 0; i < std::max(mine.size(), theirs.size()); ++i) {
      const auto* one = i < mine.size() ? &mine[i] : nullptr;
      const auto* other = i < theirs.size() ? &theirs[i] : nullptr;
      using Id = decltype(mine[i].id);
      const auto place = static_cast<std::uint32_t>(i);
      std::string text = of(fmt::format("{}", Id(place)), {kind, place}, one, other);
      if (!text.empty()) return text;
    }
    return {};
  }

 private:
  const ShardTable& own_;
  NodeId node_;
  const ShardTable& committed_;
};

}  // namespace

std::string table_difference(const ShardTable& own, NodeId node, const ShardTable& committed) {
  Differences differences(own, node, committed);
  std::string text = differences.of_all(RecordKind::Shard, own.shards(), committed.shards());
  if (text.empty()) text = differences.of_all(RecordKind::Node, own.nodes(), committed.nodes());
  if (text.empty()) {
    text = differences.of_all(RecordKind::Collection, own.collections(), committed.collections());
  }
  if (text.empty()) {
    text = differences.of("the coordinator", {RecordKind::Coordinator, 0}, &own.coordinator(),
                          &committed.coordinator());
  }
  if (text.empty()) {
    text = differences.of("the record of settings", {RecordKind::Settings, 0}, &own.settings(),
                          &committed.settings());
  }
  return text.empty() ? "record by record they are the same" : text;
}

}  // namespace shardproof::sim::check
