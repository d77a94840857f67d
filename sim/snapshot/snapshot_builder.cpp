// SPDX-License-Identifier: Apache-2.0
#include "sim/snapshot/snapshot_builder.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

/// Sums over a thousand times as many shards as there are anywhere stay below 2^64.
constexpr std::uint64_t kAmountMax = std::uint64_t{1} << 50;

std::string beyond(std::uint64_t amount) {
  return fmt::format("{} is beyond 2^50, which nothing holds: is the unit right?", amount);
}

constexpr std::size_t kDomainsMax = std::numeric_limits<std::uint16_t>::max();

}  // namespace

std::uint32_t SnapshotBuilder::number_of(const std::string& name, Numbers& numbers) {
  return numbers.emplace(name, static_cast<std::uint32_t>(numbers.size())).first->second;
}

std::optional<std::string> SnapshotBuilder::add(const SnapshotNode& node) {
  if (node.name.empty()) return "a node without a name";
  const std::uint64_t amounts[] = {node.capacity.disk.count(), node.capacity.memory.count(),
                                   node.capacity.network.bytes_per_second(),
                                   node.disk_used.value_or(Bytes(0)).count()};
  for (const std::uint64_t amount : amounts) {
    if (amount > kAmountMax) return beyond(amount);
  }
  const Bytes disk = node.capacity.disk;
  if (disk != Bytes(0) && node.disk_used.value_or(Bytes(0)) > disk) {
    return fmt::format(
        "node \"{}\" is said to use {} bytes of a disk of {}: a disk's size includes what is used",
        node.name, node.disk_used->count(), disk.count());
  }
  const auto id = static_cast<std::uint32_t>(snapshot_.nodes.size());
  if (!nodes_.emplace(node.name, id).second) {
    return fmt::format("node \"{}\" is there twice", node.name);
  }
  dist::NodeView view;
  view.id = NodeId(id);
  view.capacity = node.capacity;
  view.state = node.state;
  view.alive = node.alive;
  view.load.disk_used = node.disk_used.value_or(Bytes(0));
  const std::string zone = fmt::format("{}\n{}", node.region, node.zone);
  const std::string rack =
      fmt::format("{}\n{}", zone, node.rack.empty() ? "\n" + node.name : node.rack);
  view.domain = {static_cast<std::uint16_t>(number_of(node.region, regions_)),
                 static_cast<std::uint16_t>(number_of(zone, zones_)),
                 static_cast<std::uint16_t>(number_of(rack, racks_))};
  if (std::max({regions_.size(), zones_.size(), racks_.size()}) > kDomainsMax) {
    return fmt::format("more than {} failure domains of a level", kDomainsMax);
  }
  snapshot_.view.nodes.push_back(view);
  snapshot_.nodes.push_back(node.name);
  snapshot_.zones.push_back(node.zone);
  tells_disk_used_.push_back(node.disk_used.has_value());
  return std::nullopt;
}

void SnapshotBuilder::add_node_once(const std::string& name) {
  if (nodes_.find(name) != nodes_.end()) return;
  SnapshotNode node;
  node.name = name;
  add(node);
}

Result<NodeId> SnapshotBuilder::find(const std::string& name, std::string_view role) const {
  const auto found = nodes_.find(name);
  if (found != nodes_.end()) return NodeId(found->second);
  const std::vector<std::string_view> known(snapshot_.nodes.begin(), snapshot_.nodes.end());
  const std::string hint = suggest(name, known);
  return fail("{} \"{}\" is no node of this snapshot{}{}", role, name, hint.empty() ? "" : "; ",
              hint);
}

std::optional<std::string> SnapshotBuilder::find_all(const std::vector<std::string>& names,
                                                     std::string_view role,
                                                     std::vector<NodeId>& nodes) const {
  for (const std::string& name : names) {
    const auto node = find(name, role);
    if (!node) return node.error().message;
    if (std::find(nodes.begin(), nodes.end(), *node) != nodes.end()) {
      return fmt::format("{} \"{}\" is there twice", role, name);
    }
    nodes.push_back(*node);
  }
  return std::nullopt;
}

std::optional<std::string> SnapshotBuilder::add(const SnapshotShard& shard) {
  if (shard.name.empty()) return "a shard without a name";
  for (const std::uint64_t amount :
       {shard.bytes.value_or(Bytes(0)).count(), shard.requests_per_second.value_or(0),
        shard.leader_cpu.value_or(0), shard.follower_cpu.value_or(0)}) {
    if (amount > kAmountMax) return beyond(amount);
  }
  dist::ShardView view;
  view.id = ShardId(static_cast<std::uint32_t>(snapshot_.shards.size()));
  view.collection = CollectionId(number_of(shard.collection, collections_));
  if (auto wrong = find_all(shard.replicas, "replica", view.replicas)) return wrong;
  if (auto wrong = find_all(shard.learners, "learner", view.learners)) return wrong;
  if (!view.replicas.empty()) view.leader = view.replicas.front();
  if (!shard.leader.empty()) {
    const auto leader = find(shard.leader, "leader");
    if (!leader) return leader.error().message;
    if (std::find(view.replicas.begin(), view.replicas.end(), *leader) == view.replicas.end()) {
      return fmt::format("leader \"{}\" is none of the replicas", shard.leader);
    }
    view.leader = *leader;
  }
  if (shard.move) {
    const auto source = find(shard.move->first, "source");
    const auto target = find(shard.move->second, "target");
    if (!source) return source.error().message;
    if (!target) return target.error().message;
    view.move = dist::InFlightMove{*source, *target};
  }
  view.replication_factor =
      shard.replication_factor.value_or(static_cast<std::uint32_t>(view.replicas.size()));
  if (view.replication_factor == 0 && !view.replicas.empty()) return "a replication factor of zero";
  view.bytes = shard.bytes.value_or(Bytes(0));
  view.requests_per_second = shard.requests_per_second.value_or(0);
  if (shard.follower_cpu && !shard.leader_cpu) return "\"follower_cpu\" without \"leader_cpu\"";
  view.cpu = {shard.leader_cpu.value_or(0), shard.follower_cpu.value_or(0)};
  view.pinned = shard.pinned;
  shards_with_bytes_ += shard.bytes.has_value();
  shards_with_requests_ += shard.requests_per_second.has_value();
  shards_with_cpu_ += shard.leader_cpu.has_value();
  if (view.collection.value() == snapshot_.collections.size()) {
    snapshot_.collections.push_back(shard.collection);
  }
  snapshot_.view.shards.push_back(std::move(view));
  snapshot_.shards.push_back(shard.name);
  lines_.push_back(shard.line);
  return std::nullopt;
}

