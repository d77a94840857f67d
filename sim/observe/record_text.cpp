// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/record_text.hpp"

#include <fmt/ranges.h>

#include "core/base/check.hpp"
#include "core/base/humanise.hpp"

namespace shardproof::sim {

std::string text_of(const ShardInfo& shard) {
  std::string text = fmt::format("{} {}, led by {} on [{}]", shard.epoch, to_string(shard.status),
                                 human_node(shard.leader), fmt::join(shard.replicas, " "));
  if (!shard.learners.empty())
    text += fmt::format(", learning [{}]", fmt::join(shard.learners, " "));
  if (shard.fencing.has_value()) text += fmt::format(", fencing {}", shard.fencing);
  if (shard.migration) {
    text += fmt::format(", {} in {}", shard.migration->id, to_string(shard.migration->phase));
  }
  return text;
}

std::string text_of(const NodeRecord& node) {
  const NodeCapacity& capacity = node.capacity;
  std::string text = fmt::format("{} in {}.{}.{}", to_string(node.state), node.domain.region,
                                 node.domain.zone, node.domain.rack);
  if (capacity.disk != Bytes()) text += fmt::format(", disk {}", human_bytes(capacity.disk));
  if (capacity.cpu_milli > 0) text += fmt::format(", cpu {}m", capacity.cpu_milli);
  if (capacity.memory != Bytes()) text += fmt::format(", memory {}", human_bytes(capacity.memory));
  if (!capacity.network.is_unlimited()) {
    text += fmt::format(", network {}", human_bandwidth(capacity.network));
  }
  return text;
}

std::string text_of(const CollectionConfig& collection) {
  return fmt::format("{} {}: {} shards, replication factor {}, by ({})", collection.id,
                     collection.full_name(), collection.num_shards, collection.replication_factor,
                     fmt::join(collection.shard_key, ", "));
}

std::string text_of(const MigrationStep& step, Instant now) {
  const Migration& migration = step.entry.migration;
  const std::string taken = human_duration(now - step.entry.began);
  switch (step.kind) {
    case MigrationStep::Kind::kBegan:
      return fmt::format("began from {} to {} for {}", migration.source, migration.target,
                         to_string(migration.reason));
    case MigrationStep::Kind::kEntered:
      return fmt::format("entered {} after {}", to_string(migration.phase), taken);
    case MigrationStep::Kind::kCompleted:
      return fmt::format("completed in {}, {} sent, {} of it again", taken,
                         human_bytes(step.entry.sent), human_bytes(step.entry.sent_again));
    case MigrationStep::Kind::kAborted:
      return fmt::format("aborted in {} after {}, {} sent", to_string(migration.phase), taken,
                         human_bytes(step.entry.sent));
  }
  SHARDPROOF_CHECK(false, "step {}", static_cast<int>(step.kind));
  return {};
}

std::string text_of(ProcessState state) {
  switch (state) {
    case ProcessState::kDown: return "down";
    case ProcessState::kRunning: return "running";
    case ProcessState::kPaused: return "paused";
  }
  SHARDPROOF_CHECK(false, "state {}", static_cast<int>(state));
  return {};
}

}  // namespace shardproof::sim
