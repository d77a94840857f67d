// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/event_paths.hpp"

#include <algorithm>

namespace shardproof::sim {

std::string event_path(const ScenarioSpec& spec, std::size_t index) {
  const auto first_when =
      std::find_if(spec.events.begin(), spec.events.end(),
                   [](const EventSpec& event) { return event.condition.has_value(); });
  const auto scheduled = static_cast<std::size_t>(first_when - spec.events.begin());
  if (index < scheduled) return fmt::format("at[{}]", index);
  return fmt::format("when[{}]", index - scheduled);
}

std::vector<std::pair<const NodeSelector*, std::string>> selectors(const Action& action) {
  const std::string name(action_name(action));
  return std::visit(
      [&](const auto& one) -> std::vector<std::pair<const NodeSelector*, std::string>> {
        if constexpr (requires { one.with; }) {
          return {{&one.node, name + ".node"}, {&one.with, name + ".with"}};
        } else if constexpr (requires { one.node; }) {
          return {{&one.node, name + ".node"}};
        } else if constexpr (requires { one.from; }) {
          return {{&one.from, name + ".from"}, {&one.to, name + ".to"}};
        } else {
          return {};
        }
      },
      action);
}

std::optional<ShardChoice> shard_named(const Action& action) {
  return std::visit(
      [](const auto& one) -> std::optional<ShardChoice> {
        if constexpr (requires { one.of.shard; }) {
          return one.of;
        } else if constexpr (requires { one.shard; }) {
          if (one.collection && one.shard) return ShardChoice{*one.collection, *one.shard};
        }
        return {};
      },
      action);
}

bool is_with_itself(const SwapDisksAction& swap) {
  return swap.node == swap.with && !swap.node.is_by_chance();
}

bool changes_nothing(const ReplicationAction& order, const ScenarioSpec& spec) {
  const std::uint32_t begins_with = spec.collections[order.collection].replication_factor;
  return order.replication_factor == begins_with &&
         std::none_of(spec.events.begin(), spec.events.end(), [&](const EventSpec& event) {
           const auto* other = std::get_if<ReplicationAction>(&event.action);
           return other != nullptr && other->collection == order.collection &&
                  other->replication_factor != begins_with;
         });
}

std::uint64_t nodes_at_most(const ScenarioSpec& spec) {
  std::uint64_t nodes = spec.cluster.nodes.size();
  for (const EventSpec& event : spec.events) {
    if (const auto* join = std::get_if<JoinAction>(&event.action)) {
      nodes += std::uint64_t{join->nodes} * event.times;
    }
  }
  return nodes;
}

}  // namespace shardproof::sim