std::optional<std::string> SnapshotBuilder::place(const dist::PlacementPolicy& policy,
                                                  const dist::PlacementOptions& options) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < snapshot_.view.shards.size(); ++i) {
    if (snapshot_.view.shards[i].replicas.empty()) indices.push_back(i);
  }
  // The largest first: a large one may fit nowhere after many small ones.
  std::stable_sort(indices.begin(), indices.end(), [this](std::size_t a, std::size_t b) {
    return snapshot_.view.shards[a].bytes > snapshot_.view.shards[b].bytes;
  });
  std::vector<dist::NewShard> wanted;
  for (const std::size_t i : indices) {
    const dist::ShardView& shard = snapshot_.view.shards[i];
    wanted.push_back({shard.id, shard.collection, shard.bytes});
  }
  const auto placed = policy.place_all(snapshot_.view, wanted, options);
  if (!placed) return placed.error().message;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    dist::ShardView& shard = snapshot_.view.shards[indices[i]];
    shard.replicas = (*placed)[i];
    shard.leader = shard.replicas.front();
    shard.replication_factor = options.replication_factor;
  }
  return std::nullopt;
}

std::optional<std::string> SnapshotBuilder::check_names() const {
  std::vector<std::uint32_t> order(snapshot_.shards.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto key = [this](std::uint32_t i) {
    return std::pair(snapshot_.view.shards[i].collection, std::string_view(snapshot_.shards[i]));
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(key(a), a) < std::pair(key(b), b);
  });
  const auto twice =
      std::adjacent_find(order.begin(), order.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return key(a) == key(b); });
  if (twice == order.end()) return std::nullopt;
  const auto& [collection, name] = key(*twice);
  std::string text = fmt::format("shard \"{}\" of collection \"{}\" is there twice", name,
                                 snapshot_.collections[collection.value()]);
  if (lines_[*twice] == 0) return text;
  text += fmt::format(", on lines {} and {}", lines_[*twice], lines_[*(twice + 1)]);
  return shards_file_.empty() ? text : text + " of " + shards_file_;
}

void SnapshotBuilder::count_disks() {
  std::vector<Bytes> held(snapshot_.nodes.size());
  for (const dist::ShardView& shard : snapshot_.view.shards) {
    for (const NodeId node : shard.replicas) held[node.value()] += shard.bytes;
    for (const NodeId node : shard.learners) held[node.value()] += shard.bytes;
  }
  for (dist::NodeView& node : snapshot_.view.nodes) {
    if (!tells_disk_used_[node.id.value()]) node.load.disk_used = held[node.id.value()];
  }
}

Result<ClusterSnapshot> SnapshotBuilder::finish() {
  const std::size_t shards = snapshot_.shards.size();
  if (snapshot_.nodes.empty()) return fail("no nodes");
  if (shards == 0) return fail("no shards");
  UInt128 bytes = 0;
  UInt128 requests = 0;
  UInt128 cpu = 0;
  for (const dist::ShardView& shard : snapshot_.view.shards) {
    const UInt128 copies = shard.replicas.size() + shard.learners.size();
    bytes += shard.bytes.count() * copies;
    requests += shard.requests_per_second;
    cpu += shard.cpu.leader + shard.cpu.follower * copies;
    if (bytes >> 62 != 0) return fail("more than 2^62 bytes in all: is the unit right?");
    if (requests >> 62 != 0) return fail("more than 2^62 requests in all: is the unit right?");
    if (cpu >> 62 != 0) return fail("more than 2^62 of cpu in all: is the unit right?");
  }
  for (std::size_t i = 0; i < shards; ++i) {
    if (!snapshot_.view.shards[i].replicas.empty()) continue;
    return fail("shard \"{}\" has no replicas, and nothing says how to place it",
                snapshot_.shards[i]);
  }
  if (auto wrong = check_names()) return fail("{}", *wrong);
  const std::pair<std::uint64_t, std::string_view> known[] = {
      {shards_with_bytes_, "bytes"},
      {shards_with_requests_, "requests per second"},
      {shards_with_cpu_, "\"leader_cpu\""}};
  for (const auto& [told, what] : known) {
    if (told == 0 || told == shards) continue;
    return fail("{} of {} shards only tell their {}: all or none", told, shards, what);
  }
  if (auto kept = forget_removed(snapshot_); !kept) {
    return fail("a node that is down would lose {}", kept.error().message);
  }
  snapshot_.knows_bytes = shards_with_bytes_ > 0;
  count_disks();
  return std::move(snapshot_);
}

Result<ClusterSnapshot, InputError> finished(SnapshotBuilder& builder, const std::string& file) {
  auto snapshot = builder.finish();
  if (snapshot) return std::move(*snapshot);
  return {
      Unexpected<InputError>{{InputError::Kind::kMalformed, file, 0, snapshot.error().message}}};
}

}  // namespace shardproof::sim
