// SPDX-License-Identifier: Apache-2.0
#include "sim/check/wording.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/humanise.hpp"
#include "sim/check/shared_domains.hpp"

namespace shardproof::sim::check {

std::string names_text(const NodeList& nodes) {
  return nodes.empty() ? "nobody" : fmt::format("{}", fmt::join(nodes, ", "));
}

std::string effect_text(const LogEntry& entry) {
  constexpr std::size_t kNamed = 2;
  if (entry.mutations.empty()) return "writes nothing";
  const std::size_t count = entry.mutations.size();
  const std::size_t named = count <= kNamed ? count : 1;
  std::string text;
  for (std::size_t i = 0; i < named; ++i) {
    const Mutation& mutation = entry.mutations[i];
    text += fmt::format("{}{} \"{}\"", i == 0 ? "" : " and ",
                        mutation.tombstone ? "removes" : "writes", mutation.document->key);
  }
  return count == named ? text : fmt::format("{} and {} more", text, count - named);
}

std::string operation_text(const Operation& operation) {
  if (!operation.document) return to_string(operation.kind);
  return fmt::format("{} of \"{}\"", to_string(operation.kind), operation.document->key);
}

std::string answer_text(const VersionedDocument& result) {
  if (result.document) return fmt::format("{}", result.version);
  if (result.version == Version::zero()) return "nothing (never written)";
  return fmt::format("nothing (deleted at {})", result.version);
}

std::string shards_text(const CollectionConfig& collection) {
  if (collection.num_shards <= 1) return fmt::format("{}", collection.first_shard);
  return fmt::format("{}..s{}", collection.first_shard,
                     collection.first_shard.value() + collection.num_shards - 1);
}

std::string distance_text(const ShardTable& table, NodeId node, const NodeList& others) {
  const int levels = shared_levels(table, node, others);
  if (levels == 0) return "in no region of another";
  return fmt::format("in the same {} as {}", domain_name(levels),
                     sharer(table, node, others, levels));
}

std::string begun_empty_text(const HeldCopy& copy, const Findings& findings) {
  if (copy.begun_empty_in_event == 0) return {};
  return fmt::format(
      "; {} began its copy empty at {}, event {}, on a disk that had lost what it had", copy.node,
      findings.scenario_time(copy.begun_empty_at), human_count(copy.begun_empty_in_event));
}

std::string word_text(const HeldCopy& copy, const ShardFacts& shard, Version what,
                      const Findings& findings) {
  if (copy.told.event == 0) return fmt::format("{} has said nothing of it", copy.node);
  const std::string when = fmt::format("at {}, event {}", findings.scenario_time(copy.told.at),
                                       human_count(copy.told.event));
  return shard.lineage.contains(copy.told.last, what)
             ? fmt::format("{} said so {}", copy.node, when)
             : fmt::format("{} has said it of no more than {}, {}", copy.node, copy.told.last,
                           when);
}

std::string some_text(const std::vector<ShardId>& shards) {
  constexpr std::size_t kNamed = 4;
  const std::size_t named = shards.size() <= kNamed + 1 ? shards.size() : kNamed;
  std::string text =
      fmt::format("{}", fmt::join(shards.begin(), shards.begin() + static_cast<long>(named), ", "));
  return named == shards.size() ? text : fmt::format("{} and {} more", text, shards.size() - named);
}

std::string copies_text(const ShardInfo& shard) {
  std::string text =
      fmt::format("{} leads, {} {} in sync", human_node(shard.leader), names_text(shard.replicas),
                  shard.replicas.size() == 1 ? "is" : "are");
  if (!shard.learners.empty()) {
    text += fmt::format(", {} {}", names_text(shard.learners),
                        shard.learners.size() == 1 ? "catches up" : "catch up");
  }
  return text;
}

}  // namespace shardproof::sim::check
