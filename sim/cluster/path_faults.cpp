// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/path_faults.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <tuple>

#include "sim/cluster/selection.hpp"
#include "sim/scenario/message_names.hpp"

namespace shardproof::sim {
namespace {

template <typename... Types>
std::uint64_t kinds_of() {
  return ((std::uint64_t{1} << Message(Types{}).index()) | ...);
}

/// What a gray node still says and hears: heartbeats, and the asks for the coordinator's office.
std::uint64_t lease_kinds() {
  return kinds_of<message::Heartbeat, message::HeartbeatReply, message::Campaign,
                  message::CampaignReply>();
}

std::uint64_t kinds_of_one(const std::optional<std::uint32_t>& message) {
  return message ? std::uint64_t{1} << *message : ~std::uint64_t{0};
}

std::string name_of(const std::optional<std::uint32_t>& message) {
  return message ? std::string(message_names()[*message]) : "every message";
}

/// The clogs of one swizzle, by place of the node; `is_over`: no more are to begin.
struct Swizzle {
  std::vector<std::optional<FaultId>> clogs;
  bool is_over = false;
};

}  // namespace

// --- Who is meant -------------------------------------------------------------------------------

bool PathFaults::has_left(NodeId node) const {
  const NodeRecord* record = cluster_.committed().find_node(node);
  return record != nullptr && record->state == NodeState::Removed;
}

EndpointSet PathFaults::side(const NodeSelector& selector, const std::vector<NodeId>& nodes,
                             const NodeSelector& opposite, const std::vector<NodeId>& other) const {
  using Kind = NodeSelector::Kind;
  EndpointSet set;
  if (selector.kind == Kind::kMetadata) return set.add_metadata();
  if (selector.kind == Kind::kClients) return set.add_clients();
  if (selector.kind == Kind::kAnyone) return set.add_everyone();
  if (selector.kind == Kind::kOthers) {
    for (std::uint32_t i = 0; i < cluster_.machine_count(); ++i) {
      const NodeId node(i);
      if (std::find(other.begin(), other.end(), node) == other.end()) set.add_node(node);
    }
    if (opposite.kind != Kind::kMetadata) set.add_metadata();
    return set;
  }
  for (const NodeId node : nodes) set.add_node(node);
  return set;
}

PathFaults::Path PathFaults::path(const NodeSelector& from, const NodeSelector& to) {
  // Either side may mean "those whom the other does not name".
  const std::vector<NodeId> sources = select_(from);
  const std::vector<NodeId> targets = select_(to);
  std::vector<NodeId> named = sources;
  named.insert(named.end(), targets.begin(), targets.end());
  if (!named.empty() &&
      std::all_of(named.begin(), named.end(), [this](NodeId node) { return has_left(node); })) {
    return {{}, {}, left_text(named.front())};
  }
  for (const auto& [selector, nodes] : {std::tie(from, sources), std::tie(to, targets)}) {
    if (names_nodes(selector) && nodes.empty()) return {{}, {}, nobody_text(selector)};
  }
  Path path;
  path.fault.from = side(from, sources, to, targets);
  path.fault.to = side(to, targets, from, sources);
  path.named = named.empty() ? NodeId::none() : named.front();
  return path;
}

// --- What happens on the way --------------------------------------------------------------------

Applied PathFaults::begin(const Path& path, FaultKind kind, std::string_view text) {
  if (!path.why_not.empty()) return Applied::nothing(path.why_not);
  cluster_.observer().on_fault(kind, path.named, text);
  const FaultId id = cluster_.network().add(path.fault);
  return Applied::done([this, id] { cluster_.heal_network(id); });
}

Applied PathFaults::partition(const PartitionAction& action) {
  Path cut = path(action.from, action.to);
  cut.fault.one_way = action.one_way;
  cut.fault.cut = true;
  return begin(cut, FaultKind::kPartition, action.one_way ? "one-way partition" : "partition");
}

Applied PathFaults::clog(const ClogAction& action) {
  Path clogged = path(action.from, action.to);
  clogged.fault.one_way = action.one_way;
  clogged.fault.holds = true;
  return begin(clogged, FaultKind::kClog, action.one_way ? "one-way clog" : "clog");
}

Applied PathFaults::drop(const DropAction& action) {
  Path lossy = path(action.from, action.to);
  lossy.fault.one_way = true;
  lossy.fault.kinds = kinds_of_one(action.message);
  lossy.fault.loss = action.chance;
  return begin(lossy, FaultKind::kDrop, name_of(action.message));
}

Applied PathFaults::delay(const DelayAction& action) {
  Path slow = path(action.from, action.to);
  slow.fault.one_way = true;
  slow.fault.kinds = kinds_of_one(action.message);
  slow.fault.extra = action.by;
  slow.fault.slowdown = action.factor;
  return begin(slow, FaultKind::kDelay, name_of(action.message));
}

Applied PathFaults::gray(NodeId node) {
  Path gray;
  gray.fault.from.add_node(node);
  gray.fault.to.add_everyone();
  gray.fault.kinds = ~lease_kinds();
  gray.fault.cut = true;
  gray.named = node;
  return begin(gray, FaultKind::kGray, "nothing but heartbeats");
}

// --- One by one ---------------------------------------------------------------------------------

FaultId PathFaults::clog(NodeId node) {
  PathFault fault;
  fault.from.add_node(node);
  fault.to.add_everyone();
  fault.holds = true;
  cluster_.observer().on_fault(FaultKind::kClog, node, "clog");
  return cluster_.network().add(fault);
}

std::vector<std::size_t> PathFaults::draw_order(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t left = count; left > 1; --left) {
    const auto pick = static_cast<std::size_t>(orders_.below(left));
    std::swap(order[left - 1], order[pick]);
  }
  return order;
}

Applied PathFaults::swizzle(const std::vector<NodeId>& nodes, Nanoseconds lasts) {
  const std::vector<std::size_t> begins = draw_order(nodes.size());
  const std::vector<std::size_t> ends = draw_order(nodes.size());
  const auto state = std::make_shared<Swizzle>();
  state->clogs.resize(nodes.size());
  const Nanoseconds step = lasts / 2 / static_cast<std::int64_t>(nodes.size());
  const auto clog_one = [this, state, nodes](std::size_t place) {
    if (!state->is_over) state->clogs[place] = clog(nodes[place]);
  };
  const auto release_one = [this, state](std::size_t place) {
    if (state->clogs[place]) cluster_.heal_network(*state->clogs[place]);
  };
  Applied applied = Applied::done([this, state] {
    state->is_over = true;
    for (const auto& fault : state->clogs) {
      if (fault) cluster_.heal_network(*fault);
    }
  });
  clog_one(begins.front());
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    const std::size_t place = begins[i];
    applied.steps.push_back(
        {step * static_cast<std::int64_t>(i), [clog_one, place] { clog_one(place); }});
  }
  // The last one is released by the end of all.
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    const std::size_t place = ends[i];
    applied.steps.push_back({lasts / 2 + step * static_cast<std::int64_t>(i + 1),
                             [release_one, place] { release_one(place); }});
  }
  return applied;
}

}  // namespace shardproof::sim
