// SPDX-License-Identifier: Apache-2.0
//
// The first part of a run: nodes boot, collections are created and filled, until all is ready.
#include <algorithm>

#include "core/base/humanise.hpp"
#include "core/coordinator/lease_bound.hpp"
#include "sim/run/node_config.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/document_space.hpp"

namespace shardproof::sim {
namespace {

/// Setting up must end within this, simulated, and the time that documents need to be written.
constexpr Nanoseconds kSetupLimit = minutes(10);
/// The scenario begins at a multiple of this, mostly the first: so a node can be told in advance
/// what time of day it is.
constexpr Nanoseconds kSetupStep = kSetupTime;
/// In this time, simulated, the copies that a disk has refused must have found another one.
constexpr Nanoseconds kRepairLimit = minutes(1);

/// What the documents of one copy of one shard of a collection occupy, on average.
Bytes documents_of_a_copy(const CollectionSpec& spec, const CollectionConfig& config) {
  return Bytes(static_cast<std::uint64_t>(content_bytes(spec, mean(spec.document_size)) /
                                          config.num_shards));
}

/// If one disk had to take all of them.
Nanoseconds writing_time(const ScenarioSpec& spec) {
  constexpr UInt128 kMost = std::uint64_t{1} << 62;
  const Bytes bytes(static_cast<std::uint64_t>(std::min(document_bytes(spec), kMost)));
  return std::min(load_rate(spec).time_for(bytes), hours(24 * 365));
}

}  // namespace

Result<void> Simulation::open_traces() {
  for (const TrafficSpec& traffic : spec_.traffic) {
    traces_.emplace_back();
    if (!traffic.trace) continue;
    auto reader = TraceReader::open(*traffic.trace);
    if (!reader) return fail("{}", to_string(reader.error()));
    traces_.back() = std::move(*reader);
  }
  return {};
}

void Simulation::create_collections() {
  for (const CollectionSpec& spec : spec_.collections) {
    collections_.push_back(make_collection_config(spec));
    message::AdminRequest request;
    request.kind =
        spec.sharded ? message::AdminKind::EnableSharding : message::AdminKind::CreateCollection;
    request.collection = collections_.back();
    for (const auto& of_shard : spec.copies) {
      NodeList& nodes = request.copies.emplace_back();
      for (const std::uint32_t node : of_shard) nodes.push_back(NodeId(node));
    }
    console_.ask(std::move(request), [this](const message::AdminReply& reply) {
      created_ += 1;
      if (reply.outcome == message::AdminOutcome::Refused) setup_trouble_ = reply.text;
    });
  }
  injector_.set_collections(collections_);
}

bool Simulation::is_ready() const {
  if (created_ < collections_.size()) return false;
  for (const auto& loader : loaders_) {
    if (!loader->is_done()) return false;
  }
  const ShardTable& table = cluster_.committed();
  for (const ShardInfo& shard : table.shards()) {
    const CollectionConfig* collection = table.find_collection(shard.collection);
    if (shard.status == ShardStatus::Retired) continue;
    if (shard.status != ShardStatus::Active || collection == nullptr) return false;
    if (shard.replicas.size() < collection->replication_factor) return false;
  }
  return true;
}

void Simulation::make_key_spaces() {
  for (std::size_t i = 0; i < collections_.size(); ++i) {
    CollectionConfig& mine = collections_[i];
    mine = *cluster_.committed().find_collection(mine.database, mine.name);
    key_spaces_.push_back(std::make_unique<KeySpace>(spec_.collections[i], mine));
    loaders_.push_back(std::make_unique<Loader>(static_cast<std::uint32_t>(i), spec_.collections[i],
                                                *key_spaces_.back(), clients_, load_pace_,
                                                streams_));
  }
  injector_.set_collections(collections_);
  for (const auto& loader : loaders_) {
    if (!loader->impossible().empty()) setup_trouble_ = loader->impossible();
    loader->begin();
  }
}

Bytes Simulation::documents_of(NodeId node) const {
  const ShardTable& table = cluster_.committed();
  Bytes total;
  // By what the node holds: a copy that could not be filled is in sync no more.
  for (const ShardId held : cluster_.store(node).copies()) {
    const ShardInfo* shard = table.find_shard(held);
    for (std::size_t i = 0; shard != nullptr && i < collections_.size(); ++i) {
      if (collections_[i].id != shard->collection) continue;
      total += documents_of_a_copy(spec_.collections[i], collections_[i]);
    }
  }
  return total;
}

std::string Simulation::full_disk_text() {
  for (std::uint32_t i = 0; i < cluster_.machine_count(); ++i) {
    const NodeId node(i);
    const Disk& disk = cluster_.disk_of(node);
    if (disk.counters().full == 0) continue;
    const std::string& name = spec_.cluster.nodes[i].name;
    const std::string called = name == fmt::format("{}", node) ? "" : fmt::format(" ({})", name);
    return fmt::format(
        "the documents do not fit on the disk of {}{}: it holds {}, and the copies placed on it "
        "are about {} plus what the storage engine adds; raise \"disk\" in the \"capacity\" of "
        "[cluster] or of the node, or lower \"count\" or \"size\" of \"documents\"",
        node, called, human_bytes(disk.capacity()), human_bytes(documents_of(node)));
  }
  return {};
}

/// What is missing of what the scenario begins with, apart from shards.
std::string Simulation::missing_text() const {
  if (created_ < collections_.size()) {
    return fmt::format("{} of {} collections are there", created_, collections_.size());
  }
  for (std::size_t i = 0; i < loaders_.size(); ++i) {
    if (loaders_[i]->is_done()) continue;
    const std::string& trouble = loaders_[i]->trouble();
    return fmt::format("the documents of {} are not all in{}", collections_[i].full_name(),
                       trouble.empty() ? "" : fmt::format(" (last refused: {})", trouble));
  }
  return "shards are not yet as they are to be";
}

Result<void> Simulation::wait_until_ready() {
  constexpr Nanoseconds kLook = milliseconds(10);
  const Nanoseconds longest = kSetupLimit + writing_time(spec_);
  Instant limit;
  Instant full_after;
  while (!is_ready() || limit.count() % kSetupStep.count() != 0) {
    if (!setup_trouble_.empty()) return fail("setting the cluster up: {}", setup_trouble_);
    if (created_ == collections_.size() && key_spaces_.empty()) make_key_spaces();
    if (limit > Instant(longest)) {
      return fail(
          "the cluster was not ready after {} of setting up: {}; see limits, disks and faults that "
          "hold from the start; pending: {}",
          longest, missing_text(), list_text(pending()));
    }
    limit = limit + kLook;
    if (!advance_to(limit) || checks_.violations_total() > 0) break;
    const std::string full = full_disk_text();
    if (full.empty()) {
      full_after = limit + kRepairLimit;
    } else if (limit > full_after) {
      return fail("{}", full);
    }
  }
  if (begins_as_told()) {
    message::AdminRequest request;
    request.kind = message::AdminKind::SetBalancing;
    request.flag = true;
    console_.ask(std::move(request), [](const message::AdminReply&) {});
  }
  cluster_.begin_scenario(limit);
  return {};
}

/// Then nothing may be moved before the scenario begins.
bool Simulation::begins_as_told() const {
  return std::any_of(spec_.collections.begin(), spec_.collections.end(),
                     [](const CollectionSpec& spec) { return !spec.copies.empty(); });
}

Result<void> Simulation::set_up() {
  // As a cluster that has run for long.
  ClusterSettings settings{!begins_as_told()};
  settings.lease_bound = lease_bound(check_config_.versions.front().timing);
  std::vector<Record> records{settings};
  for (std::uint32_t i = 0; i < spec_.cluster.nodes.size(); ++i) {
    const NodeRecord record = injector_.record_of(NodeId(i));
    cluster_.add_node(record, injector_.draw_clock(spec_.cluster.nodes[i], NodeId(i)), 0);
    records.push_back(record);
  }
  if (check_config_.has_cluster_manager) cluster_.seed(std::move(records));
  for (std::uint32_t i = 0; i < spec_.cluster.nodes.size(); ++i) cluster_.boot(NodeId(i));
  create_collections();
  return wait_until_ready();
}

}  // namespace shardproof::sim
