// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/placement/key_map_placement.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/base/contains.hpp"
#include "core/distribution/placement/rendezvous.hpp"

namespace shardproof::distribution {
namespace {

/// Enough for a node in every failure domain of a cluster that has not very many; more would cost
/// each shard the square of it.
constexpr std::uint32_t kWalkedNodes = 64;
/// Weights that every algorithm can multiply with.
constexpr std::uint64_t kMemberWeightMax = std::uint64_t{1} << 30;

/// The option that is the replication factor.
constexpr std::string_view kCopies = "copies";

std::string key_of(ShardId shard) { return fmt::format("shard-{}", shard.value()); }

/// Which node each number of the algorithm is.
std::vector<NodeId> members_of(const ClusterView& view) {
  std::vector<NodeId> members;
  for (const NodeView& node : view.nodes) {
    if (takes_copies(node)) members.push_back(node.id);
  }
  return members;
}

std::vector<std::uint64_t> member_weights(const ClusterView& view,
                                          const std::vector<NodeId>& members) {
  const std::vector<std::uint64_t> all = node_weights(view);
  std::vector<std::uint64_t> weights;
  for (const NodeId node : members) weights.push_back(all[node.value()]);
  const std::uint64_t unit =
      *std::max_element(weights.begin(), weights.end()) / kMemberWeightMax + 1;
  for (std::uint64_t& weight : weights) weight = std::max<std::uint64_t>(1, weight / unit);
  return weights;
}

bool has_copies(const ShardView& shard) { return !planned_copies(shard).empty(); }

KeyMapRequest key_map_request(const KeyAlgorithm& algorithm, const ClusterView& view,
                              const std::vector<NodeId>& members, std::size_t new_shards,
                              const PlacementOptions& options) {
  KeyMapRequest request;
  request.nodes = static_cast<std::uint32_t>(members.size());
  if (algorithm.is_weighted) request.weights = member_weights(view, members);
  request.keys = new_shards + static_cast<std::uint64_t>(std::count_if(
                                  view.shards.begin(), view.shards.end(), has_copies));
  for (const auto& [name, value] : options.values) request.options.emplace_back(name, value);
  if (const PolicyOption* copies = find_option(algorithm.options, kCopies)) {
    const std::uint64_t wanted = options.replication_factor;
    request.options.emplace_back(copies->name,
                                 Ratio(std::clamp(wanted, copies->min, copies->max), 1));
  }
  return request;
}

/// Asks for the shards that have copies, as for keys that came before.
void ask_for_earlier(const ClusterView& view, KeyMap& map) {
  for (const ShardView& shard : view.shards) {
    if (!has_copies(shard)) continue;
    const std::string text = key_of(shard.id);
    const Key key{text, stable_hash(text)};
    std::uint32_t owner = 0;
    map.place({&key, 1}, {&owner, 1});
  }
}

/// The nodes in the algorithm's order of preference, the first of them.
CopyList walked_order(const std::string& text, const std::vector<NodeId>& members, KeyMap& map) {
  CopyList order;
  for (const std::uint32_t i : map.replicas({text, stable_hash(text)}, kWalkedNodes)) {
    order.push_back(members[i]);
  }
  return order;
}

/// The nodes of `eligible` that crowd the chosen ones least.
std::vector<NodeId> least_crowding(const ClusterView& view, const std::vector<NodeId>& eligible,
                                   const CopyList& chosen) {
  std::vector<NodeId> best;
  Crowding least;
  for (const NodeId node : eligible) {
    if (contains(chosen, node)) continue;
    const Crowding here = crowding(view, node, chosen);
    if (best.empty() || here < least) {
      best.clear();
      least = here;
    }
    if (here == least) best.push_back(node);
  }
  return best;
}

NodeId next_copy(const std::string& text, const CopyList& order, const std::vector<NodeId>& open) {
  for (const NodeId node : order) {
    if (std::binary_search(open.begin(), open.end(), node)) return node;
  }
  std::vector<RendezvousNode> candidates;
  for (const NodeId node : open) candidates.push_back(rendezvous_node(node, 1));
  return rendezvous_order(text, candidates).front();
}

}  // namespace

std::vector<PolicyOption> KeyMapPlacement::options() const {
  std::vector<PolicyOption> options = algorithm_.options;
  std::erase_if(options, [](const PolicyOption& option) { return option.name == kCopies; });
  return options;
}

Result<std::vector<CopyList>> KeyMapPlacement::place_all(const ClusterView& view,
                                                         const std::vector<NewShard>& shards,
                                                         const PlacementOptions& options) const {
  const std::vector<NodeId> members = members_of(view);
  std::unique_ptr<KeyMap> map;
  if (!members.empty()) {
    auto built = build_key_map(algorithm_,
                               key_map_request(algorithm_, view, members, shards.size(), options));
    if (!built) return Unexpected{built.error()};
    map = std::move(*built);
    if (algorithm_.counts_keys) ask_for_earlier(view, *map);
  }
  std::vector<Bytes> incoming = incoming_bytes(view);
  std::vector<CopyList> result;
  for (const NewShard& shard : shards) {
    const auto eligible = eligible_nodes(view, shard, incoming, options);
    if (!eligible) return Unexpected{eligible.error()};
    const std::string text = key_of(shard.id);
    const CopyList order = walked_order(text, members, *map);
    CopyList chosen;
    while (chosen.size() < options.replication_factor) {
      chosen.push_back(next_copy(text, order, least_crowding(view, *eligible, chosen)));
      incoming[chosen.back().value()] += shard.bytes;
    }
    result.push_back(std::move(chosen));
  }
  return result;
}

}  // namespace shardproof::distribution
